"""The floating-point interpreter."""
