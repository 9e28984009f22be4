"""Where an equilibrium is stable, as data: signs of polynomials over the domains of their letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

import flint
import sympy as sp

from stabcheck.core.domain import NONNEGATIVE, NONZERO, POSITIVE, REAL, Domain, End
from stabcheck.core.errors import BadInput
from stabcheck.core.formula import Every, Formula, Sign, within
from stabcheck.core.frozen import Frozen
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.here import Here
from stabcheck.symbolic.balls import enclose
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.polynomials import Meanings, expression, meanings, polynomial, rational
from stabcheck.symbolic.scaling import Scaling
from stabcheck.symbolic.zero import sign

BITS = 128
NO_LETTERS: Meanings = Frozen()
SYMMETRIC = MappingProxyType({REAL: NONNEGATIVE, NONZERO: POSITIVE})
"""What is left of a domain where only the size counts."""


@dataclass(frozen=True)
class Region:
    """The values of some letters, each in its domain, at which several products of polynomials are positive.

    Attributes:
        conditions: the products.
        domains: of the letters.
        sizes: the letters of which only the size counts: each stands for `|x|`.
        letters: what the letters stand for.
        ties: what else is known of the letters that stand for more than a symbol.
    """

    conditions: tuple[Sign, ...]
    domains: Mapping[str, Domain]
    sizes: frozenset[str] = frozenset()
    letters: Meanings = NO_LETTERS
    ties: tuple[Formula, ...] = ()

    @classmethod
    def of(cls, conditions: Iterable[Condition], domains: Mapping[str, Domain]) -> Region:
        """The region of conditions as they are derived.

        Args:
            conditions: what must be positive.
            domains: of symbols by name; of others their assumptions tell.
        """
        rows = [c.bases for c in conditions]
        letters = meanings(*(base for row in rows for base, _ in row))
        known = {name: domains.get(name) or assumed(e) for name, e in letters.items()}
        signs = (Sign(tuple((polynomial(e, letters), k) for e, k in row), frozenset({1})) for row in rows)
        ties = tuple(tie for name, e in letters.items() for tie in ties_of(name, e, letters))
        return cls(tuple(signs), Frozen(known), frozenset(), letters, ties)._in_sizes()

    def _in_sizes(self) -> Region:
        """The same with letters of which only the size counts."""
        domains, even = sized(self.domains, self.polynomials)
        return replace(self, domains=Frozen(domains), sizes=even)

    @property
    def polynomials(self) -> tuple[Polynomial, ...]:
        """All whose signs count."""
        return tuple(p for one in (*self.conditions, *self.ties) for p in one.polynomials)

    @cached_property
    def admissible(self) -> Formula:
        """That every letter lies in its domain."""
        return Every((*(within(name, domain) for name, domain in self.domains.items()), *self.ties))

    @property
    def inside(self) -> Formula:
        """That all conditions hold."""
        return Every(self.conditions)

    def contains(self, **values: Fraction) -> bool | None:
        """Whether the region contains a point, exactly; `None` where a sign is not decided.

        Args:
            values: a number for every symbol.

        Raises:
            BadInput: for a symbol without a value, and for a value outside of its domain.
        """
        signs = {p: sign(self._at(p, values)) for p in self.inside.polynomials}
        known = [c for c in self.conditions if None not in map(signs.get, c.polynomials)]
        if not all(c.truth(signs.__getitem__) for c in known):
            return False
        return True if len(known) == len(self.conditions) else None

    def _at(self, polynomial: Polynomial, values: Mapping[str, Fraction]) -> sp.Expr:
        """The number that a polynomial is at a point."""
        written = expression(polynomial, self.letters)
        return written.xreplace({s: rational(self._value(s.name, values)) for s in written.free_symbols})

    def _value(self, name: str, values: Mapping[str, Fraction]) -> Fraction:
        if name not in values:
            raise BadInput(f"the region depends on {name}, too; give it a value")
        value = abs(values[name]) if name in self.sizes else values[name]
        if not self.domains.get(name, REAL).contains(value):
            raise BadInput(f"{name} must be {self.domains[name].text}, not {values[name]}")
        return value

    @cached_property
    def scaling(self) -> Scaling:
        """What all of it is homogeneous in."""
        return Scaling.of(self.polynomials, self.domains)

    def scaling_for(self, *kept: str) -> Scaling:
        """The same with letters that are set to 1 last."""
        return Scaling.of(self.polynomials, self.domains, kept)

    def scaled(self, kept: Sequence[str] = ()) -> Region:
        """The same with as many letters set to 1 as can be, the kept ones last.

        It is empty, or bounded by a condition, where this one is.
        """
        return self.by(self.scaling_for(*kept))

    def by(self, scaling: Scaling) -> Region:
        """The same where the letters are 1 that a scaling sets to it."""
        domains = {name: d for name, d in self.domains.items() if name not in scaling.ones}
        conditions = tuple(one.through(scaling.reduced) for one in self.conditions)
        ties = tuple(one.through(scaling.reduced) for one in self.ties)
        return replace(self, conditions=conditions, domains=Frozen(domains), ties=ties)


def sized(
    domains: Mapping[str, Domain], polynomials: Sequence[Polynomial], kept: Sequence[str] = ()
) -> tuple[dict[str, Domain], frozenset[str]]:
    """The letters of which only the size counts, and the domains where they stand for it.

    Args:
        domains: of all letters.
        polynomials: in them.
        kept: letters that stay what they are.
    """
    candidates = (name for name, domain in domains.items() if domain in SYMMETRIC and name not in kept)
    even = frozenset(name for name in candidates if all(is_even(p, name) for p in polynomials))
    return {name: SYMMETRIC[d] if name in even else d for name, d in domains.items()}, even


def is_even(polynomial: Polynomial, name: str) -> bool:
    """Whether only even powers of a letter occur."""
    if name not in polynomial.names:
        return True
    k = polynomial.names.index(name)
    return all(powers[k] % 2 == 0 for powers, _ in polynomial.terms)


def region_of(here: Here) -> Region | None:
    """Where the equilibrium is stable, in the names left open; `None` where no conditions are known."""
    if here.conditions is None:
        return None
    names = {symbol(name, row).name: row.domain for name, row in here.general.names.items()}
    return Region.of(here.conditions, names)


SIGNED = MappingProxyType({"positive": POSITIVE, "nonnegative": NONNEGATIVE, "nonzero": NONZERO})


def assumed(e: sp.Expr) -> Domain:
    """What SymPy assumes of what a letter stands for, or a narrow range around a number."""
    if not e.free_symbols:
        return _around(e)
    if e.is_nonpositive:
        return assumed(-e).minus_from(Fraction(0))
    return next((domain for word, domain in SIGNED.items() if getattr(e, f"is_{word}")), REAL)


def _around(number: sp.Expr) -> Domain:
    with flint.ctx.workprec(BITS):
        ball = enclose(number).real
        return Domain(End(_fraction(ball.lower()), closed=True), End(_fraction(ball.upper()), closed=True))


def _fraction(end: flint.arb) -> Fraction:
    mantissa, exponent = map(int, end.man_exp())
    return Fraction(mantissa) * Fraction(2) ** exponent


def ties_of(name: str, e: sp.Expr, letters: Meanings) -> Iterator[Formula]:
    """`x^q = a` for an `x` that stands for `a^(1/q)`, where `a` is made of the letters."""
    if not isinstance(e, sp.Pow) or not isinstance(e.exp, sp.Rational):
        return
    if set(meanings(e.base).values()) <= set(letters.values()):
        x, a = Polynomial.letter(name) ** int(e.exp.q), polynomial(e.base, letters)
        yield Sign.of(x - a if e.exp.p > 0 else x * a - 1, 0)
