"""What must never leak: sharing rules and their proof, chains, disclosure control, sealed notes."""
