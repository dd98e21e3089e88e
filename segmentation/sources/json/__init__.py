"""JSON: objects in lines, or in one array."""
