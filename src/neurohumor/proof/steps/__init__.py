"""Reference values of papers, one TOML file each: what `neurohumor step` holds the equations against."""
