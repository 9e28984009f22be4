"""Claims as people type them, in a closed grammar: `gamma > 0 implies (stable iff f1^2 h^2 + 2 gamma h < 4)`.

    claim:     statement
    statement: a implies b, a iff b, a or b, a and b, not a, in brackets or from the loosest to the tightest;
               stable, unstable, neutral; t < t <= t with < <= > >= = !=; rate < t
    term:      t + t, t - t, -t, t*t or t t, t/t, t^k with a whole k or 1/2, sqrt(t), abs(t), numbers, names
    names:     of hyperparameters, h_g or h.g for one player's; f1 or f'(0), f2 or f''(0)

What could be read in two ways, `a implies b iff c` or `a/b c`, needs brackets. Nothing is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from types import MappingProxyType

from stabcheck.core.errors import BadInput, nearest_name
from stabcheck.core.number import number
from stabcheck.declare.claim.algebra import Kind, Relation
from stabcheck.declare.claim.statements import And, Compare, Iff, Implies, Is, Not, Or, RateIs, Statement
from stabcheck.declare.claim.terms import (
    Difference,
    Letter,
    Minus,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Size,
    Sum,
    Term,
)
from stabcheck.declare.claim.tokens import END, Token, misplaced, scan, wrong

DEEPEST, LARGEST_POWER, MOST_TOKENS = 20, 12, 300
FUNCTIONS = MappingProxyType({"sqrt": Root, "abs": Size})
KINDS = {kind.value: kind for kind in Kind}
JOINING = ("and", "or", "implies", "iff")
WORDS = (*JOINING, "not", *KINDS, *FUNCTIONS, "rate")
RELATIONS = {relation.value: relation for relation in Relation} | {"==": Relation.EQUAL}
HALF = Fraction(1, 2)
MEANT = MappingProxyType(
    {
        "if": "; write 'implies' or 'iff',", "then": "; write 'implies',", "converges": "; write 'stable',",
        "diverges": "; write 'unstable',", "equals": "; write =", "is": "; leave it out",
        "when": "; write 'iff',", "where": "; write 'implies' or 'iff',",
    }
)  # fmt: skip
"""What other people write."""


def parse(text: str) -> Statement:
    """The statement that a text makes; its names are not looked up.

    Raises:
        BadInput: for what is none, in one line, with the place where it stops being one.
    """
    tokens = list(scan(text))
    if len(tokens) > MOST_TOKENS:
        raise BadInput(f"the claim has {len(tokens)} signs and words; write at most {MOST_TOKENS}")
    reader = _Reader(text, tokens)
    claim = reader.statement(0)
    if reader.next.kind != END:
        raise reader.stuck("'and', 'or', 'implies', 'iff' or the end")
    return claim


class _Rate(Node):
    """The word `rate`, until it is compared."""

    @property
    def inside(self) -> tuple[Node, ...]:
        return ()


class _Reader:
    """A claim, read from left to right.

    Each method reads one kind of node from where the last ended. Whether a bracket holds a statement
    or a term shows inside of it, so that `_value` gives either.
    """

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0

    @property
    def next(self) -> Token:
        """What has not been read yet."""
        return self.tokens[self.at]

    def stuck(self, wanted: str) -> BadInput:
        """The refusal of what is next, with the word that was meant where that is known."""
        token = self.next
        if token.text in MEANT:
            return wrong(self.text, token.start, f"'{token.text}' is no word of a claim{MEANT[token.text]}")
        return misplaced(self.text, token.start, wanted)

    # Statements

    def statement(self, depth: int) -> Statement:
        """`a implies b`, `a iff b`, or what binds more tightly."""
        start = self.next.start
        return self._stated(self._joined(depth), start)

    def _joined(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise wrong(
                self.text, self.next.start, f"brackets are more than {DEEPEST} deep; write it simpler"
            )
        start = self.next.start
        first = self._any(depth)
        if self.next.text not in ("implies", "iff"):
            return first
        left, word = self._stated(first, start), self._read().text
        right = self._stated(*self._from(lambda: self._any(depth)))
        if self.next.text in ("implies", "iff"):
            raise wrong(
                self.text, self.next.start, f"'{word}' and '{self.next.text}' side by side; put brackets"
            )
        return Implies(left, right) if word == "implies" else Iff(left, right)

    def _any(self, depth: int) -> Node:
        return self._several("or", lambda: self._all(depth), Or)

    def _all(self, depth: int) -> Node:
        return self._several("and", lambda: self._not(depth), And)

    def _several(self, word: str, read: Callable[[], Node], make: type[And] | type[Or]) -> Node:
        node, start = self._from(read)
        if self.next.text != word:
            return node
        several = [self._stated(node, start)]
        while self._skip(word):
            several.append(self._stated(*self._from(read)))
        return make(tuple(part for one in several for part in one.joined_by(make)))

    def _not(self, depth: int) -> Node:
        negations = 0
        while self._skip("not"):
            negations += 1
        node, start = self._from(lambda: self._compared(depth))
        for _ in range(negations):
            node = Not(self._stated(node, start))
        return node

    def _compared(self, depth: int) -> Node:
        """`a < b`, `a < b <= c`, or one node without a relation."""
        first, start = self._from(lambda: self._sum(depth))
        left, pairs = first, []
        while self.next.text in RELATIONS:
            relation = RELATIONS[self._read().text]
            right, after = self._from(lambda: self._sum(depth))
            pairs.append(self._comparison(left, start, relation, right, after))
            left, start = right, after
        if not pairs:
            return first
        return pairs[0] if len(pairs) == 1 else And(tuple(pairs))

    def _comparison(self, left: Node, start: int, relation: Relation, right: Node, after: int) -> Statement:
        if isinstance(left, _Rate):
            return RateIs(relation, self._term(right, after))
        if isinstance(right, _Rate):
            return RateIs(relation.mirrored, self._term(left, start))
        return Compare(self._term(left, start), relation, self._term(right, after))

    # Terms

    def _sum(self, depth: int) -> Node:
        node, start = self._from(lambda: self._product(depth))
        while self.next.text in ("+", "-"):
            sign, left = self._read().text, self._term(node, start)
            right = self._term(*self._from(lambda: self._product(depth)))
            node = Sum(left, right) if sign == "+" else Difference(left, right)
        return node

    def _product(self, depth: int) -> Node:
        """Factors side by side, with `*`, `/`, or nothing between them."""
        minus = 0
        while self._skip("-"):
            minus += 1
        node, start = self._from(lambda: self._factors(depth))
        for _ in range(minus):
            node = Minus(self._term(node, start))
        return node

    def _factors(self, depth: int) -> Node:
        node, start = self._from(lambda: self._power(depth))
        divided = False
        while (sign := self._between(node)) is not None:
            if divided and sign == "":
                what = "'a/b c' is read in two ways; write a/(b*c) or a/b*c,"
                raise wrong(self.text, self.next.start, what)
            divided = sign == "/"
            left, right = self._term(node, start), self._term(*self._from(lambda: self._power(depth)))
            node = self._quotient(left, right) if divided else Product(left, right)
        return node

    def _between(self, node: Node) -> str | None:
        """`*` or `/`, which is then read; empty where a factor follows at once; `None` where none does."""
        if self.next.text in ("*", "/"):
            return self._read().text
        name = self.next.kind == "word" and self.next.text not in (*JOINING, "not", *KINDS, *MEANT)
        return "" if isinstance(node, Term) and (name or self.next.text == "(") else None

    def _quotient(self, top: Term, bottom: Term) -> Term:
        if bottom == Number(Fraction(0)):
            raise wrong(self.text, self.tokens[self.at - 1].start, "this divides by zero")
        if isinstance(top, Number) and isinstance(bottom, Number):
            return Number(top.value / bottom.value)
        return Quotient(top, bottom)

    def _power(self, depth: int) -> Node:
        base, start = self._from(lambda: self._value(depth))
        if self.next.text not in ("^", "**"):
            return base
        self._read()
        exponent, base = self._exponent(), self._term(base, start)
        if self.next.text in ("^", "**"):
            raise wrong(self.text, self.next.start, "two powers side by side; put brackets")
        if exponent == HALF:
            return Root(base)
        return Power(base, int(exponent))

    def _exponent(self) -> Fraction:
        """A whole number, maybe negative, or `1/2` in brackets."""
        start = self.next.start
        value = self._fraction() if self._skip("(") else self._signed()
        if value is None or (value != HALF and (value.denominator > 1 or abs(value) > LARGEST_POWER)):
            what = f"an exponent is a whole number up to {LARGEST_POWER} in size, or (1/2),"
            raise wrong(self.text, start, what)
        return value

    def _signed(self) -> Fraction | None:
        sign = -1 if self._skip("-") else 1
        return sign * number(self._read().text) if self.next.kind == "number" else None

    def _fraction(self) -> Fraction | None:
        """What stands before a closing bracket; `None` for what is no fraction."""
        top = self._signed()
        bottom = self._signed() if self._skip("/") else Fraction(1)
        return top / bottom if top is not None and bottom and self._skip(")") else None

    # What stands alone

    def _value(self, depth: int) -> Node:
        token = self.next
        if token.kind == "number":
            return Number(number(self._read().text))
        if self._skip("("):
            return self._bracketed(depth)
        if token.kind == "word" and token.text not in (*JOINING, "not", *MEANT):
            return self._word(self._read(), depth)
        raise self.stuck("a number, a name or a bracket")

    def _bracketed(self, depth: int) -> Node:
        node = self._joined(depth + 1)
        if not self._skip(")"):
            raise self.stuck("a closing bracket")
        return node

    def _word(self, token: Token, depth: int) -> Node:
        if token.text in KINDS:
            return Is(KINDS[token.text])
        if token.text == "rate":
            return _Rate()
        if token.text not in FUNCTIONS:
            return Letter(token.text.replace(".", "_"))
        if not self._skip("("):
            raise self.stuck(f"a bracket behind {token.text}, as {token.text}(h)")
        node, start = self._from(lambda: self._bracketed(depth))
        return FUNCTIONS[token.text](self._term(node, start))

    # Reading

    def _read(self) -> Token:
        token = self.next
        self.at += token.kind != END
        return token

    def _skip(self, text: str) -> bool:
        """Whether this is next; it is then read."""
        there = self.next.text == text
        self.at += there
        return there

    def _from(self, read: Callable[[], Node]) -> tuple[Node, int]:
        """A node, and where it begins."""
        start = self.next.start
        return read(), start

    def _stated(self, node: Node, start: int) -> Statement:
        if isinstance(node, Statement):
            return node
        if isinstance(node, _Rate):
            raise wrong(self.text, start, "'rate' says nothing alone; compare it, as rate < 1/2,")
        near = nearest_name(node.name, WORDS, cutoff=0.7) if isinstance(node, Letter) else ""
        if near:
            raise wrong(self.text, start, f"'{node}' says nothing alone; did you mean '{near}'?")
        if self.next.kind == END or self.next.text in (")", *JOINING):
            raise wrong(self.text, start, f"'{node}' says nothing alone; compare it, as {node} > 0,")
        raise self.stuck("a comparison")

    def _term(self, node: Node, start: int) -> Term:
        if isinstance(node, Term):
            return node
        if isinstance(node, _Rate):
            what = "'rate' stands alone on one side of a comparison; write rate < 1 - h/2, for instance,"
            raise wrong(self.text, start, what)
        what = "a statement stands where a number should; chained comparisons need no brackets,"
        raise wrong(self.text, start, what)
