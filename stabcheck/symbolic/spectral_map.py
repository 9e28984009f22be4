"""The spectral map of a method: its eigenvalues `z` from those of the flow.

A method that asks a game for its field alone is, at rest, a function of the Jacobian `J`. Run on
the game of one number `x' = mu x` its step has a characteristic polynomial `phi(mu, z)`, whose
roots in `z`, for every eigenvalue `mu` of `J`, are the eigenvalues of the method.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import NotApplicable, StabcheckError
from stabcheck.core.oracle import Steps
from stabcheck.declare.methods.method import Operator
from stabcheck.symbolic.dual import Affine, Dual, eye, joined, ring, split, zeros
from stabcheck.symbolic.letters import MU, Z
from stabcheck.symbolic.ops import exact
from stabcheck.symbolic.spectrum import Factor, Roots, characteristic, closed_form


class Scalar(Affine):
    """The game of one number `x' = mu x`, for methods that ask for the field alone.

    What sees more of a game than its Jacobian as a whole has no answer here.

    Args:
        scalars: the expressions that the method will compute with.
    """

    def __init__(self, scalars: Iterable[sp.Expr]) -> None:
        self.domain = ring([MU, *scalars])
        self.xp = None
        self.players = self.size = 1
        self.rest = Dual(zeros(1, 1, self.domain), zeros(1, 0, self.domain))

    def v(self, x: Dual) -> Dual:
        return x * MU

    def jvp(self, x: Dual, u: Dual) -> Dual:
        del x
        return u * MU

    def scale(self, h: Steps, u: Dual) -> Dual:
        return _refuse("steps of different size") if isinstance(h, tuple) else h * u

    def only(self, i: int, u: Dual) -> Dual:
        del i, u
        return _refuse("one player's coordinates")

    def grad(self, i: int, x: Dual) -> Dual:
        del i, x
        return _refuse("a player's gradient")

    def hvp(self, i: int, x: Dual, u: Dual) -> Dual:
        del i, x, u
        return _refuse("a player's Hessian")

    def bare(self) -> Scalar:
        return _refuse("the game without its penalties")

    def vjp(self, x: Dual, u: Dual) -> Dual:
        del x, u
        return _refuse("the transposed Jacobian")

    def dot(self, u: Dual, w: Dual) -> Dual:
        del u, w
        return _refuse("inner products")


def _refuse(what: str) -> NoReturn:
    raise NotApplicable(f"the method asks for {what}, so it has no spectral map")


def spectral_map(operator: Operator) -> tuple[Factor, ...] | None:
    """The factors of `phi(mu, z)`; `None` where the method has no spectral map.

    Args:
        operator: a method with its hyperparameters open or given.
    """
    bound = hyper.rebind(operator, exact)
    scalars = [value for row, value in hyper.values(bound) if not row.domain.whole]
    game = Scalar(scalars)
    try:
        state = bound.init(game, game.rest)
        start = joined(state)
        seed = Dual(start.value, eye(start.value.shape[0], game.domain))
        matrix = joined(bound.step(game, split(seed, state))).tangent
    except StabcheckError:
        return None
    return characteristic(matrix)


def through_map(
    flow: Sequence[Factor], mapped: Sequence[Factor], wanted: Factor, letter: sp.Symbol = MU
) -> tuple[Roots, ...] | None:
    """The roots of a factor of the method's polynomial in closed form, from those of the flow.

    Args:
        flow: the factors of the flow's characteristic polynomial.
        mapped: those of `phi(mu, z)`.
        wanted: the factor of the method's polynomial; its degree is above two.
        letter: with an index, what an eigenvalue of the flow is called in the formulas.

    Returns:
        two roots for each eigenvalue `mu`; `None` where no pair of factors of degree at most two
        gives exactly this one.
    """
    for p in flow:
        for q in mapped:
            if max(p.degree, q.degree) <= 2 and _resultant(p, q, wanted.degree) == wanted.coefficients:
                return tuple(_mapped(p, q, wanted.multiplicity, letter.name))
    return None


def _resultant(p: Factor, q: Factor, degree: int) -> tuple[sp.Expr, ...] | None:
    """The coefficients of `prod q(mu, z)` over the roots `mu` of `p`, monic in `z`."""
    if p.degree * q.degree != degree:
        return None
    top = sp.fraction(sp.together(q.polynomial))[0]
    resultant = sp.resultant(p.polynomial.xreplace({Z: MU}), top, MU)
    lead, *others = sp.Poly(resultant, Z).all_coeffs()
    return (sp.S.One, *(sp.cancel(c / lead) for c in others))


def _mapped(p: Factor, q: Factor, multiplicity: int, stem: str) -> Iterable[Roots]:
    roots = closed_form(p)
    assert roots is not None
    for index, value in enumerate(roots.formulas):
        # A radical would stand inside another one: it gets a name.
        plain = not any(not power.exp.is_Integer for power in value.atoms(sp.Pow))
        letter = value if plain else sp.Symbol(f"{stem}_{index + 1}")
        named = () if plain else ((letter, value),)
        yield _roots_of(q, {MU: letter}, multiplicity, named)


def _roots_of(q: Factor, put: Mapping[sp.Symbol, sp.Expr], multiplicity: int, named: Any) -> Roots:
    _, b, *constants = (c.xreplace(put) for c in q.coefficients)
    if not constants:
        return Roots(sp.expand(-b), sp.S.Zero, sp.S.Zero, multiplicity, named)
    centre = sp.expand(-b / 2)
    return Roots(centre, sp.S.One, centre**2 - sp.expand(constants[0]), multiplicity, named)
