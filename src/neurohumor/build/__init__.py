"""From a model to its flat, checked, immutable system."""
