"""What is said to people: errors, notices, and which values of the data they may name."""
