"""A run's files: what they hold, how they are written as one step, and read again."""
