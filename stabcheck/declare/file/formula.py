"""Formulas as people type them, in a closed grammar: `a*x^2/2 + E(softplus(u*y))`.

Numbers (exact), `pi`, names, `+ - * / ( )`, powers with a whole exponent or 1/2, the functions of
`FUNCTIONS`, and `E(...)`, the mean over the random numbers inside it. The text becomes a small
tree of our own, which every interpreter evaluates with its own arithmetic; nothing in it is ever
run as Python. The text is bounded before it is parsed, and the tree while it is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from stabcheck.declare.file.limits import DEEPEST, LARGEST, LARGEST_POWER, LONGEST, MOST_DRAWS, MOST_TERMS
from stabcheck.declare.file.tokens import FormulaError, Python, parsed, scan, translated
from stabcheck.declare.file.tree import (
    ADDITIVE,
    DRAWN,
    FUNCTIONS,
    MEAN,
    MULTIPLICATIVE,
    PI,
    RATIONAL,
    WORDS,
    Call,
    Chain,
    Mean,
    Minus,
    Name,
    Node,
    Number,
    Pi,
    Power,
    Rationals,
    Sizes,
    named,
    nodes,
)

if TYPE_CHECKING:
    from stabcheck.core.oracle import Ops, Scalar
    from stabcheck.declare.laws import Law


SIGNS: MappingProxyType[type[ast.operator], str] = MappingProxyType(
    {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
)


NOTHING: MappingProxyType[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Formula:
    """A formula that was read.

    Attributes:
        text: as it was typed.
        tree: what it means.
        names: every name in it, random numbers included.
    """

    text: str
    tree: Node
    names: frozenset[str]

    @property
    def number(self) -> Fraction | None:
        """The number that it is; `None` where names or functions are left."""
        return self.tree.value if isinstance(self.tree, Number) else None

    @property
    def rational(self) -> bool:
        """Whether it makes fractions of fractions: no root, exponential, pi or mean in it."""
        others = (n for n in nodes(self.tree) if isinstance(n, Call | Mean | Pi))
        return all(isinstance(n, Call) and n.function in RATIONAL for n in others)

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law] = NOTHING) -> Scalar:
        """Its value in an interpreter's arithmetic.

        Args:
            xp: the arithmetic.
            values: a number of the interpreter for each name.
            laws: a law of one dimension for each random number.
        """
        return self.tree.at(xp, values, laws)

    def terms(self, sizes: Sizes) -> int:
        """About how many terms it has when expanded, with these sizes behind the names.

        Beyond `MOST_TERMS` the count stops there.
        """
        return self.tree.terms(sizes)


def parse(
    text: str, names: Iterable[str], laws: Iterable[str] | Sizes = (), *, imaginary: bool = False
) -> Formula:
    """Read a formula.

    Args:
        text: the formula.
        names: the numbers that it may use: variables and hyperparameters.
        laws: the random numbers that it may use inside `E(...)`, maybe with their sizes.
        imaginary: square roots of negative numbers are numbers, too, as in eigenvalues.

    Raises:
        FormulaError: if it is none, uses other names, or is too long to compute with.
    """
    sizes = dict(laws) if isinstance(laws, Mapping) else dict.fromkeys(laws, DRAWN)
    python = translated(text)
    reader = _Reader(python, tuple(names), sizes, imaginary=imaginary)
    tree = reader.read(parsed(python), 0)
    return Formula(text, tree, frozenset(named(tree)))


def names_in(text: str) -> frozenset[str]:
    """The names of a text that no function and no constant is called by, whatever else it holds.

    Raises:
        FormulaError: for characters that no formula has.
    """
    tokens = list(scan(text[:LONGEST]))
    calls = {id(t) for t, after in pairwise(tokens) if after.text == "("}
    return frozenset(t.text for t in tokens if t.kind == "name" and id(t) not in calls) - {PI}


# From the text to Python's grammar


# From Python's grammar to the tree


@dataclass(frozen=True)
class _Reader:
    """Makes the tree.

    Attributes:
        python: the formula in Python's spelling.
        names: the numbers that it may use.
        laws: the random numbers that it may use inside a mean, with their sizes.
        averaging: whether this is inside a mean.
        imaginary: whether negative numbers have square roots.
    """

    python: Python
    names: tuple[str, ...]
    laws: Sizes
    averaging: bool = False
    imaginary: bool = False

    def read(self, node: ast.expr, depth: int) -> Node:
        """The tree of a node that lies at some depth."""
        if depth > DEEPEST:
            raise self._error(f"the formula is nested more than {DEEPEST} deep; write it simpler", node)
        match node:
            case ast.Constant(value=int(index)):
                return Number(self.python.numbers[index])
            case ast.Name(id=identifier):
                return self._name(self.python.name(identifier), node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._folded(Minus(self.read(operand, depth + 1)), node)
            case ast.BinOp(op=op):
                return self._power(node, depth) if isinstance(op, ast.Pow) else self._chain(node, depth)
            case ast.Call(func=ast.Name(id=identifier), keywords=[]):
                return self._call(self.python.name(identifier), node, depth)
        raise self._error(
            "this has no place in a formula; commas stand in min(a, b) and max(a, b) only", node
        )

    def _error(self, what: str, node: ast.expr) -> FormulaError:
        return self.python.error(what, node)

    def _name(self, name: str, node: ast.expr) -> Node:
        if name in self.laws and not self.averaging:
            raise self._error(f"{name} is a random number; use it inside {MEAN}(...), its mean", node)
        if name not in self.names and name not in self.laws:
            if name == PI:
                return Pi()
            if name in WORDS:
                raise self._error(f"{name} is a function; write {name}(...)", node)
            choices = [*self.names, *self.laws]
            raise self._error(f"unknown name '{name[:40]}'; {_nearest(name, choices)}", node)
        return Name(name)

    def _chain(self, node: ast.BinOp, depth: int) -> Node:
        """`a + b - c`, whose tree in Python leans to the left as far as there are terms."""
        operands: list[tuple[str, ast.expr]] = []
        signs = ADDITIVE if isinstance(node.op, ast.Add | ast.Sub) else MULTIPLICATIVE
        first: ast.expr = node
        while isinstance(first, ast.BinOp) and (sign := SIGNS.get(type(first.op), " ")) in signs:
            operands.append((sign, first.right))
            first = first.left
        value = self.read(first, depth + 1)
        for sign, right in reversed(operands):
            value = self._joined(value, sign, self.read(right, depth + 1), right)
        return self._bounded(value, node)

    def _joined(self, left: Node, sign: str, right: Node, place: ast.expr) -> Node:
        if sign == "/" and right == Number(Fraction(0)):
            raise self._error("this divides by zero; write a number other than 0", place)
        if isinstance(left, Chain) and left.others[0][0] in (
            ADDITIVE if sign in ADDITIVE else MULTIPLICATIVE
        ):
            return Chain(left.first, (*left.others, (sign, right)))
        return self._folded(Chain(left, ((sign, right),)), place)

    def _power(self, node: ast.BinOp, depth: int) -> Node:
        base, exponent = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
        if exponent == Number(Fraction(1, 2)):
            return self._function("sqrt", (base,), node)
        value = exponent.value if isinstance(exponent, Number) else None
        if value is None or value.denominator != 1 or abs(value) > LARGEST_POWER:
            size = f"-{LARGEST_POWER} to {LARGEST_POWER}"
            raise self._error(f"an exponent is a whole number from {size}, or 1/2", node.right)
        if base == Number(Fraction(0)) and value < 0:
            raise self._error("this divides by zero; write an exponent of at least 0", node.right)
        return self._bounded(self._folded(Power(base, int(value)), node), node)

    def _call(self, name: str, node: ast.Call, depth: int) -> Node:
        if name == MEAN:
            return self._mean(node, depth)
        if name not in FUNCTIONS:
            what = f"unknown function '{name[:40]}'; {_nearest(name, WORDS)}"
            if name in (*self.names, *self.laws):
                what = f"{name} is no function; write {name}*(...) for a product"
            raise self._error(what, node)
        self._refuse_count(name, FUNCTIONS[name].arity, node)
        return self._function(name, tuple(self.read(a, depth + 1) for a in node.args), node)

    def _refuse_count(self, name: str, arity: int, node: ast.Call) -> None:
        if len(node.args) != arity:
            example = f"{name}({', '.join('ab'[:arity])})"
            raise self._error(f"{name} takes {arity}, not {len(node.args)}; write {example}", node)

    def _function(self, name: str, arguments: tuple[Node, ...], node: ast.expr) -> Node:
        first = arguments[0]
        if isinstance(first, Number):
            self._refuse_domain(name, first.value, node)
        call = Call(name, arguments, self.python.source(node))
        return self._folded(call, node) if name in RATIONAL else call

    def _refuse_domain(self, name: str, value: Fraction, node: ast.expr) -> None:
        if name == "log" and value <= 0:
            raise self._error("the logarithm takes a number > 0", node)
        if name == "sqrt" and value < 0 and not self.imaginary:
            raise self._error("the square root takes a number >= 0", node)
        if name in ("asin", "acos") and abs(value) > 1:
            raise self._error(f"{name} takes a number from -1 to 1", node)

    def _mean(self, node: ast.Call, depth: int) -> Node:
        self._refuse_count(MEAN, 1, node)
        if self.averaging:
            what = f"{MEAN}(...) stands inside {MEAN}(...); a variance is {MEAN}(u^2) - {MEAN}(u)^2"
            raise self._error(what, node)
        body = replace(self, averaging=True).read(node.args[0], depth + 1)
        draws = tuple(dict.fromkeys(name for name in named(body) if name in self.laws))
        if not draws:
            laws = f"; known: {', '.join(self.laws)}" if self.laws else ""
            raise self._error(f"there is no random number in {MEAN}(...); leave {MEAN} out{laws}", node)
        if len(draws) > MOST_DRAWS:
            what = f"{MEAN}(...) averages over {len(draws)} random numbers; over at most {MOST_DRAWS} it can"
            raise self._error(what, node)
        return self._bounded(Mean(body, draws), node)

    def _folded(self, node: Node, place: ast.expr) -> Node:
        """The number that a node of numbers is."""
        if not all(isinstance(inner, Number) for inner in node.inside):
            return node
        exact: Any = Rationals()
        value = node.at(exact, NOTHING, NOTHING)
        if max(abs(value.numerator), value.denominator) > LARGEST:
            raise self._error("the number that this makes is too large to compute with", place)
        return Number(value)

    def _bounded(self, expression: Node, node: ast.expr) -> Node:
        if expression.terms(self.laws) > MOST_TERMS:
            raise self._error(f"this has more than {MOST_TERMS} terms when expanded; write it simpler", node)
        return expression


def _nearest(name: str, choices: Iterable[str]) -> str:
    choices = sorted(choices)
    near = get_close_matches(name, choices, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'? known" if near else "known"
    return f"{hint}: {', '.join(choices) or 'none'}"
