"""Delta tables: a folder of Parquet with a log that says which files and rows count."""
