"""The floating-point interpreter: JAX differentiates the full nonlinear step. No SymPy."""
