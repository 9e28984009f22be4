"""A third witness: games, losses, penalties and methods stated a second time, in NumPy and by hand.

Nothing here imports stabcheck.
"""
