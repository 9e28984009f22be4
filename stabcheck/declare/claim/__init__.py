"""Claims about stability, as people type them."""
