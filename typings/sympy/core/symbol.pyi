"""Names without a value."""

from sympy import Basic

class Str(Basic):
    def __new__(cls, name: str) -> Str: ...
    @property
    def name(self) -> str: ...
