"""Methods: how the players step. One declaration in one file each, no SymPy and no JAX."""
