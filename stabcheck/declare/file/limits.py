"""How large a game file and its formulas may be: more than people write, less than what chokes a program."""

from __future__ import annotations

LONGEST, LONGEST_NUMBER, LARGEST_EXPONENT = 2000, 30, 30
DEEPEST, MOST_NODES, MOST_TERMS, MOST_DRAWS = 40, 600, 5000, 3
LARGEST_POWER, LARGEST = 12, 10**90

LARGEST_FILE = 100_000
"""In bytes."""
MOST_PLAYERS, MOST_VARIABLES, MOST_NAMES, MOST_VALUES = 20, 40, 40, 100
MOST_POINTS = 1_000_000
"""Of all draws of one mean together, where it is summed."""
