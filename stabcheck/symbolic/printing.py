"""How formulas are written: for SymPy to read back, for people in a terminal, and in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter, tex_greek_dictionary
from sympy.printing.str import StrPrinter

from stabcheck.core.hyper import Hyper
from stabcheck.symbolic.letters import PARTS
from stabcheck.symbolic.spectrum import Roots
from stabcheck.symbolic.unevaluated import Expectation, GermFunction, germ_symbol

Write = Callable[[sp.Expr], str]
LONGEST_POLYNOMIAL, DIGITS = 50, 10
"""Of a number that is shown as a root."""
PLAIN = re.compile(r"([A-Za-z]+)([0-9]*)", re.ASCII)
GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau"
    "|upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega|varphi"
)


def _degree(term: sp.Expr, variable: sp.Symbol) -> sp.Expr | int:
    """The degree in a variable; coefficients, which can be long, are not looked into."""
    base, power = (inside := term.as_independent(variable, as_Add=False)[1]).as_base_exp()
    return power if base == variable else sp.degree(inside, variable)


class PaperOrder:
    """Terms as papers order them: powers of the variable falling, numbers, then plus before minus."""

    def _as_ordered_terms(self, expr: sp.Expr, order: Any = None) -> list[sp.Expr]:
        variable = next(iter(expr.free_symbols & PARTS), None)
        return sorted(
            expr.as_ordered_terms(order=order),
            key=lambda t: (
                -_degree(t, variable) if variable is not None and t.has(variable) else 0,
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

    def _print_Abs(self, expr: sp.Abs) -> str:
        return f"|{self._print(expr.args[0])}|"

    def _print_GermFunction(self, expr: GermFunction) -> str:
        name, k, t = expr.args
        primes = "'" * int(k) if k <= 3 else f"^({k})"
        return f"{name.name}{primes}({self._print(t)})"

    def _print_Expectation(self, expr: Expectation) -> str:
        return f"E[{self._print(expr.args[0])}]"

    def _print_Mean(self, expr: Expectation) -> str:
        return self._print_Expectation(expr)

    def _print_Subscripted(self, expr: sp.Expr) -> str:
        letter, *indices = map(self._print, expr.args)
        return f"{letter}_{'_'.join(indices)}"

    def _print_Applied(self, expr: sp.Expr) -> str:
        letter, *points = map(self._print, expr.args)
        return f"{letter}({', '.join(points)})"

    def _print_Characteristic(self, expr: sp.Expr) -> str:
        matrix, variable = map(self._print, expr.args)
        return f"det({variable} I - {matrix})"

    def _print_Largest(self, expr: sp.Expr) -> str:
        return f"max {self._print(expr.args[0])}"

    def _print_ComplexRootOf(self, expr: sp.CRootOf) -> str:
        power = root_of_number(expr)
        return f"({root_in_words(expr, self._print)})" if power is None else self._atom(power)

    def _atom(self, power: sp.Expr) -> str:
        text = self._print(power)
        return f"({text})" if power.is_Mul or power.is_Pow else text

    def _print_PlusMinus(self, expr: sp.Expr) -> str:
        centre, radical = expr.args
        return plus_minus(centre, radical, self._print, sign="±")

    def _print_Tuple(self, expr: sp.Tuple) -> str:
        return f"({', '.join(map(self._print, expr))})"


class PaperLatexPrinter(PaperOrder, LatexPrinter):
    """LaTeX with terms in the order of papers."""

    _default_settings = {**LatexPrinter._default_settings, "inv_trig_style": "full"}  # noqa: RUF012

    def _print(self, expr: Any, **kwargs: Any) -> str:
        # An expression that can print itself would come first, with more space than papers leave.
        own = getattr(self, f"_set_{type(expr).__name__}", None)
        return own(expr, **kwargs) if own else super()._print(expr, **kwargs)

    def _set_GermFunction(self, expr: GermFunction, exp: str = "") -> str:
        name, k, t = expr.args
        primes = "'" * int(k) if k <= 3 else f"^{{({k})}}"
        return rf"{name.name}{primes}{{\left({self._print(t)}\right)}}" + (f"^{{{exp}}}" if exp else "")

    def _set_Expectation(self, expr: Expectation, exp: str = "") -> str:
        body, *draws = expr.args
        over = ", ".join(map(self._print, draws))
        return rf"\mathbb{{E}}_{{{over}}}{{\left[{self._print(body)}\right]}}" + (
            f"^{{{exp}}}" if exp else ""
        )

    def _set_Mean(self, expr: Expectation, exp: str = "") -> str:
        return self._set_Expectation(expr, exp)

    def _print_Subscripted(self, expr: sp.Expr) -> str:
        letter, *indices = map(self._print, expr.args)
        return f"{letter}_{{{','.join(indices)}}}"

    def _print_Applied(self, expr: sp.Expr) -> str:
        letter, *points = map(self._print, expr.args)
        return f"{letter}({', '.join(points)})"

    def _set_Root(self, expr: sp.CRootOf, exp: str = "") -> str:
        power = root_of_number(expr)
        if power is not None:
            text = self._print(power)
        else:
            text = root_in_words(expr, self._print, prose=r"\text{%s}")
        return rf"\left({text}\right)" + (f"^{{{exp}}}" if exp else "")

    def _set_ComplexRootOf(self, expr: sp.CRootOf, exp: str = "") -> str:
        return self._set_Root(expr, exp)

    def _print_Characteristic(self, expr: sp.Expr) -> str:
        matrix, variable = map(self._print, expr.args)
        return rf"\det({variable} I - {matrix})"

    def _print_Largest(self, expr: sp.Expr) -> str:
        return rf"\max {self._print(expr.args[0])}"

    def _print_PlusMinus(self, expr: sp.Expr) -> str:
        centre, radical = expr.args
        return plus_minus(centre, radical, self._print, sign=r"\pm")

    def _print_Tuple(self, expr: sp.Tuple) -> str:
        return rf"\left({', '.join(map(self._print, expr))}\right)"

    def _print_re(self, expr: sp.Expr, exp: str = "") -> str:
        return rf"\operatorname{{Re}} {self._print(expr.args[0])}" + (f"^{{{exp}}}" if exp else "")


def code(expression: sp.Expr) -> str:
    """The formula as SymPy reads it back once its symbols are declared."""
    return CodePrinter().doprint(expression)


def terminal(expression: sp.Basic) -> str:
    """The formula for people, on one line."""
    printer = TerminalPrinter({"symbol_names": primed(), "full_prec": False})
    text = printer.doprint(expression)
    # A number alone needs no brackets.
    return text[1:-1] if isinstance(expression, sp.CRootOf) and text.startswith("(") else text


def root_of_number(root: sp.CRootOf) -> sp.Expr | None:
    """`(b/a)^(1/n)`, with its sign, where a real root is that; else `None`."""
    lead, *middle, last = root.poly.all_coeffs()
    number = sp.Rational(-last, lead)
    if any(middle) or not root.is_real:
        return None
    base, power = abs(number), sp.Rational(1, root.poly.degree())
    if base.p == 1:
        # SymPy would make 2^(2/3)/4 of 2^(-4/3).
        base, times = sp.perfect_power(base.q) or (base.q, 1)
        size = sp.Pow(base, -times * power, evaluate=False)
    else:
        size = base**power
    return size if root.evalf() > 0 else -size


def root_in_words(root: sp.CRootOf, write: Write, prose: str = "%s") -> str:
    """`root of 2*t^5 - t - 2 near 1.0909704`; of a long polynomial the degree alone."""
    t = root.poly.gen
    terms = (write(c * t**k) for (k,), c in root.poly.terms())
    polynomial = " + ".join(terms).replace("+ - ", "- ").replace("+ -", "- ")
    long = len(str(root.expr)) > LONGEST_POLYNOMIAL
    shown = prose % f"a polynomial of degree {root.poly.degree()}" if long else polynomial
    return f"{prose % 'root of '}{shown}{prose % ' near '}{write(sp.N(root, DIGITS))}"


def latex(expression: sp.Expr, names: Mapping[str, Hyper]) -> str:
    """The formula in LaTeX, with the table's names for hyperparameters."""
    return PaperLatexPrinter({"symbol_names": tex_names(expression, names)}).doprint(expression)


