"""Pages of the subject 'coverage'."""
