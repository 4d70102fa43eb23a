"""The language of the science: expressions, declarations, modules, models, families."""
