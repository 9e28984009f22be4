"""What follows from a derivation: results, verdicts, equilibria that were found, records. SymPy and JAX."""
