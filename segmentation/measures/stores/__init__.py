"""Where what is folded is held: per customer, per customer and name, per order."""
