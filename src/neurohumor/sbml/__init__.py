"""Models as SBML files: in, out, and what a file must be before anything reads it."""
