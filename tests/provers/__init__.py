"""Provers that share no code with the table: z3, Cedar, and proofs in clauses, re-checked."""
