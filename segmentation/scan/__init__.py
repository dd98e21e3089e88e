"""From rules and sources to the measured customers: what can be computed, in one scan."""
