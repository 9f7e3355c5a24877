"""Pledge lists: a mapping from the columns of somebody's list to the fields of the register."""
