"""The fast engine: one person per vector lane, machine code made from the system."""
