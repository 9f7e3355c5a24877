"""Tables and workbooks as the registry of IATI hands them out: their forms, and their reading."""
