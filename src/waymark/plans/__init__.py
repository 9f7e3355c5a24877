"""Who does what by when; so far, the forums at which it is reviewed."""
