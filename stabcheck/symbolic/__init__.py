"""The exact interpreter: SymPy for formulas, FLINT for certified numbers. No JAX."""
