"""What is fitted to the customers: predicted value, cadence, tiers."""
