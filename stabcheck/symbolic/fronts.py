"""Where the rate is a number `r`, as polynomials in `r` and hyperparameters, and what is left of them.

A root of `p` has size `r` only where `p(r)` or `p(-r)` vanishes, or where two roots have the product `r^2`
(of a flow: `p(r) = 0`, or two roots with the sum `2 r`). Eliminating one hyperparameter after the other by
leading coefficients, discriminants and resultants (Collins 1975) leaves polynomials between whose zeros
nothing changes that is open: which of all values have a rate below `r`, and whether there are any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import prod

from flint import fmpz_mpoly, fmpz_poly

from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.core.stability import Disc, StabilityRegion, cayley, moved
from stabcheck.symbolic.factoring import irreducible
from stabcheck.symbolic.polynomials import only, ring, to_flint

MOST_TERMS = 30_000
"""A resultant that may have more terms is not computed."""


def fronts(p: Polynomial, z: str, names: Sequence[str], *, region: StabilityRegion) -> list[fmpz_mpoly]:
    """Polynomials in `r` and the names, irreducible: wherever a root of `p` has the size `r`, one is 0.

    Args:
        p: in `z` and the names.
        z: the letter of the roots.
        names: of the hyperparameters.
        region: of stability, whose kind tells what a size is.

    Returns:
        elements of a ring in `r` and the names, in this order; some may not depend on `r`.
    """
    # No name of a hyperparameter ends in an underscore.
    inner = ["s_", "r_", *names]
    size = ring(len(inner)).gens()[1]
    rows = [to_flint(c, inner)[1] for c in _whole(p).coefficients(z)]
    row = _standard(rows, size, region)
    conditions = [row[0], row[-1], *([_pairs(row)] if len(row) > 2 else [])]
    return distinct(_without_first(c) for c in conditions)


def _whole(p: Polynomial) -> Polynomial:
    return p * p.whole()[0]


def _standard(row: Sequence[fmpz_mpoly], size: fmpz_mpoly, region: StabilityRegion) -> list[fmpz_mpoly]:
    """The polynomial whose roots have negative real part where those of another one are below a size."""
    if isinstance(region, Disc):
        n = len(row) - 1
        return cayley([c * size ** (n - k) for k, c in enumerate(row)])
    return list(moved(row, size))


def _pairs(row: Sequence[fmpz_mpoly]) -> fmpz_mpoly:
    """What vanishes where two roots have the sum 0, by even and odd powers."""
    s = row[0].context().gens()[0]
    rising = row[::-1]
    even, odd = (
        sum((c * s**k for k, c in enumerate(part)), start=0 * s) for part in (rising[0::2], rising[1::2])
    )
    return even.resultant(odd, 0)


def _without_first(p: fmpz_mpoly) -> fmpz_mpoly:
    """The same in a ring without the first variable, which does not occur."""
    context = ring(len(p.context().gens()) - 1)
    return context.from_dict({tuple(powers[1:]): c for powers, c in p.to_dict().items()})


def distinct(polynomials: Iterable[fmpz_mpoly]) -> list[fmpz_mpoly]:
    """The irreducible factors of all that is not 0, once each, without numbers."""
    factors = {str(f): f for p in polynomials if p != 0 for f, _ in irreducible(p)[1]}
    return [f for f in factors.values() if not f.is_constant()]


def projected(polynomials: Sequence[fmpz_mpoly], k: int, ends: Sequence[tuple[int, int]]) -> list[fmpz_mpoly]:
    """What vanishes wherever zeros in the `k`-th variable meet, come or go, or reach an end of its domain.

    Args:
        polynomials: irreducible.
        k: the place of a variable.
        ends: of its domain, as numerator and denominator.

    Raises:
        Undecidable: if that would take too long.
    """
    inside = [p for p in polynomials if p.degrees()[k] > 0]
    free = [p for p in polynomials if p.degrees()[k] == 0]
    return distinct([*free, *_critical(inside, k), *(_at(p, k, end) for p in inside for end in ends)])


def _critical(polynomials: Sequence[fmpz_mpoly], k: int) -> Iterator[fmpz_mpoly]:
    for p in polynomials:
        yield _leading(p, k)
        if p.degrees()[k] > 1:
            _confirm_small(p, p, k)
            yield _not_zero(p.discriminant(k))
    for p, q in combinations(polynomials, 2):
        _confirm_small(p, q, k)
        yield _not_zero(p.resultant(q, k))


def _confirm_small(p: fmpz_mpoly, q: fmpz_mpoly, k: int) -> None:
    """Raises:
    Undecidable: if a resultant may have too many terms.
    """
    one, other = ([int(d) for d in f.degrees()] for f in (p, q))
    most = (one[k] * b + other[k] * a + 1 for j, (a, b) in enumerate(zip(one, other, strict=True)) if j != k)
    if prod(most) > MOST_TERMS:
        raise Undecidable("the polynomials that tell rates apart are too long")


def _not_zero(p: fmpz_mpoly) -> fmpz_mpoly:
    """Raises:
    Undecidable: for 0, which tells nothing apart: numbers were too long for factors to be found.
    """
    if p == 0:
        raise Undecidable("the polynomials that tell rates apart have too long numbers")
    return p


def _leading(p: fmpz_mpoly, k: int) -> fmpz_mpoly:
    most = p.degrees()[k]
    rows = {(*e[:k], 0, *e[k + 1 :]): c for e, c in p.to_dict().items() if e[k] == most}
    return p.context().from_dict(rows)


def _at(p: fmpz_mpoly, k: int, end: tuple[int, int]) -> fmpz_mpoly:
    """A polynomial at a rational number for one variable, times a power of its denominator."""
    top, bottom = end
    most, x = int(p.degrees()[k]), p.context()
    terms = (
        x.from_dict({(*e[:k], 0, *e[k + 1 :]): int(c) * top ** int(e[k]) * bottom ** (most - int(e[k]))})
        for e, c in p.to_dict().items()
    )
    return sum(terms, start=x.from_dict({}))


def given(p: fmpz_mpoly, values: Sequence[tuple[int, int]], k: int) -> fmpz_poly:
    """A polynomial in the `k`-th variable where those before it have values and those behind do not occur."""
    for j, value in enumerate(values):
        p = _at(p, j, value)
    return only(p, k)
