"""Penalties and regularisers. One declaration in one file each, no SymPy and no JAX."""
