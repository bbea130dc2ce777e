"""Identity's routes by noun, with their bodies."""
