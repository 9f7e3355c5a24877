"""One reader or writer for each format that others use."""
