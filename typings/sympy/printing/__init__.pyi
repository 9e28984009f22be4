"""Parts of SymPy that stabcheck uses by path."""
