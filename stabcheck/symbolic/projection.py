"""Where real roots in one letter may meet, come or go, as polynomials in the others.

Over a connected set on which the projection of some polynomials keeps its signs and orders (McCallum 1998,
Brown 2001), their real roots in `v` are continuous, and each stays apart from the others or equal to them
throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import comb, prod

from stabcheck.core.domain import Domain
from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.polynomials import factored, from_flint, to_flint

MOST_TOGETHER, MOST_SHORT = 60, 100
"""Of more polynomials no resultants are computed; a polynomial of more terms counts as one of all signs."""
MOST_TERMS, MOST_DEGREE = 4_000, 500
"""A resultant that may have more terms is not computed, nor one in one letter of a higher degree."""


def projected(
    polynomials: Iterable[Polynomial], v: str, domains: Mapping[str, Domain]
) -> tuple[Polynomial, ...]:
    """Leading coefficients, discriminants, resultants and values at the ends of `v`, as irreducible factors.

    Args:
        polynomials: irreducible ones, of which those without `v` are left as they are.
        v: the letter that is projected along.
        domains: of all letters; what keeps its sign there is left out.

    Raises:
        Undecidable: if that would take too long.
    """
    rows = [p for p in polynomials if v in p.names]
    kept = [p for p in polynomials if v not in p.names]
    return distinct((p for p in (*kept, *_projected(rows, v, domains)) if p.names), domains)


def distinct(polynomials: Iterable[Polynomial], domains: Mapping[str, Domain]) -> tuple[Polynomial, ...]:
    """Their irreducible factors, each once up to a number, without those that keep their sign."""
    factors = (q for p in polynomials for q, _ in factored(p) if q.names)
    return tuple(q for q in dict.fromkeys(map(_positive, factors)) if not is_definite(q, domains))


def _projected(rows: Sequence[Polynomial], v: str, domains: Mapping[str, Domain]) -> Iterator[Polynomial]:
    if len(rows) > MOST_TOGETHER:
        raise Undecidable("too many polynomials tell the cases apart")
    for p in rows:
        row = p.coefficients(v)
        # Where all coefficients vanish there are no roots to follow: such points are corners then.
        yield from row[:1] if any(_never_zero(c, domains) for c in row) else row
        yield from (p.given({v: end}) for end in domains[v].ends)
        if len(row) > 2:
            yield _discriminant(p, v)
    for one, other in combinations(rows, 2):
        yield _resultant(one, other, v)


def _resultant(p: Polynomial, q: Polynomial, v: str) -> Polynomial:
    """What vanishes where two polynomials have a root in `v` in common."""
    names = _others(p, q, v)
    one, other = (to_flint(each, [v, *names])[1] for each in (p, q))
    return from_flint(one.resultant(other, 0), ["_", *names])


def _discriminant(p: Polynomial, v: str) -> Polynomial:
    """What vanishes where a polynomial has a double root in `v`."""
    names = _others(p, p.derivative(v), v)
    whole = to_flint(p, [v, *names])[1]
    return from_flint(whole.discriminant(0), ["_", *names])


def _others(p: Polynomial, q: Polynomial, v: str) -> list[str]:
    """The letters of a resultant.

    Raises:
        Undecidable: if it may be too long.
    """
    names = sorted({*p.names, *q.names} - {v})
    if _most_terms(p, q, v, names) > (MOST_TERMS if len(names) > 1 else MOST_DEGREE):
        raise Undecidable("the polynomials that tell the cases apart are too long")
    return names


def _most_terms(p: Polynomial, q: Polynomial, v: str, names: Sequence[str]) -> int:
    """How many terms a resultant may have, by its degrees: in each letter, and in all together."""
    m, n = _degree(p, v), _degree(q, v)
    box = prod(n * _degree(p, name) + m * _degree(q, name) + 1 for name in names)
    total = n * p.degree + m * q.degree
    return min(box, comb(total + len(names), len(names)))


def _degree(p: Polynomial, name: str) -> int:
    return max((powers[p.names.index(name)] for powers, _ in p.terms), default=0) if name in p.names else 0


def _never_zero(p: Polynomial, domains: Mapping[str, Domain]) -> bool:
    """Whether it is a number other than 0, or seen to have no zero in the domains and at their ends."""
    corners = product(*(domains[name].ends for name in p.names))
    values = (dict(zip(p.names, corner, strict=True)) for corner in corners)
    return bool(p.terms) and is_definite(p, domains) and all(p.at(corner) for corner in values)


def is_definite(p: Polynomial, domains: Mapping[str, Domain]) -> bool:
    """Whether a polynomial is seen to have one sign inside the domains, and at their ends that or none.

    It is where all coefficients have one sign in letters `t > 0`: one between two ends is
    `(a + b t)/(1 + t)`, one above an end `a + t`. On a face of the domains it vanishes everywhere or nowhere.
    """
    if len(p.terms) > MOST_SHORT or any(
        domains[name].low is None and domains[name].high is None for name in p.names
    ):
        return False
    for name in p.names:
        p = _in_positive(p, name, domains[name])
    return len({c > 0 for _, c in p.terms}) == 1


def _in_positive(p: Polynomial, name: str, domain: Domain) -> Polynomial:
    """A polynomial of the same sign in a letter that is positive inside a domain."""
    low, high = domain.low, domain.high
    if low and not low.at and not high:
        return p
    t, row = Polynomial.letter(name), p.coefficients(name)
    if low and high:
        x, below = t * high.at + low.at, t + 1
    else:
        x, below = t + low.at if low else -t + (high.at if high else 0), Polynomial.constant(1)
    last = len(row) - 1
    return sum((c * x ** (last - k) * below**k for k, c in enumerate(row)), Polynomial())


def _positive(p: Polynomial) -> Polynomial:
    return -p if p.terms[0][1] < 0 else p
