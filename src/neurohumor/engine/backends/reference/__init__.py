"""The reference engine: Radau collocation in Python, one person after another; what every other engine is measured against."""
