"""Games: what each player minimises. One declaration per game or loss, no SymPy and no JAX."""
