"""Where equilibria that are single elsewhere form a manifold: on pieces of a boundary where nothing moves.

A region of stability ends where an eigenvalue reaches 1, or 0 of a flow. If the equilibrium then lies on a
manifold of others, that eigenvalue is the manifold's and what decides are those across it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from stabcheck.core.errors import StabcheckError
from stabcheck.core.formula import Every, Sign
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.region import Region
from stabcheck.judge.resting import linearised
from stabcheck.judge.sampling import Cloud
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.polynomials import factored, rational
from stabcheck.symbolic.update import Linearisation, Point

Values = Mapping[str, Fraction]
MOST_TRIED = 200
"""Of simple points that are moved to a zero of a polynomial."""


def continuum(result: Analysis, region: Region, polynomial: Polynomial) -> Values | None:
    """Simple values at which a polynomial vanishes and more equilibria than elsewhere form a manifold.

    Args:
        result: an analysis.
        region: of its stability.
        polynomial: that bounds it.

    Returns:
        numbers for the letters of the polynomial, or `None` where at the one point that is looked at there
        is no such manifold, or no such point is seen.
    """
    point = result.here.point
    values = next(on_boundary(region, polynomial), None)
    if values is None or not isinstance(point, Point):
        return None
    there = _linearised(result, values)
    if there is None or len(there.along) <= len(point.along):
        return None
    return {name: values[name] for name in polynomial.names}


def _linearised(result: Analysis, values: Values) -> Linearisation | None:
    typical = {symbol(n, row).name: row.domain.typical for n, row in result.names.items()}
    numbers = {name: rational(q) for name, q in {**typical, **values}.items()}
    chosen = {**numbers, **result.here.germ, **result.values}
    try:
        return linearised(result.model, result.operator, chosen)
    except StabcheckError:
        return None


def on_boundary(region: Region, polynomial: Polynomial) -> Iterator[Values]:
    """Simple points of a region's closure at which a polynomial vanishes."""
    if not {*polynomial.names} <= {*region.domains}:
        return
    closure = Every((region.admissible, *(Sign(c.factors, frozenset({0, 1})) for c in region.conditions)))
    if not closure.names <= {*region.domains}:
        return
    cloud = Cloud.simple(region.domains)
    for k in range(min(cloud.count, MOST_TRIED)):
        yield from filter(closure.holds, _moved(cloud.point(k), polynomial))


def _moved(point: Values, polynomial: Polynomial) -> Iterator[Values]:
    """The point moved in one letter to rational zeros of a polynomial."""
    for name in polynomial.names:
        left = polynomial.given({n: q for n, q in point.items() if n != name})
        for factor, _ in factored(left) if left.names else ():
            if factor.degree == 1:
                slope, constant = (c.at({}) for c in factor.coefficients(name))
                yield {**point, name: -constant / slope}
