"""Whether the names and values of the rules fit together, without data."""
