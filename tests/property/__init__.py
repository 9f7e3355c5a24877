"""Laws that hold for every value, not only for those that somebody thought of."""
