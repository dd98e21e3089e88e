"""Parquet files: what Polars does not look at – footers, checksums, cells without bound."""
