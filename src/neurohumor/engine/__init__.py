"""From a system, a person and a protocol to a run."""
