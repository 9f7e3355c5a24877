"""Counts that can be published: disclosure control, and what an attacker could work out."""
