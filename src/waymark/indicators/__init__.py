"""How change is measured: series, figures, and progress from a baseline."""
