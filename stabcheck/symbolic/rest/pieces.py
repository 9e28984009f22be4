"""What `v = 0` consists of: isolated points, and continua.

A product vanishes where one of its factors does, so that a system falls apart into pieces, one for
each choice of factors. What is then left together over a set of free coordinates `u` is
`V(I) = V(I : h^oo) + V(I, h)` with `h` the product of the leading coefficients in `Q[u]`: the first
part has no isolated points (Gianni, Trager & Zacharias 1988, "Groebner bases and primary
decomposition of polynomial ideals").
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpz_mpoly

from stabcheck.symbolic.factoring import irreducible
from stabcheck.symbolic.polynomials import ring
from stabcheck.symbolic.rest.ideal import Ideal, basis, graded, moved, too_large

MOST_PIECES = 200


def pieces(whole: Ideal, nowhere: fmpz_mpoly) -> list[Ideal]:
    """Ideals whose points together are those of one, less those where a denominator vanishes.

    Each has isolated points only, or none. Points of the first kind may lie on one of the second.

    Args:
        whole: the ideal.
        nowhere: the denominator.

    Raises:
        Undecidable: if there are too many, or their equations grow too large.
    """
    separated: list[Ideal] = []
    left, looked = [whole], 0
    while left:
        looked += 1
        if looked > MOST_PIECES:
            raise too_large()
        ideal = left.pop()
        if ideal.is_whole or not ideal.reduced(nowhere.to_dict()) or _covered(ideal, separated):
            continue
        factors = _split(ideal)
        if factors is not None:
            left.extend(ideal + factor for factor in factors)
            continue
        pure, beside = _pure(ideal)
        if ideal.holds(pure):
            separated.append(ideal)
        else:
            left.append(pure)
        left.extend(beside)
    return [p for k, p in enumerate(separated) if not _covered(p, separated[k + 1 :])]


def _covered(ideal: Ideal, others: Sequence[Ideal]) -> bool:
    """Whether its points are among those of another piece of the same kind.

    A real point may lie alone on a continuum of complex ones: it is no less a rest point.
    """
    alike = (k for k in others if bool(k.dimension) == bool(ideal.dimension))
    return any(map(ideal.holds, alike))


def _split(ideal: Ideal) -> list[fmpz_mpoly] | None:
    """The factors of a member that has several, or a repeated one; simple ones first."""
    for member in sorted(ideal.members, key=lambda m: (m.total_degree(), len(m))):
        factors = irreducible(member)[1]
        if len(factors) > 1 or any(power > 1 for _, power in factors):
            return sorted((f for f, _ in factors), key=lambda f: -f.total_degree())
    return None


def _pure(ideal: Ideal) -> tuple[Ideal, list[Ideal]]:
    """The part that has no isolated points, where the ideal has a dimension, and what is beside it."""
    codimension = ideal.size - ideal.dimension
    linear = all(m.total_degree() == 1 for m in ideal.members)
    # As many equations as the codimension leave no isolated points beside a continuum (Macaulay).
    if ideal.dimension == 0 or linear or len(ideal.members) == codimension:
        return ideal, []
    leading = _leading(ideal)
    return _saturated(ideal, leading), [ideal + leading]


def _leading(ideal: Ideal) -> fmpz_mpoly:
    """The product `h` of the leading coefficients in the free coordinates, each factor once."""
    n, free = ideal.size, ideal.free
    bound = [k for k in range(n) if k not in free]
    places = {k: p for p, k in enumerate([*bound, *free])}
    lex = ring(n)
    members = [moved(m, lex, [places[k] for k in range(n)]) for m in ideal.members]
    factors: dict[str, fmpz_mpoly] = {}
    for member in basis(lex, members):
        for factor, _ in irreducible(_lead(member, len(bound)))[1]:
            factors[str(factor)] = factor
    product = lex.constant(1)
    for factor in factors.values():
        product *= factor
    return moved(product, graded(n), [*bound, *free])


def _lead(member: fmpz_mpoly, bound: int) -> fmpz_mpoly:
    """The coefficient, in the last coordinates, of the leading monomial in the first ones."""
    terms = member.to_dict()
    first = max(powers[:bound] for powers in terms)
    kept = {(*[0] * bound, *p[bound:]): c for p, c in terms.items() if p[:bound] == first}
    return member.context().from_dict(kept)


def _saturated(ideal: Ideal, h: fmpz_mpoly) -> Ideal:
    """`I : h^oo`: what vanishes wherever the ideal does and `h` does not."""
    n = ideal.size
    lex = ring(n + 1)
    there = [k + 1 for k in range(n)]
    inverse = lex.gens()[0] * moved(h, lex, there) - 1
    kept = _without_first(list(basis(lex, [*(moved(m, lex, there) for m in ideal.members), inverse])))
    return Ideal.of(n, [graded(n).from_dict({p[1:]: c for p, c in m.to_dict().items()}) for m in kept])


def _without_first(members: Sequence[fmpz_mpoly]) -> list[fmpz_mpoly]:
    return [m for m in members if all(p[0] == 0 for p in m.to_dict())]
