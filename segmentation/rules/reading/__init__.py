"""From personas.yaml to frozen rules; every mistake is kept with its place."""
