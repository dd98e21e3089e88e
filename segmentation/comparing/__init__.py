"""What comparisons of rules mean as Polars expressions, whatever columns they are asked of."""
