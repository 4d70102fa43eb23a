"""From a system to code and text."""