def primed() -> dict[sp.Symbol, str]:
    """`f(0)`, `f'(0)`, `f''(0)` for the germ symbols of `f`, `q` and `r`."""
    return {germ_symbol(name, k): f"{name}{chr(39) * k}(0)" for name in "fqr" for k in range(3)}


def tex_names(expression: sp.Basic, names: Mapping[str, Hyper]) -> dict[sp.Symbol, str]:
    """How LaTeX sets each symbol of an expression."""
    return tex_table(expression.free_symbols | expression.atoms(sp.Symbol), names)


def tex_table(symbols: Iterable[sp.Symbol], names: Mapping[str, Hyper]) -> dict[sp.Symbol, str]:
    """How LaTeX sets each of several symbols, no two names alike."""
    table: dict[sp.Symbol, str] = {}
    taken: dict[str, str] = {}
    for s in sorted(symbols, key=lambda s: s.name):
        tex = _tex_name(s, names)
        # x1 and x_1 would look alike.
        table[s] = tex if taken.setdefault(tex, s.name) == s.name else _upright(s.name)
    return table


def _tex_name(s: sp.Symbol, names: Mapping[str, Hyper]) -> str:
    if s in primed():
        return primed()[s]
    row = names.get(s.name)
    if row is not None and row.tex:
        owner = s.name.removeprefix(row.name).strip("_")
        return f"{{{row.tex}}}_{{{_below([owner])}}}" if owner else row.tex
    base, *indices = s.name.split("_")
    match = PLAIN.fullmatch(base)
    if match is None:
        return _upright(s.name)
    letters, number = match.groups()
    indices = [number, *indices] if number else indices
    return _base(letters) + (f"_{{{_below(indices)}}}" if indices else "")


def _below(indices: list[str]) -> str:
    short = all(index.isdigit() or len(index) == 1 for index in indices)
    return ",".join(indices) if short else _upright("-".join(indices))


def _base(letters: str) -> str:
    if letters == "eps":
        return r"\varepsilon"
    if GREEK.fullmatch(letters):
        return tex_greek_dictionary.get(letters, f"\\{letters}")
    return letters if len(letters) == 1 else _upright(letters)


def _upright(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_-]", lambda m: f"U{ord(m[0]):X}", name).replace("_", r"\_")
    return rf"\mathrm{{{plain}}}"


def root_pairs(roots: Roots, write: Write, *, sign: str) -> str:
    """`centre ± radical` as one text, in a given printer.

    Args:
        roots: of a factor of degree at most two.
        write: prints an expression.
        sign: how the printer writes plus-minus.
    """
    if roots.outside == 0:
        return write(roots.centre)
    return plus_minus(roots.centre, roots.radical, write, sign=sign)


def plus_minus(centre: sp.Expr, radical: sp.Expr, write: Write, *, sign: str) -> str:
    """`centre ± radical` as one text; a centre at 0 is left out."""
    before = "" if centre == 0 else f"{write(centre)} "
    return f"{before}{sign} {_grouped(radical, write)}"


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
