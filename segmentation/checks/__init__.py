"""Everything that doubts: each module yields notices."""
