"""From the columns of a file to the canonical columns of a table."""
