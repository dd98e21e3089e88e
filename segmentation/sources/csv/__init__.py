"""Text files: what they physically are, byte by byte, before Polars parses them."""
