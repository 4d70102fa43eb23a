"""Questions put to a run: peak, mean, area, amplitude, phase."""
