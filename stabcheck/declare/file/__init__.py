"""Games and parts that a person keeps in files: TOML with a closed grammar, matrices, Python classes."""
