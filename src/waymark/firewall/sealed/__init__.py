"""Sealed notes to named services: keys, consents, receipts."""
