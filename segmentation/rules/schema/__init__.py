"""The JSON Schema of personas.yaml, from the same tables that the parser reads."""
