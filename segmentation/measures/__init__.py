"""From rows to one value per customer and measure."""
