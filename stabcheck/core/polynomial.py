"""Polynomials as data: named letters, whole exponents, rational coefficients, and no computer algebra."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import Any

from stabcheck.core.errors import BadInput
from stabcheck.core.number import number

Powers = tuple[int, ...]
Terms = tuple[tuple[Powers, Fraction], ...]
EXACT_FLOAT = 2**53
"""Whole numbers up to this are their own double."""


@dataclass(frozen=True)
class Polynomial:
    """`sum c x^p`, in one form: two that are equal as functions are equal as data.

    Attributes:
        names: the letters that occur, in alphabetical order.
        terms: the exponents of the letters with a coefficient other than 0, highest first.

    Raises:
        ValueError: for a name that is no word or is there twice, and for exponents that are not whole,
            negative, or not one for each letter.
    """

    names: tuple[str, ...] = ()
    terms: Terms = ()

    def __post_init__(self) -> None:
        if len({*self.names}) < len(self.names) or not all(n.isidentifier() for n in self.names):
            raise ValueError(f"letters must be different words, not {self.names}")
        if not all(len(p) == len(self.names) and all(k >= 0 for k in p) for p, _ in self.terms):
            raise ValueError(f"each term needs one exponent from 0 on for each of {self.names}")
        collected: defaultdict[Powers, Fraction] = defaultdict(Fraction)
        for powers, c in self.terms:
            collected[powers] += c
        kept = {p: Fraction(c) for p, c in collected.items() if c}
        used = sorted((n, k) for k, n in enumerate(self.names) if any(p[k] for p in kept))
        rows = [(tuple(int(p[k]) for _, k in used), c) for p, c in kept.items()]
        object.__setattr__(self, "names", tuple(n for n, _ in used))
        object.__setattr__(self, "terms", tuple(sorted(rows, reverse=True)))

    @classmethod
    def constant(cls, value: Fraction | int) -> Polynomial:
        """A number."""
        return cls((), (((), Fraction(value)),))

    @classmethod
    def letter(cls, name: str) -> Polynomial:
        """A letter alone."""
        return cls((name,), (((1,), Fraction(1)),))

    # Arithmetic

    def __add__(self, other: Polynomial | Fraction | int) -> Polynomial:
        names, (mine, theirs) = _together(self, _polynomial(other))
        return Polynomial(names, (*mine, *theirs))

    def __neg__(self) -> Polynomial:
        return self * -1

    def __sub__(self, other: Polynomial | Fraction | int) -> Polynomial:
        return self + _polynomial(other) * -1

    def __mul__(self, other: Polynomial | Fraction | int) -> Polynomial:
        names, (mine, theirs) = _together(self, _polynomial(other))
        pairs = ((p, a, q, b) for p, a in mine for q, b in theirs)
        return Polynomial(names, tuple((tuple(map(int.__add__, p, q)), a * b) for p, a, q, b in pairs))

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, power: int) -> Polynomial:
        return prod([self] * power, start=Polynomial.constant(1))

    @property
    def degree(self) -> int:
        """The largest sum of exponents; -1 of 0."""
        return max((sum(powers) for powers, _ in self.terms), default=-1)

    def derivative(self, name: str) -> Polynomial:
        """`dp/dx` in one letter."""
        if name not in self.names:
            return Polynomial()
        k = self.names.index(name)
        rows = ((p, p[k] * c) for p, c in self.terms if p[k])
        return Polynomial(self.names, tuple(((*p[:k], p[k] - 1, *p[k + 1 :]), c) for p, c in rows))

    def coefficients(self, name: str) -> tuple[Polynomial, ...]:
        """Those of the powers of one letter, as polynomials in the others, leading first."""
        rows: defaultdict[int, list[tuple[Powers, Fraction]]] = defaultdict(list)
        k = self.names.index(name) if name in self.names else len(self.names)
        for p, c in self.terms:
            rows[sum(p[k : k + 1])].append(((*p[:k], *p[k + 1 :]), c))
        others = (*self.names[:k], *self.names[k + 1 :])
        return tuple(Polynomial(others, tuple(rows[n])) for n in range(max(rows, default=0), -1, -1))

    def given(self, values: Mapping[str, Fraction]) -> Polynomial:
        """The polynomial in the other letters where some have values."""
        kept = [k for k, n in enumerate(self.names) if n not in values]
        rows = (
            (
                tuple(p[k] for k in kept),
                c * prod(values[n] ** k for n, k in zip(self.names, p, strict=True) if n in values),
            )
            for p, c in self.terms
        )
        return Polynomial(tuple(self.names[k] for k in kept), tuple(rows))

    def at(self, values: Mapping[str, Any], make: Callable[[Fraction], Any] = Fraction) -> Any:
        """The value where the letters have values of any arithmetic with `+`, `*` and `**`.

        Args:
            values: by letter: fractions, arrays, balls, polynomials.
            make: what a rational number is in that arithmetic: `float` for arrays.

        Raises:
            KeyError: for a letter without value.
        """
        total = make(Fraction(0))
        for powers, c in self.terms:
            # A first power is not asked for: not every arithmetic has it for nothing.
            factors = (
                values[n] if k == 1 else values[n] ** k for n, k in zip(self.names, powers, strict=True) if k
            )
            total = total + prod(factors, start=make(c))
        return total

    def whole(self) -> tuple[int, dict[Powers, int]]:
        """`(d, t)`: the least `d > 0` with which all coefficients are whole, and the terms times that."""
        below = lcm(*(c.denominator for _, c in self.terms))
        return below, {p: int(c * below) for p, c in self.terms}

    # Forms

    def __str__(self) -> str:
        signed = [f"{'-' if c < 0 else '+'} {_product(abs(c), self._powers(p, '^'))}" for p, c in self.terms]
        text = " ".join(signed) or "+ 0"
        return text[2:] if text.startswith("+") else f"-{text[2:]}"

    @property
    def javascript(self) -> str:
        """An expression of JavaScript in double precision, whose letters are properties of `v`."""
        rows = ["*".join([_double(c), *(f"v.{f}" for f in self._powers(p, "**"))]) for p, c in self.terms]
        return " + ".join(rows) or "0"

    @property
    def smt(self) -> str:
        """A term of SMT-LIB in the theory of reals; letters are quoted, for some are reserved words."""
        letters = lambda p: (f"|{n}|" for n, k in zip(self.names, p, strict=True) for _ in range(k))  # noqa: E731
        rows = [applied("*", [*_real(c), *letters(p)]) for p, c in self.terms]
        return applied("+", rows) if rows else "0.0"

    def _powers(self, powers: Powers, sign: str) -> Iterator[str]:
        return (n if k == 1 else f"{n}{sign}{k}" for n, k in zip(self.names, powers, strict=True) if k)

    def to_json(self) -> dict[str, Any]:
        """`{"names": ["h", "gamma"], "terms": [["-3/2", [2, 0]], …]}`."""
        return {"names": list(self.names), "terms": [[str(c), list(p)] for p, c in self.terms]}

    @classmethod
    def from_json(cls, data: Any) -> Polynomial:
        """What `to_json` wrote.

        Raises:
            BadInput: for anything else.
        """
        try:
            terms = tuple((tuple(map(_exponent, p)), number(c)) for c, p in data["terms"])
            return cls(tuple(data["names"]), terms)
        except (BadInput, TypeError, ValueError, KeyError, AttributeError) as fault:
            raise BadInput(f"this is no polynomial as data: {fault}") from None


def _polynomial(value: Polynomial | Fraction | int) -> Polynomial:
    return value if isinstance(value, Polynomial) else Polynomial.constant(value)


def _together(*polynomials: Polynomial) -> tuple[tuple[str, ...], list[Terms]]:
    """The terms of several polynomials by the exponents of all of their letters."""
    names = tuple(sorted({n for p in polynomials for n in p.names}))
    return names, [tuple(_over(names, p)) for p in polynomials]


def _over(names: tuple[str, ...], polynomial: Polynomial) -> Iterator[tuple[Powers, Fraction]]:
    for powers, c in polynomial.terms:
        exponents = dict(zip(polynomial.names, powers, strict=True))
        yield tuple(exponents.get(n, 0) for n in names), c


def _exponent(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"{str(value)[:30]!r} is no exponent")
    return value


def _product(c: Fraction, powers: Iterator[str]) -> str:
    factors = list(powers)
    return "*".join(factors if c == 1 and factors else [str(c), *factors])


def _double(c: Fraction) -> str:
    small = max(abs(c.numerator), c.denominator) <= EXACT_FLOAT
    return str(c) if small else repr(float(c))


def _real(c: Fraction) -> list[str]:
    """A number as SMT-LIB writes it; nothing for 1."""
    size = f"{abs(c.numerator)}.0" if c.denominator == 1 else f"(/ {abs(c.numerator)}.0 {c.denominator}.0)"
    return [] if c == 1 else [size if c > 0 else f"(- {size})"]


def applied(operator: str, arguments: Sequence[str], of_none: str = "1.0") -> str:
    """An operator of SMT-LIB with its arguments; of one the argument, of none what it is then."""
    if not arguments:
        return of_none
    return arguments[0] if len(arguments) == 1 else f"({operator} {' '.join(arguments)})"
