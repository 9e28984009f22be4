"""`Ops` in SymPy: losses as expressions, with unevaluated `f^(k)(t)` and `E[...]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.symbol import Str

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import Hyper
from stabcheck.core.oracle import BaseLaw
from stabcheck.symbolic import reading
from stabcheck.symbolic.germs import ARGUMENT, at_zero, derivative
from stabcheck.symbolic.trigonometry import without_squares
from stabcheck.symbolic.unevaluated import Expectation, GermFunction, Mean, germ_symbol, of_germ

GERM = re.compile("[fqr][0-9]+", re.ASCII)


def symbol(name: str, row: Hyper) -> sp.Symbol:
    """The symbol of a hyperparameter left open, with the sign that its domain gives it."""
    germ = row.tex in (f"{name[0]}'(0)", f"{name[0]}''(0)")
    return (sp.Symbol if germ else own)(name, **row.domain.assumptions)


class Own(sp.Symbol):
    """A user's own `f1`, which is no `f'(0)`."""


def own(name: str, **assumptions: bool) -> sp.Symbol:
    """A symbol of a user's own, never one of the germ's."""
    return (Own if GERM.fullmatch(name) else sp.Symbol)(name, **assumptions)


def exact(row: Hyper, value: Any) -> sp.Expr:
    """A hyperparameter as SymPy computes with it."""
    if isinstance(value, str):
        return symbol(value, row)
    if isinstance(value, Fraction | int):
        return sp.Rational(value.numerator, value.denominator)
    if isinstance(value, sp.Expr) and value.is_number and value.is_extended_real and value.is_finite:
        return value
    raise BadInput(f"{row.name} must be {row.domain.text} or a name, not {str(value)[:30]!r}")


@dataclass(frozen=True)
class SymPyOps:
    """The arithmetic of losses in SymPy; records on its way what rest-point analysis needs.

    Attributes:
        germs: each function that `germ` met, by name.
        laws: the law of each draw inside an `Expectation`.
        means: each expectation that no moments give, with the symbol that stands for it.
        kinks: `(label, expression)` of every door to a kink; the kink lies where the expression
            vanishes.
        taken: the names of the game's own, which no draw and no mean gets.
        floats: numbers that were given in floating point and show no short decimal.
        roots: what every square root was taken of.
    """

    germs: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    laws: dict[sp.Symbol, BaseLaw] = field(default_factory=dict)
    means: dict[sp.Expr, sp.Symbol] = field(default_factory=dict)
    kinks: list[tuple[str, sp.Expr]] = field(default_factory=list)
    taken: frozenset[str] = frozenset()
    floats: dict[str, None] = field(default_factory=dict)
    roots: list[sp.Expr] = field(default_factory=list)
    _open: list[sp.Symbol] = field(default_factory=list)

    def fresh(self) -> SymPyOps:
        """The same arithmetic with nothing recorded."""
        return replace(self, germs={}, laws={}, means={}, kinks=[], floats={}, roots=[], _open=[])

    def exactly(self, expressions: Iterable[Any]) -> tuple[sp.Expr, ...]:
        """The same expressions without floats; those that show no short decimal are recorded."""
        pairs = [reading.without_floats(sp.sympify(e, strict=True)) for e in expressions]
        self.floats.update(dict.fromkeys(f for _, floats in pairs for f in floats))
        return tuple(e for e, _ in pairs)

    def exp(self, t: sp.Expr) -> sp.Expr:
        return sp.exp(t)

    def log(self, t: sp.Expr) -> sp.Expr:
        return sp.log(t)

    def tanh(self, t: sp.Expr) -> sp.Expr:
        return sp.tanh(t)

    def sqrt(self, t: sp.Expr) -> sp.Expr:
        self.roots.append(sp.sympify(t, strict=True))
        return sp.sqrt(t)

    def sin(self, t: sp.Expr) -> sp.Expr:
        return sp.sin(t)

    def cos(self, t: sp.Expr) -> sp.Expr:
        return sp.cos(t)

    def tan(self, t: sp.Expr) -> sp.Expr:
        return sp.tan(t)

    def sinh(self, t: sp.Expr) -> sp.Expr:
        return sp.sinh(t)

    def cosh(self, t: sp.Expr) -> sp.Expr:
        return sp.cosh(t)

    def atan(self, t: sp.Expr) -> sp.Expr:
        return sp.atan(t)

    def asinh(self, t: sp.Expr) -> sp.Expr:
        return sp.asinh(t)

    def erf(self, t: sp.Expr) -> sp.Expr:
        return sp.erf(t)

    def asin(self, t: sp.Expr) -> sp.Expr:
        return sp.asin(t)

    def acos(self, t: sp.Expr) -> sp.Expr:
        return sp.acos(t)

    @property
    def pi(self) -> sp.Expr:
        return sp.pi

    def softplus(self, t: sp.Expr) -> sp.Expr:
        return sp.log(1 + sp.exp(t))

    def lambertw(self, t: sp.Expr) -> sp.Expr:
        return sp.LambertW(t)

    def zeros(self, n: int) -> np.ndarray:
        return self.vector(*[0] * n)

    def vector(self, *entries: Any) -> np.ndarray:
        return np.array([sp.sympify(e, strict=True) for e in entries], dtype=object)

    def abs(self, t: sp.Expr, label: str) -> sp.Expr:
        self.kinks.append((label, sp.sympify(t, strict=True)))
        return sp.Abs(t)

    def norm(self, u: np.ndarray, label: str) -> sp.Expr:
        square = np.dot(u, u)
        self.kinks.append((label, square))
        return sp.Abs(u[0]) if len(u) == 1 else sp.sqrt(square)

    def minimum(self, a: np.ndarray, b: sp.Expr, label: str) -> np.ndarray:
        return self._entrywise(sp.Min, a, b, label)

    def maximum(self, a: np.ndarray, b: sp.Expr, label: str) -> np.ndarray:
        return self._entrywise(sp.Max, a, b, label)

    def _entrywise(self, rule: Any, a: np.ndarray, b: sp.Expr, label: str) -> np.ndarray:
        self.kinks.extend((label, entry - b) for entry in a)
        return self.vector(*(rule(entry, b) for entry in a))

    def grad(self, fn: Callable[[np.ndarray], sp.Expr], x: np.ndarray) -> np.ndarray:
        # Dummies, not x itself: what fn closes over is held fixed even where it holds x.
        at = self.vector(*(sp.Dummy(real=True) for _ in x))
        y = sp.sympify(fn(at), strict=True)
        back = dict(zip(at, x, strict=True))
        for index, (label, expression) in enumerate(self.kinks):
            self.kinks[index] = label, expression.xreplace(back)
        self.roots[:] = [root.xreplace(back) for root in self.roots]
        return self.vector(*(y.diff(s).xreplace(back) for s in at))

    def expect(self, fn: Callable[[np.ndarray], sp.Expr], law: BaseLaw) -> sp.Expr:
        with self._draws(law) as draws:
            return Expectation(sp.sympify(fn(self.vector(*draws)), strict=True), *draws)

    def germ(self, name: str, fn: Callable[[Any], Any], t: sp.Expr) -> sp.Expr:
        s = sp.Symbol("t", real=True)
        registered = self.germs.setdefault(name, lambda u: self.exactly([fn(u)])[0])
        if self.exactly([fn(s)])[0] != registered(s):
            raise BadInput(f"two different functions are called '{name}'; give them two names")
        return GermFunction(Str(name), sp.Integer(0), sp.sympify(t, strict=True))

    def alike(self) -> dict[sp.Symbol, sp.Symbol]:
        """Slopes at 0 that are those of an earlier function: one symbol serves for both."""
        first: dict[sp.Expr, sp.Symbol] = {}
        slopes = {s: self.germ_value(s) for s in (germ_symbol(name, 1) for name in sorted(self.germs))}
        return {s: first[v] for s, v in slopes.items() if first.setdefault(v, s) != s}

    @contextmanager
    def _draws(self, law: BaseLaw) -> Any:
        """Symbols for one draw from `law`, distinct from those of the expectations around it."""
        draws: list[sp.Symbol] = []
        index = 0
        while len(draws) < law.dim:
            index += 1
            draw = sp.Symbol(law.letter if index == 1 else f"{law.letter}_{index}", real=True)
            if draw not in self._open and draw.name not in self.taken:
                self.laws[draw] = law
                draws.append(draw)
                self._open.append(draw)
        try:
            yield draws
        finally:
            del self._open[len(self._open) - len(draws) :]

    def germ_value(self, s: sp.Symbol) -> sp.Expr:
        """The exact `f^(k)(0)` that a germ symbol `f<k>` stands for."""
        name, k = of_germ(s)
        return at_zero(self.written(name), k)

    def at(self, point: dict[sp.Symbol, sp.Expr], expression: sp.Expr) -> sp.Expr:
        """An expression at a point, with expectations replaced by moments.

        One that is no polynomial in its draws there is a number that no moment gives; it is named
        `m1`, `m2`, … and kept among the `means`.
        """
        there = sp.sympify(expression, strict=True).xreplace(point)
        if there.has(GermFunction):
            there = there.replace(GermFunction, self._derivative)
        # A mean that comes out of another one is met in the next round only.
        while there.has(Expectation):
            there = there.replace(Expectation, self._moments)
        return without_squares(there)

    def _derivative(self, name: Str, k: sp.Integer, t: sp.Expr) -> sp.Expr:
        """`f^(k)(t)` of the function itself, where its germ at 0 does not reach."""
        return derivative(self.written(name.name), int(k)).subs(ARGUMENT, t)

    def written(self, name: str) -> sp.Expr:
        """A function known by its germ, in `ARGUMENT`."""
        return sp.sympify(self.germs[name](ARGUMENT), strict=True)

    def mean_value(self, s: sp.Symbol, substitution: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
        """What a symbol `m1`, `m2`, … of the means stands for, at values known."""
        value = next(mean for mean, name in self.means.items() if name == s).xreplace(dict(substitution))
        return value if value.free_symbols else self.closed(value)

    def closed(self, number: sp.Expr) -> sp.Expr:
        """A number whose expectations are numbers too: by moments, else such that balls enclose them."""
        return number.replace(Expectation, self._number)

    def _number(self, body: sp.Expr, *draws: sp.Symbol) -> sp.Expr:
        moment = self._by_moments(body, *draws)
        return Mean(body, *draws) if moment is None else moment

    def _moments(self, body: sp.Expr, *draws: sp.Symbol) -> sp.Expr:
        moment = self._by_moments(body, *draws)
        if moment is not None:
            return moment
        # Expanded, it may fall apart into terms, some of which moments give.
        apart = self.tidy(Expectation(sp.expand(body), *draws))
        return apart.replace(Expectation, self._named)

    def _named(self, body: sp.Expr, *draws: sp.Symbol) -> sp.Expr:
        moment = self._by_moments(body, *draws)
        if moment is not None:
            return moment
        mean = Expectation(body, *draws)
        if mean not in self.means:
            free = (f"m{k}" for k in count(1) if f"m{k}" not in self.taken)
            used = {s.name for s in self.means.values()}
            self.means[mean] = sp.Symbol(next(name for name in free if name not in used), real=True)
        return self.means[mean]

    def _by_moments(self, body: sp.Expr, *draws: sp.Symbol) -> sp.Expr | None:
        poly = sp.expand(body).as_poly(*draws)
        if poly is None:
            return None
        return sp.Add(
            *(
                c * sp.Mul(*(self.laws[d].moment(k) for d, k in zip(draws, powers, strict=True)))
                for powers, c in poly.terms()
            )
        )

    def tidy(self, expression: sp.Expr) -> sp.Expr:
        """The same expression with each expectation's draws numbered from the first."""
        if not expression.has(Expectation):
            return expression

        def renumbered(body: sp.Expr, *draws: sp.Symbol) -> sp.Expr:
            names: list[sp.Symbol] = []
            for draw in draws:
                alike = (d for d in self.laws if self._letter(d) == self._letter(draw))
                names.append(next(d for d in alike if d not in names))
            return Expectation(body.xreplace(dict(zip(draws, names, strict=True))), *names)

        return expression.replace(Expectation, renumbered)

    def _letter(self, draw: sp.Symbol) -> str:
        return self.laws[draw].letter
