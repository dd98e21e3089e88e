"""What asks the machine: the clock, small files, and notes for the case of a crash."""
