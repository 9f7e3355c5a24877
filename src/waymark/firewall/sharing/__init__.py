"""Rules of sharing over closed lists, the theorems that they keep, and the certificate."""
