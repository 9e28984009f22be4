"""Formulas as people type them, in a closed grammar: `a*x^2/2 + E(softplus(u*y))`.

Numbers (exact), `pi`, names, `+ - * / ( )`, powers with a whole exponent or 1/2, the functions of
`FUNCTIONS`, and `E(...)`, the mean over the random numbers inside it. The text becomes a small
tree of our own, which every interpreter evaluates with its own arithmetic; nothing in it is ever
run as Python. The text is bounded before it is parsed, and the tree while it is made.
"""

from __future__ import annotations

import ast
import re
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import comb
from operator import add, mul, sub, truediv
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import number

if TYPE_CHECKING:
    from stabcheck.core.oracle import Ops, Scalar
    from stabcheck.declare.laws import Law

LONGEST, LONGEST_NUMBER, LARGEST_EXPONENT = 2000, 30, 30
DEEPEST, MOST_NODES, MOST_TERMS, MOST_DRAWS = 40, 600, 5000, 3
LARGEST_POWER, LARGEST = 12, 10**90
EXCERPT = 70

NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?(?P<exponent>\d+))?"
TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<number>{NUMBER})|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/^(),])", re.ASCII
)
SIGNS: MappingProxyType[type[ast.operator], str] = MappingProxyType(
    {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
)
ARITHMETIC = MappingProxyType({"+": add, "-": sub, "*": mul, "/": truediv})
ADDITIVE, MULTIPLICATIVE = "+-", "*/"
MEAN = "E"
PI = "pi"


class FormulaError(BadInput):
    """A formula that cannot be used: what is wrong, the formula, and a caret under the place.

    Attributes:
        what: what is wrong and what to do, in one line.
        text: the formula.
        column: where, counted from 0.
    """

    in_lines = True

    def __init__(self, what: str, text: str, column: int) -> None:
        self.what, self.text, self.column = what, text, column
        excerpt, place = _excerpt(text, column)
        super().__init__(f"{what}\n{excerpt}\n{' ' * place}^")

    def at(self, where: str) -> FormulaError:
        """The same with the formula's place in front, a file and a key for instance."""
        return FormulaError(f"{where}: {self.what}", self.text, self.column)


def _excerpt(text: str, column: int) -> tuple[str, int]:
    """At most `EXCERPT` columns of the text around a column, and where that column is in them."""
    start = max(0, min(column - EXCERPT // 2, len(text) - EXCERPT + 1))
    shown = re.sub(r"[^ -~]", lambda m: " " if m[0].isspace() else "?", text[start : start + EXCERPT])
    before, after = "..." * (start > 0), "..." * (start + EXCERPT < len(text))
    return f"{before}{shown[len(before) : EXCERPT - len(after)]}{after}", column - start


class Size(NamedTuple):
    """How much there is behind a name, once its value is put in its place.

    Attributes:
        terms: of the value when expanded.
        copies: for a random number, into how many means over one law the mean over it falls.
    """

    terms: int = 1
    copies: int = 1


DRAWN = Size(terms=2)
"""A random number that is shifted and scaled: `m + s z`."""

Sizes = Mapping[str, Size]
NOTHING: MappingProxyType[str, Any] = MappingProxyType({})


class Node(ABC):
    """A piece of a formula."""

    @abstractmethod
    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        """Its value, in an interpreter's arithmetic."""

    @abstractmethod
    def terms(self, sizes: Sizes) -> int:
        """About how many terms it has when expanded; beyond the bound, just that it is beyond."""

    @property
    def inside(self) -> tuple[Node, ...]:
        """The pieces that it is made of."""
        return ()


@dataclass(frozen=True)
class Number(Node):
    """An exact number."""

    value: Fraction

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        del values, laws
        return xp.vector(self.value)[0]

    def terms(self, sizes: Sizes) -> int:
        del sizes
        return 1


@dataclass(frozen=True)
class Pi(Node):
    """The number pi."""

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        del values, laws
        return xp.pi

    def terms(self, sizes: Sizes) -> int:
        del sizes
        return 1


@dataclass(frozen=True)
class Name(Node):
    """A variable, a hyperparameter or, inside a mean, a random number."""

    name: str

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        del xp, laws
        return values[self.name]

    def terms(self, sizes: Sizes) -> int:
        return _capped(sizes.get(self.name, Size()).terms)


@dataclass(frozen=True)
class Chain(Node):
    """Sums and differences, or products and quotients, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        value = self.first.at(xp, values, laws)
        for sign, node in self.rest:
            value = ARITHMETIC[sign](value, node.at(xp, values, laws))
        return value

    def terms(self, sizes: Sizes) -> int:
        join = add if self.rest[0][0] in ADDITIVE else mul
        return reduce(
            lambda n, node: _capped(join(n, node.terms(sizes))), self.inside[1:], self.first.terms(sizes)
        )

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.first, *(node for _, node in self.rest)


@dataclass(frozen=True)
class Minus(Node):
    """`-of`."""

    of: Node

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        return -self.of.at(xp, values, laws)

    def terms(self, sizes: Sizes) -> int:
        return self.of.terms(sizes)

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Power(Node):
    """`base^exponent`; expanded, a power of `t` terms has `C(t + n - 1, n)`."""

    base: Node
    exponent: int

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        return self.base.at(xp, values, laws) ** self.exponent

    def terms(self, sizes: Sizes) -> int:
        n = abs(self.exponent)
        return _capped(comb(self.base.terms(sizes) + n - 1, n))

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.base,)


@dataclass(frozen=True)
class Call(Node):
    """One of `FUNCTIONS` at some arguments; `label` is how it was written."""

    function: str
    arguments: tuple[Node, ...]
    label: str

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        arguments = (node.at(xp, values, laws) for node in self.arguments)
        return FUNCTIONS[self.function].rule(xp, self.label, *arguments)

    def terms(self, sizes: Sizes) -> int:
        # Nothing expands across it, but its derivatives have the terms of what is inside.
        return max(node.terms(sizes) for node in self.arguments)

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.arguments


@dataclass(frozen=True)
class Mean(Node):
    """`E body` over independent draws, one from the law of each name in `draws`."""

    body: Node
    draws: tuple[str, ...]

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        return self._over(self.draws, xp, values, laws)

    def _over(
        self, draws: tuple[str, ...], xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]
    ) -> Scalar:
        if not draws:
            return self.body.at(xp, values, laws)
        name, *others = draws
        return laws[name].expect(xp, lambda z: self._over(tuple(others), xp, {**values, name: z[0]}, laws))

    def terms(self, sizes: Sizes) -> int:
        copies = (sizes.get(name, DRAWN).copies for name in self.draws)
        return _capped(reduce(mul, copies, self.body.terms(sizes)))

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.body,)


def _capped(terms: int) -> int:
    return min(terms, MOST_TERMS + 1)


class Function(NamedTuple):
    """A function of the grammar: how many arguments, and `rule(xp, label, *arguments)`."""

    arity: int
    rule: Callable[..., Any]


def _sqrt(xp: Ops, label: str, t: Scalar) -> Scalar:
    # The root has a kink at 0, which only the doors tell of.
    return xp.sqrt(t) + 0 * xp.abs(t, label)


def _bounded_inverse(name: str) -> Callable[..., Scalar]:
    """`asin` or `acos`, whose slope at -1 and 1 is infinite; the doors tell of that."""
    return lambda xp, label, t: getattr(xp, name)(t) + 0 * xp.abs(1 - t * t, label)


FUNCTIONS = MappingProxyType(
    {
        "abs": Function(1, lambda xp, label, t: xp.abs(t, label)),
        "acos": Function(1, _bounded_inverse("acos")),
        "asin": Function(1, _bounded_inverse("asin")),
        "asinh": Function(1, lambda xp, _, t: xp.asinh(t)),
        "atan": Function(1, lambda xp, _, t: xp.atan(t)),
        "cos": Function(1, lambda xp, _, t: xp.cos(t)),
        "cosh": Function(1, lambda xp, _, t: xp.cosh(t)),
        "erf": Function(1, lambda xp, _, t: xp.erf(t)),
        "exp": Function(1, lambda xp, _, t: xp.exp(t)),
        "log": Function(1, lambda xp, _, t: xp.log(t)),
        "max": Function(2, lambda xp, label, a, b: xp.maximum(xp.vector(a), b, label)[0]),
        "min": Function(2, lambda xp, label, a, b: xp.minimum(xp.vector(a), b, label)[0]),
        "sin": Function(1, lambda xp, _, t: xp.sin(t)),
        "sinh": Function(1, lambda xp, _, t: xp.sinh(t)),
        "sigmoid": Function(1, lambda xp, _, t: xp.exp(-xp.softplus(-t))),
        "softplus": Function(1, lambda xp, _, t: xp.softplus(t)),
        "sqrt": Function(1, _sqrt),
        "tan": Function(1, lambda xp, _, t: xp.tan(t)),
        "tanh": Function(1, lambda xp, _, t: xp.tanh(t)),
    }
)
RATIONAL = ("abs", "max", "min")
"""The functions that make fractions of fractions."""

WORDS = frozenset({MEAN, *FUNCTIONS})
"""What is called with brackets; without them, such a name may be a user's own."""


@dataclass(frozen=True)
class Rationals:
    """The part of an interpreter's arithmetic that stays among fractions."""

    def vector(self, *entries: Fraction) -> tuple[Fraction, ...]:
        """The vector with these entries."""
        return entries

    def abs(self, t: Fraction, label: str) -> Fraction:
        """`|t|`."""
        del label
        return abs(t)

    def minimum(self, a: tuple[Fraction, ...], b: Fraction, label: str) -> tuple[Fraction, ...]:
        """The entrywise minimum."""
        del label
        return tuple(min(entry, b) for entry in a)

    def maximum(self, a: tuple[Fraction, ...], b: Fraction, label: str) -> tuple[Fraction, ...]:
        """The entrywise maximum."""
        del label
        return tuple(max(entry, b) for entry in a)


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


def nodes(tree: Node) -> Iterator[Node]:
    """Every piece of a tree, itself first."""
    yield tree
    for node in tree.inside:
        yield from nodes(node)


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
    python = _translated(text)
    reader = _Reader(python, tuple(names), sizes, imaginary=imaginary)
    tree = reader.read(_parsed(python), 0)
    return Formula(text, tree, frozenset(_named(tree)))


def names_in(text: str) -> frozenset[str]:
    """The names of a text that no function and no constant is called by, whatever else it holds.

    Raises:
        FormulaError: for characters that no formula has.
    """
    tokens = list(_tokens(text[:LONGEST]))
    calls = {id(t) for t, after in pairwise(tokens) if after.text == "("}
    return frozenset(t.text for t in tokens if t.kind == "name" and id(t) not in calls) - {PI}


# From the text to Python's grammar


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int


@dataclass(frozen=True)
class _Python:
    """A formula in Python's spelling, in which the k-th number is written `k` and the k-th name `_k`.

    So none of Python's words is ever read, and a name may be `lambda`.

    Attributes:
        text: the formula as it was typed.
        code: in Python's spelling.
        spans: for each character of the code, the piece of the text that it stands for.
        numbers: the values of the literals.
        names: as they were typed.
    """

    text: str
    code: str
    spans: tuple[tuple[int, int], ...]
    numbers: tuple[Fraction, ...]
    names: tuple[str, ...]

    def name(self, identifier: str) -> str:
        """The name that an identifier of the code stands for."""
        return self.names[int(identifier.removeprefix("_"))]

    def start(self, node: ast.expr) -> int:
        """Where a node starts in the text."""
        return self.spans[node.col_offset][0]

    def source(self, node: ast.expr) -> str:
        """The text of a node, in one line."""
        return " ".join(self.text[self.start(node) : self.spans[(node.end_col_offset or 1) - 1][1]].split())

    def error(self, what: str, node: ast.expr) -> FormulaError:
        """A refusal with the caret under a node."""
        return FormulaError(what, self.text, self.start(node))


def _translated(text: str) -> _Python:
    if len(text) > LONGEST:
        raise FormulaError(f"the formula has {len(text)} characters; write at most {LONGEST}", text, LONGEST)
    tokens = list(_tokens(text))
    _refuse_disorder(text, tokens)
    code, spans, numbers, names = "", [], [], []
    for token in tokens:
        piece = "**" if token.text == "^" else token.text
        if token.kind == "number":
            piece = str(len(numbers))
            numbers.append(_number(text, token))
        if token.kind == "name":
            piece = f"_{len(names)}"
            names.append(token.text)
        separate = f"{piece} " if token.kind == "name" else piece
        code += separate
        spans += [(token.start, token.start + len(token.text))] * len(separate)
    return _Python(text, code, tuple(spans), tuple(numbers), tuple(names))


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens of a formula, spaces left out."""
    place = 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise FormulaError(_no_place_for(text[place]), text, place)
        token = _Token(match.lastgroup or "", match[match.lastgroup or 0], place)
        if match["number"]:
            token = _Token("number", match["number"], place)
        if token.kind != "space":
            yield token
        place = match.end()


def _no_place_for(character: str) -> str:
    if not character.isascii():
        return "formulas are plain ASCII; spell this character with letters, as theta, or as * - ^"
    shown = character if character.isprintable() else "this character"
    return f"{shown} has no place in a formula; it takes numbers, names, + - * / ^ ( ) and ,"


def _number(text: str, token: _Token) -> Fraction:
    exponent = re.search(r"[eE][+-]?(\d+)", token.text)
    if len(token.text) > LONGEST_NUMBER:
        raise FormulaError(
            f"the number is too long; write at most {LONGEST_NUMBER} characters", text, token.start
        )
    if exponent and int(exponent[1]) > LARGEST_EXPONENT:
        raise FormulaError(
            f"the number is out of range; exponents go to {LARGEST_EXPONENT} in size", text, token.start
        )
    return number(token.text)


def _refuse_disorder(text: str, tokens: list[_Token]) -> None:
    """Raises:
    FormulaError: if values and operators do not alternate, or brackets do not match.
    """
    brackets: list[_Token] = []
    before = _Token("sign", "(", 0)
    for token in tokens:
        _refuse_pair(text, before, token)
        if token.text == "(":
            brackets.append(token)
        if token.text == ")" and not brackets:
            raise FormulaError("this bracket closes none; leave it out", text, token.start)
        if token.text == ")":
            brackets.pop()
        if len(brackets) > DEEPEST:
            raise FormulaError(
                f"brackets are nested more than {DEEPEST} deep; write it simpler", text, token.start
            )
        before = token
    if not tokens:
        raise FormulaError("the formula is empty; write a number, 0 for instance", text, 0)
    if not _ends_value(before):
        raise FormulaError(
            "the formula breaks off; a value is missing", text, before.start + len(before.text)
        )
    if brackets:
        raise FormulaError("this bracket is never closed; add a )", text, brackets[-1].start)


def _ends_value(token: _Token) -> bool:
    return token.kind in ("number", "name") or token.text == ")"


def _refuse_pair(text: str, before: _Token, token: _Token) -> None:
    starts_value = token.kind in ("number", "name") or token.text == "("
    if _ends_value(before):
        if starts_value and not (token.text == "(" and before.kind == "name"):
            raise FormulaError("an operator is missing here, * for instance", text, token.start)
    elif not starts_value and token.text != "-":
        raise FormulaError(f"a value is missing in front of {token.text}", text, token.start)


def _parsed(python: _Python) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(python.code, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Order and brackets are in order, so it is the nesting.
        raise FormulaError("the formula is nested too deep; write it simpler", python.text, 0) from None
    count = sum(isinstance(node, ast.expr) for node in ast.walk(tree))
    if count > MOST_NODES:
        what = f"the formula has {count} numbers, names and operators; write at most {MOST_NODES}"
        raise FormulaError(what, python.text, 0)
    return tree


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

    python: _Python
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
            known = [*self.names, *self.laws]
            raise self._error(f"unknown name '{name[:40]}'; {_nearest(name, known)}", node)
        return Name(name)

    def _chain(self, node: ast.BinOp, depth: int) -> Node:
        """`a + b - c`, whose tree in Python leans to the left as far as there are terms."""
        rest: list[tuple[str, ast.expr]] = []
        signs = ADDITIVE if isinstance(node.op, ast.Add | ast.Sub) else MULTIPLICATIVE
        first: ast.expr = node
        while isinstance(first, ast.BinOp) and (sign := SIGNS.get(type(first.op), " ")) in signs:
            rest.append((sign, first.right))
            first = first.left
        found = self.read(first, depth + 1)
        for sign, right in reversed(rest):
            found = self._joined(found, sign, self.read(right, depth + 1), right)
        return self._bounded(found, node)

    def _joined(self, left: Node, sign: str, right: Node, place: ast.expr) -> Node:
        if sign == "/" and right == Number(Fraction(0)):
            raise self._error("this divides by zero; write a number other than 0", place)
        if isinstance(left, Chain) and left.rest[0][0] in (ADDITIVE if sign in ADDITIVE else MULTIPLICATIVE):
            return Chain(left.first, (*left.rest, (sign, right)))
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
        draws = tuple(dict.fromkeys(name for name in _named(body) if name in self.laws))
        if not draws:
            known = f"; known: {', '.join(self.laws)}" if self.laws else ""
            raise self._error(f"there is no random number in {MEAN}(...); leave {MEAN} out{known}", node)
        if len(draws) > MOST_DRAWS:
            what = f"{MEAN}(...) averages over {len(draws)} random numbers; over at most {MOST_DRAWS} it can"
            raise self._error(what, node)
        return self._bounded(Mean(body, draws), node)

    def _folded(self, found: Node, place: ast.expr) -> Node:
        """The number that a node of numbers is."""
        if not all(isinstance(node, Number) for node in found.inside):
            return found
        exact: Any = Rationals()
        value = found.at(exact, NOTHING, NOTHING)
        if max(abs(value.numerator), value.denominator) > LARGEST:
            raise self._error("the number that this makes is too large to compute with", place)
        return Number(value)

    def _bounded(self, found: Node, node: ast.expr) -> Node:
        if found.terms(self.laws) > MOST_TERMS:
            raise self._error(f"this has more than {MOST_TERMS} terms when expanded; write it simpler", node)
        return found


def _named(tree: Node) -> Iterator[str]:
    """The names in a tree, from left to right."""
    return (node.name for node in nodes(tree) if isinstance(node, Name))


def _nearest(name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'? known" if near else "known"
    return f"{hint}: {', '.join(known) or 'none'}"
