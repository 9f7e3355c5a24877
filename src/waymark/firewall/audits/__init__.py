"""A place's sharing arrangements: who passes what to whom, and whether it leads to enforcement."""
