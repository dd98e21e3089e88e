"""What only makes measuring faster: without it the results are the same."""
