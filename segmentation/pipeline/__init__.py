"""The sentence: read, measure, fit, describe, match, allocate, check, publish."""
