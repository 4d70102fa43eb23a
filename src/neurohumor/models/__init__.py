"""Which modules together make a whole."""
