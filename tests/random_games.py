"""Random games of the grammar, with an equilibrium that is right by construction.

`L_i = F_i(x) - x_i g_i`, where `g_i` is the slope of `F_i` at a point `p` of the random numbers'
choice: rational, with a root, a logarithm, an exponential, or of hyperparameters. `F_i` mixes rational
functions, roots, `exp`, `log`, `tanh` and `sin`, each defined at `p` for all values of the hyperparameters.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import mpmath
import sympy as sp

from stabcheck.core.errors import BadInput
from stabcheck.declare.file import formula, limits
from stabcheck.declare.file.tree import Size

HYPER = sp.symbols("a b", positive=True)
VARIABLES = sp.symbols("x y u w", real=True)
NUDGE = sp.Rational(1, 10**6)


@dataclass(frozen=True)
class Drawn:
    """A game as formulas: a loss and a coordinate of the equilibrium for each player."""

    losses: tuple[str, ...]
    point: tuple[str, ...]

    def text(self) -> str:
        """The game file."""
        names = [str(s) for s in VARIABLES[: len(self.losses)]]
        players = [f'[players.{s}]\nloss = "{e}"' for s, e in zip(names, self.losses, strict=True)]
        used = " ".join((*self.losses, *self.point))
        declared = "\n".join(f'{s} = ">0"' for s in HYPER if re.search(rf"\b{s}\b", used))
        point = "\n".join(f'{s} = "{e}"' for s, e in zip(names, self.point, strict=True))
        parts = ('name = "drawn"', *players, f"[hyperparameters]\n{declared}", f"[equilibrium]\n{point}")
        return "\n".join(parts) + "\n"


def drawn(seed: int, *, moved: bool = False) -> Drawn:
    """The game of a seed; on demand with one coordinate of the equilibrium off by 10^-6, not at rest."""
    rng = random.Random(seed)
    while True:
        players = rng.randint(1, 4)
        point = tuple(_coordinate(rng) for _ in range(players))
        found = _retyped(tuple(_loss(rng, i, point) for i in range(players)), _off(rng, point, moved), moved)
        if found is not None:
            return found


def _coordinate(rng: random.Random) -> sp.Expr:
    a, b = HYPER
    q = sp.Rational(rng.randint(-6, 6), rng.randint(1, 5))
    k = sp.Integer(rng.randint(2, 7))
    return rng.choice(
        [
            q,
            q,
            sp.sqrt(k),
            q + sp.sqrt(k),
            sp.cbrt(k),
            sp.log(k),
            sp.exp(q / 3),
            a / (1 + b),
            (a - b) / (a + k * b),
            sp.sqrt(a**2 + k),
            (b - sp.sqrt(b**2 + 4 * a)) / 2,
            sp.log(1 + a),
            q * a,
        ]
    )


def _loss(rng: random.Random, i: int, point: tuple[sp.Expr, ...]) -> sp.Expr:
    variables = VARIABLES[: len(point)]
    own, there = variables[i], dict(zip(variables, point, strict=True))
    terms = [_term(rng, variables, own) for _ in range(rng.randint(1, 3))]
    free = sp.Add(*terms, rng.choice([sp.S.One, *HYPER]) * own**2 / 2)
    slope = sp.diff(free, own).subs(there, simultaneous=True)
    return free - own * rng.choice(REWRITTEN)(slope)


REWRITTEN: list[Callable[[sp.Expr], sp.Expr]] = [lambda e: e, sp.expand, sp.together, sp.factor_terms]


def _term(rng: random.Random, variables: tuple[sp.Symbol, ...], own: sp.Symbol) -> sp.Expr:
    """A term that depends on a player's own variable; what is below, or in a root, is positive."""
    a, b = HYPER
    t, other = own, rng.choice(variables)
    c = rng.choice([sp.Rational(rng.randint(-5, 5) or 1, rng.randint(1, 4)), a, -b, a / (1 + b)])
    k = rng.randint(1, 4)
    inner = rng.choice([t, t * other, t - other, t + b * other, t / k])
    return c * rng.choice(
        [
            inner**2,
            t**3 * other,
            t / (k + other**2),
            inner / (1 + a + inner**2),
            sp.sqrt(k + inner**2),
            sp.sqrt(a + t**2 + other**2),
            sp.exp(inner / 2),
            sp.exp(-(t**2)) * (other + 1),
            sp.log(k + inner**2),
            sp.log(1 + sp.exp(inner)),
            sp.tanh(inner),
            t * sp.tanh(other + a),
            sp.sin(inner),
            other * sp.sin(t + b),
            sp.sin(t) / (2 + sp.sin(other)),
        ]
    )


def _off(rng: random.Random, point: tuple[sp.Expr, ...], moved: bool) -> tuple[sp.Expr, ...]:
    k = rng.randrange(len(point)) if moved else None
    return tuple(e + NUDGE if i == k else e for i, e in enumerate(point))


def _retyped(losses: tuple[sp.Expr, ...], point: tuple[sp.Expr, ...], moved: bool) -> Drawn | None:
    """As text; `None` where the game's grammar has no such text, or a moved point rests as well."""
    if moved and not _moves(losses, point):
        return None
    texts = [tuple(_text(e) for e in part) for part in (losses, point)]
    return Drawn(*texts) if _is_short(*texts) else None


def _text(e: sp.Expr) -> str:
    return sp.sstr(e).replace("**", "^").replace("E", "exp(1)")


def _is_short(losses: tuple[str, ...], point: tuple[str, ...]) -> bool:
    """Whether the limits on the length of formulas are kept."""
    names = [str(s) for s in (*HYPER, *VARIABLES)]
    try:
        there = [formula.parse(e, names).terms({}) for e in point]
        sizes = {str(s): Size(n) for s, n in zip(VARIABLES, there, strict=False)}
        return all(formula.parse(e, names).terms(sizes) <= limits.MOST_TERMS for e in losses)
    except BadInput:
        return False


def _moves(losses: tuple[sp.Expr, ...], point: tuple[sp.Expr, ...]) -> bool:
    """Whether the field is off 0 at the point by more than rounding, at some values."""
    there = dict(zip(VARIABLES, point, strict=False))
    values = dict(zip(HYPER, map(sp.Rational, ("0.37", "0.61")), strict=True))
    with mpmath.workdps(40):
        slopes = (
            sp.diff(e, s).subs(there).subs(values).evalf(40) for e, s in zip(losses, there, strict=True)
        )
        return any(abs(v) > 1e-20 for v in slopes)
