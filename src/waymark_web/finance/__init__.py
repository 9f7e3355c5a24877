"""Pages of the subject 'finance'."""
