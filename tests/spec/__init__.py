"""Rules as sentences: each test runs the cases of a file beside it."""
