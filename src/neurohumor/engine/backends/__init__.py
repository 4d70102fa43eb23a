"""The solvers, one file each, behind the same two verbs."""
