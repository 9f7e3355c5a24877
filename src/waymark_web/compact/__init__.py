"""Pages of the subject 'compact'."""
