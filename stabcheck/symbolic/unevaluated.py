"""Functions of SymPy left unevaluated: derivatives `f^(k)(t)` of one known by name, and means `E[body]`."""

from __future__ import annotations

from functools import cache
from string import digits
from typing import Any

import flint
import sympy as sp
from flint import acb, arb
from sympy.core.symbol import Str

from stabcheck.core.errors import Undecidable
from stabcheck.declare.laws import StandardNormal, StandardUniform
from stabcheck.symbolic.balls import to_float
from stabcheck.symbolic.means import enclose_mean

LEAST_BITS = 53


class GermFunction(sp.Function):
    """`f^(k)(t)` of a function `f` known by name only; at `t = 0` it is the symbol `f<k>`."""

    nargs = 3

    @classmethod
    def eval(cls, name: Str, k: sp.Integer, t: sp.Expr) -> sp.Expr | None:
        return germ_symbol(name.name, int(k)) if t.is_zero else None

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        name, k, t = self.args
        return GermFunction(name, k + 1, t) * t.diff(s)

    def _eval_is_real(self) -> bool:
        return True

    def _sympystr(self, printer: Any) -> str:
        name, k, t = self.args
        prefix = {0: "", 1: "d"}.get(int(k), f"d{k}")
        return f"{prefix}{name.name}({printer._print(t)})"

    def _latex(self, printer: Any, exp: str = "") -> str:
        name, k, t = self.args
        primes = "'" * int(k) if k <= 3 else f"^{{({k})}}"
        return rf"{name.name}{primes}\left({printer._print(t)}\right){_raised(exp)}"


class Expectation(sp.Function):
    """`E[body]` over the draws that follow it; commutative, and derivatives pass through it."""

    @classmethod
    def eval(cls, body: sp.Expr, *draws: sp.Symbol) -> sp.Expr | None:
        """Linear: sums come apart, what no draw enters comes out, nested draws are joined."""
        if isinstance(body, Expectation):
            body, draws = body.args[0], (*draws, *body.args[1:])
            return cls(body, *draws)
        used = [d for d in draws if d in body.free_symbols]
        if len(used) < len(draws):
            return cls(body, *used) if used else body
        if body.is_Add:
            return sp.Add(*(cls(term, *draws) for term in body.args))
        constant, random = body.as_independent(*draws, as_Add=False)
        return None if constant == 1 else constant * cls(random, *draws)

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        body, *draws = self.args
        return Expectation(body.diff(s), *draws)

    def _eval_is_real(self) -> bool:
        return True

    @property
    def free_symbols(self) -> set[sp.Symbol]:
        return self.args[0].free_symbols - set(self.args[1:])

    def _sympystr(self, printer: Any) -> str:
        return f"Expectation({', '.join(printer._print(a) for a in self.args)})"

    def _latex(self, printer: Any, exp: str = "") -> str:
        body, *draws = self.args
        over = ", ".join(printer._print(d) for d in draws)
        return rf"\mathbb{{E}}_{{{over}}}\left[{printer._print(body)}\right]{_raised(exp)}"


class Mean(Expectation):
    """An expectation without open names: a number that only balls hold."""

    is_number = True

    def enclosure(self) -> acb:
        """A ball that certainly holds it.

        Raises:
            Undecidable: if it is an integral in several variables, or one that cannot be bounded.
        """
        body, draw, *others = self.args
        if others:
            raise Undecidable("no enclosure is known for a mean over several random numbers together")
        return acb(_mean(body, draw, flint.ctx.prec))

    def _eval_evalf(self, prec: int) -> sp.Expr:
        with flint.ctx.workprec(max(prec, LEAST_BITS)):
            return to_float(self.enclosure().real, prec)


@cache
def _mean(body: sp.Expr, draw: sp.Symbol, bits: int) -> arb:
    letters = {law.letter: law(1) for law in (StandardNormal, StandardUniform)}
    with flint.ctx.workprec(bits):
        return enclose_mean(body, draw, letters[draw.name.partition("_")[0]])


def _raised(exp: str) -> str:
    return f"^{{{exp}}}" if exp else ""


def germ_symbol(name: str, k: int) -> sp.Symbol:
    """The symbol `f<k>` for `f^(k)(0)`; the slope `f'(0)` is taken not to vanish.

    Behind a digit the order is set off, so that the second derivative of `f1` is not the twelfth of `f`.
    """
    joint = "_" if name[-1:] in {*digits, "_"} else ""
    return sp.Symbol(f"{name}{joint}{k}", real=True, **({"nonzero": True} if k == 1 else {}))


def of_germ(s: sp.Symbol) -> tuple[str, int]:
    """The function's name and the order that a symbol of `germ_symbol` was made of."""
    stem = s.name.rstrip(digits)
    return stem.removesuffix("_"), int(s.name[len(stem) :])
