"""What was promised: instruments, provisions, who accepted them, and how they link."""
