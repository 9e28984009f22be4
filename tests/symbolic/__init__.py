"""The exact interpreter."""
