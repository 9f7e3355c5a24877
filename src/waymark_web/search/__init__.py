"""Pages of the subject 'search'."""
