"""How matter gets from place to place."""
