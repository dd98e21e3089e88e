"""The rules' layer: personas.yaml read, parsed and checked, without data and without Polars."""
