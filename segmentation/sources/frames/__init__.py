"""Frames in the place of files: what Python hands over, read like the Parquet file of the same rows."""
