"""How formulas are written: for SymPy to read back, for people in a terminal, and in LaTeX."""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from stabcheck.hyper import Hyper
from stabcheck.symbolic.ops import Expectation, GermFunction, germ_symbol
from stabcheck.symbolic.spectrum import Roots, Z

Write = Callable[[sp.Expr], str]
MEAN = re.compile(r"m[0-9]+")


class PaperOrder:
    """Terms as papers order them: powers of `z` falling, numbers, then plus before minus."""

    def _as_ordered_terms(self, expr: sp.Expr, order: Any = None) -> list[sp.Expr]:
        return sorted(
            expr.as_ordered_terms(order=order),
            key=lambda t: (
                -sp.degree(t, Z) if t.has(Z) else 0,
                t.could_extract_minus_sign(),
                not t.is_number,
            ),
        )


class CodePrinter(PaperOrder, StrPrinter):
    """Text that SymPy reads back."""


class TerminalPrinter(PaperOrder, StrPrinter):
    """Text for people: `^` for powers, `f'(0)` for `f1`, `i` for the imaginary unit."""

    # Not SymPy's own, which would let expressions print themselves as code.
    printmethod = "_terminalstr"
    _default_settings = {**StrPrinter._default_settings, "symbol_names": {}}  # noqa: RUF012

    def _print_Pow(self, expr: sp.Pow, rational: bool = False) -> str:
        return super()._print_Pow(expr, rational).replace("**", "^")

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return self._settings["symbol_names"].get(expr, expr.name)

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        del expr
        return "i"

    def _print_GermFunction(self, expr: GermFunction) -> str:
        name, k, t = expr.args
        primes = "'" * int(k) if k <= 3 else f"^({k})"
        return f"{name.name}{primes}({self._print(t)})"

    def _print_Expectation(self, expr: Expectation) -> str:
        return f"E[{self._print(expr.args[0])}]"

    def _print_Mean(self, expr: Expectation) -> str:
        return self._print_Expectation(expr)


class PaperLatexPrinter(PaperOrder, LatexPrinter):
    """LaTeX with terms in the order of papers."""


def code(expression: sp.Expr) -> str:
    """The formula as SymPy reads it back once its symbols are declared."""
    return CodePrinter().doprint(expression)


def terminal(expression: sp.Expr) -> str:
    """The formula for people, on one line."""
    return TerminalPrinter({"symbol_names": primed()}).doprint(expression)


def latex(expression: sp.Expr, names: Mapping[str, Hyper]) -> str:
    """The formula in LaTeX, with the table's names for hyperparameters."""
    return PaperLatexPrinter({"symbol_names": tex_names(expression, names)}).doprint(expression)


def primed() -> dict[sp.Symbol, str]:
    """`f(0)`, `f'(0)`, `f''(0)` for the germ symbols of `f`, `q` and `r`."""
    return {germ_symbol(name, k): f"{name}{chr(39) * k}(0)" for name in "fqr" for k in range(3)}


def tex_names(expression: sp.Expr, names: Mapping[str, Hyper]) -> dict[sp.Symbol, str]:
    """How LaTeX sets each symbol of an expression."""
    found = {}
    for s in expression.free_symbols | expression.atoms(sp.Symbol):
        base, _, index = s.name.partition("_")
        if s in primed():
            found[s] = primed()[s]
        elif s.name in names and names[s.name].tex:
            found[s] = names[s.name].tex
        elif base == "eps":
            found[s] = r"\varepsilon" + (f"_{{{index}}}" if index else "")
        elif MEAN.fullmatch(s.name):
            found[s] = f"m_{{{s.name[1:]}}}"
        elif len(index) > 1:
            found[s] = f"{sp.latex(sp.Symbol(base))}_{{\\mathrm{{{index.replace('_', '-')}}}}}"
    return found


def root_pairs(roots: Roots, write: Write, *, sign: str) -> str:
    """`centre ± radical` as one text, in a given printer.

    Args:
        roots: of a factor of degree at most two.
        write: prints an expression.
        sign: how the printer writes plus-minus.
    """
    if roots.outside == 0:
        return write(roots.centre)
    centre = "" if roots.centre == 0 else f"{write(roots.centre)} "
    return f"{centre}{sign} {_grouped(roots.radical, write)}"


def code_roots(roots: Roots) -> list[str]:
    """Each root in the form `centre + radical`, as SymPy reads it back, in the order of `formulas`."""
    written = dict(roots.definitions)
    if roots.outside == 0:
        return [code(roots.centre.xreplace(written))]
    radical = _grouped(roots.radical.xreplace(written), code)
    if roots.centre == 0:
        return [radical, f"-{radical}"]
    centre = code(roots.centre.xreplace(written))
    return [f"{centre} + {radical}", f"{centre} - {radical}"]


def _grouped(expression: sp.Expr, write: Write) -> str:
    """The expression as a term that a sign can stand before."""
    return f"({write(expression)})" if expression.is_Add else write(expression)


def inequality(condition: sp.Expr, write: Write) -> str:
    """`expression > 0`."""
    return f"{write(condition)} > 0"
