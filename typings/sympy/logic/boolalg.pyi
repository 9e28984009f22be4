"""What comparisons give."""

from sympy import Basic

class Boolean(Basic): ...
