"""Who is left out: the ladder of a place, and where the two Compacts overlap or leave a gap."""
