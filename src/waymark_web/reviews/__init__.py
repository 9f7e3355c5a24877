"""Pages of the subject 'reviews'."""
