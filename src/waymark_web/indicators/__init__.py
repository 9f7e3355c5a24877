"""Pages of the subject 'indicators'."""
