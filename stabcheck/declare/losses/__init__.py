"""Losses of GANs: the functions that the players see the critic through. No SymPy and no JAX."""
