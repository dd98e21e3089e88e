"""Which files a path means, and whether they are still the ones that were opened."""
