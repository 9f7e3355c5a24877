"""Tests in a real browser, against a real server with a register of its own."""
