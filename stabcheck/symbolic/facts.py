"""What a game under an operator is, as the literature asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from stabcheck.core import hyper
from stabcheck.declare import registry
from stabcheck.declare.games.bilinear import Bilinear
from stabcheck.declare.games.game import Game, Regularised, unwrapped
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.games.quadratic import Quadratic
from stabcheck.declare.losses.loss import named
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Operator
from stabcheck.literature.matching import Facts, chain, declared_letters
from stabcheck.symbolic.kin import kin
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.slopes import slopes
from stabcheck.symbolic.unevaluated import germ_symbol


def facts_of(game: Game, operator: Operator, model: Callable[[], Model] | None = None) -> Facts:
    """What a game under an operator is.

    Args:
        game: with its penalties.
        operator: a method, or the flow.
        model: gives the model of the game, where one was made.
    """
    flow = facts_of(game, Flow(), model) if operator.discrete else None
    game, operator = registry.recognised(game), registry.recognised(operator)
    plain, added = unwrapped(game)
    stands = kin(plain, None if added else model)
    like = stands.game
    letters = declared_letters(Regularised(like, added) if added else like, operator)
    letters |= {**_felt(plain, like), **stands.letters}
    return Facts(
        game=registry.called(like), dims=plain.dims, players=plain.players,
        penalties=tuple(map(registry.called, added)), method=chain(operator), letters=letters,
        region=operator.region,
        coupling="f'(0)" if isinstance(like, GAN) else _written(letters.get("c")), note=_note(plain, like),
        flow=flow,
    )  # fmt: skip


def _felt(plain: Game, like: Game) -> dict[str, Any]:
    """How the players feel each other: the coupling `c`, and of a GAN what its loss is at 0."""
    if isinstance(like, GAN):
        germ = slopes(named(plain.loss))  # pyright: ignore[reportAttributeAccessIssue]
        return {} if germ is None else germ.letters
    if not isinstance(like, Bilinear):
        return {}
    (row,) = (row for name, row in hyper.hyper_fields(Bilinear) if name == "alpha")
    alpha = symbol(like.alpha, row) if isinstance(like.alpha, str) else sp.sympify(like.alpha, strict=True)
    scale = like.e[0][0] if like.e else 1
    diagonal = tuple(tuple(scale * (i == j) for j in range(len(like.e))) for i in range(len(like.e)))
    return {"c": alpha * scale, "uneven": 0} if like.e == diagonal and scale else {}


def _note(plain: Game, like: Game) -> str:
    """What the letters of the quadratic game stand for in somebody's own."""
    if plain is like or not isinstance(like, Quadratic):
        return ""
    return f"here {', '.join(f'{name} = {_written(getattr(like, name))}' for name in ('a', 'b', 'd'))}"


def _written(value: Any) -> str:
    """An expression as it stands in a sentence."""
    if value is None:
        return ""
    shown = sp.sympify(value, strict=True).xreplace({germ_symbol("f", 1): sp.Symbol("f'(0)")})
    text = str(shown).replace("**", "^")
    return text if text.replace("'(0)", "").isidentifier() or text.isdigit() else f"({text})"


def facts_at(facts: Facts, values: Mapping[str, sp.Expr]) -> Facts:
    """The same with numbers for names."""
    flow = None if facts.flow is None else facts_at(facts.flow, values)
    return replace(facts, letters=at(facts.letters, values), flow=flow)


def at(letters: Mapping[str, Any], values: Mapping[str, sp.Expr]) -> dict[str, Any]:
    """The letters with numbers for names."""
    return {name: _number(v, values) for name, v in letters.items()}


def _number(value: Any, values: Mapping[str, sp.Expr]) -> Any:
    if isinstance(value, str):
        return values.get(value, value)
    if isinstance(value, sp.Expr):
        return value.xreplace({s: values[s.name] for s in value.free_symbols if s.name in values})
    return sp.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value
