"""`stabcheck plot`: one command per kind of picture."""
