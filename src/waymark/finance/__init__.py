"""With what money: flows, currencies, sums and gaps."""
