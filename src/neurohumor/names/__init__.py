"""The shared vocabulary: place and substance make the name of a quantity."""
