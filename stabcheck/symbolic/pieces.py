"""The smooth pieces of an expression around a point, one for each choice of signs at the doors to a kink.

`|t|` is `s t` with the sign `s` of `t`. Where `t` is not 0 at the point its sign is known; else there
is a piece for either. A square root of what vanishes there, and is no square, is a letter with a known
square.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.factoring import factor_list
from stabcheck.symbolic.germs import ARGUMENT, derivative
from stabcheck.symbolic.ops import SymPyOps
from stabcheck.symbolic.settling import settled_sign
from stabcheck.symbolic.unevaluated import Expectation, GermFunction
from stabcheck.symbolic.zero import vanishes

DOORS = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside, sp.DiracDelta)
MOST_SIGNS = 4
"""Signs that may go either way at one point, which makes 16 pieces."""
HALF = sp.Rational(1, 2)


@dataclass(frozen=True)
class Place:
    """A point, and the arithmetic that built what is looked at there.

    Attributes:
        ops: the arithmetic.
        point: a value for every coordinate.
        assumed: what was taken not to be 0 on the way, as it is for most values of its symbols.
        letters: for square roots of what vanishes at the point, by what they are the roots of.
    """

    ops: SymPyOps
    point: Mapping[sp.Symbol, sp.Expr]
    assumed: list[sp.Expr] = field(default_factory=list)
    letters: dict[sp.Expr, sp.Symbol] = field(default_factory=dict)

    def value(self, expression: sp.Expr) -> sp.Expr:
        """An expression at the point."""
        return sp.expand(self.ops.at(dict(self.point), expression))

    def random(self, expression: sp.Expr) -> bool:
        """Whether a draw enters an expression."""
        return not expression.free_symbols.isdisjoint(self.ops.laws)

    def germ(self, node: GermFunction) -> sp.Expr:
        """What a derivative of a function known by name is, as an expression in its argument."""
        name, k, t = node.args
        before = len(self.ops.kinks)
        body = derivative(self.ops.written(name.name), int(k)).xreplace({ARGUMENT: t})
        del self.ops.kinks[before:]
        return body


def has_doors(expression: sp.Expr, place: Place) -> bool:
    """Whether there is a door to a kink in an expression, or a root."""
    if expression.has(*DOORS) or any(_is_root(p) for p in expression.atoms(sp.Pow)):
        return True
    return any(has_doors(place.germ(g), place) for g in expression.atoms(GermFunction))


def _is_root(power: sp.Pow) -> bool:
    return isinstance(power.exp, sp.Rational) and power.exp.q == 2


@dataclass(frozen=True)
class Piece:
    """What an expression is where the signs are these.

    Attributes:
        signs: 1 or -1 for each expression whose sign is not settled by the point.
        expression: without doors that lead to a kink at the point.
        roots: letters for square roots of what vanishes at the point, with their squares.
        jumps: letters for `E[B |t|]` with random `t` that vanishes at the point, with `B` there; zero
            where only a slope of `B` is left.
    """

    signs: Mapping[sp.Expr, int]
    expression: sp.Expr
    roots: Mapping[sp.Symbol, sp.Expr]
    jumps: Mapping[sp.Symbol, sp.Expr]


def pieces(expression: sp.Expr, place: Place, signs: Mapping[sp.Expr, int] | None = None) -> Iterator[Piece]:
    """Every piece, those of signs that exclude each other included.

    Raises:
        Undecidable: if there are too many, or a sign at the point is unknown.
    """
    signs = signs or {}
    branch = _Branch(place, signs)
    resolved = branch.resolved(expression)
    if not branch.met:
        yield Piece(signs, resolved, branch.roots, branch.jumps)
        return
    if len(signs) == MOST_SIGNS:
        raise Undecidable("too many kinks meet at the equilibrium")
    for sign in (1, -1):
        yield from pieces(expression, place, {**signs, branch.met[0]: sign})


def piece_where(expression: sp.Expr, place: Place, side: Callable[[sp.Expr], int | None]) -> Piece | None:
    """The piece with the signs that a rule gives; `None` where it gives none."""
    signs: dict[sp.Expr, int] = {}
    while True:
        branch = _Branch(place, signs)
        resolved = branch.resolved(expression)
        if not branch.met:
            return Piece(signs, resolved, branch.roots, branch.jumps)
        if (sign := side(branch.met[0])) is None:
            return None
        signs[branch.met[0]] = sign


@dataclass(frozen=True)
class _Branch:
    """One choice of signs; `met` are those that it has not chosen."""

    place: Place
    signs: Mapping[sp.Expr, int]
    met: list[sp.Expr] = field(default_factory=list)
    roots: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)
    jumps: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)
    _cache: dict[sp.Expr, sp.Expr] = field(default_factory=dict)

    def resolved(self, e: sp.Expr) -> sp.Expr:
        """An expression without the doors that lead to a kink at the point."""
        if not e.args or isinstance(e, GermFunction) or not has_doors(e, self.place):
            return self._germ(e) if isinstance(e, GermFunction) else e
        if e not in self._cache:
            self._cache[e] = self._rebuilt(e)
        return self._cache[e]

    def _rebuilt(self, e: sp.Expr) -> sp.Expr:
        if isinstance(e, Expectation):
            return self._mean(e)
        args = [self.resolved(a) for a in e.args]
        doors: dict[type, Callable[[], sp.Expr]] = {
            sp.Abs: lambda: self._absolute(args[0]),
            sp.Max: lambda: self._extreme(args, 1),
            sp.Min: lambda: self._extreme(args, -1),
            sp.sign: lambda: self._sign(args[0]),
            sp.Heaviside: lambda: (1 + self._sign(args[0])) / 2,
            sp.DiracDelta: lambda: self._impulse(args[0]),
        }
        if isinstance(e, sp.Pow) and _is_root(e):
            return self._root(args[0]) ** (2 * e.exp)
        return doors[e.func]() if e.func in doors else e.func(*args)

    def _germ(self, e: GermFunction) -> sp.Expr:
        """A function known by its germ stays as it is, unless it has a kink at the point."""
        body = self.place.germ(e)
        if not has_doors(body, self.place):
            return e
        inner = _Branch(self.place, {})
        inner.resolved(body)
        if not (inner.met or inner.roots or inner.jumps):
            return e
        # Once more, so that the kink is recorded where it lies.
        self.place.ops.germs[e.args[0].name](e.args[2])
        return self.resolved(body)

    def _absolute(self, t: sp.Expr) -> sp.Expr:
        """`|t|`, from the factors of `t`."""
        factors = []
        for base, power in self._factors(t):
            if power % 2 == 0:
                factors.append(base**power)
            elif self._still(base) and self.place.random(base):
                factors.append(self._letter(base * base) * base ** (power - 1))
            elif self._sign_is_random(base):
                factors.append(sp.Abs(base) * base ** (power - 1))
            else:
                factors.append(self._local_sign(base) * base**power)
        return sp.Mul(*factors)

    def _sign(self, t: sp.Expr) -> sp.Expr:
        odd = [base for base, power in self._factors(t) if power % 2]
        for base in odd:
            if self._still(base) and self.place.random(base):
                raise Undecidable("the sign of a random number jumps at the equilibrium")
        return sp.Mul(*(sp.sign(b) if self._sign_is_random(b) else self._local_sign(b) for b in odd))

    def _impulse(self, t: sp.Expr) -> sp.Expr:
        if self._still(t):
            raise Undecidable("a slope jumps at the equilibrium")
        return sp.DiracDelta(t) if self._sign_is_random(t) else sp.S.Zero

    def _extreme(self, args: list[sp.Expr], side: int) -> sp.Expr:
        """`max`, or `min` on the other side, of all arguments in turn."""
        extreme, *others = args
        for other in others:
            gap = extreme - other
            size = self._absolute(gap)
            if sp.expand(size - gap) == 0:
                extreme = extreme if side > 0 else other
            elif sp.expand(size + gap) == 0:
                extreme = other if side > 0 else extreme
            else:
                extreme = (extreme + other + side * size) / 2
        return extreme

    def _root(self, t: sp.Expr) -> sp.Expr:
        """The square root, from the factors of `t`; squares among them come out as absolute values."""
        if not self._still(t):
            self._assume(t)
            return sp.sqrt(t)
        outside, inside = sp.S.One, sp.S.One
        for base, power in self._factors(t):
            outside *= self._absolute(base) ** (power // 2) if power > 1 else 1
            inside *= base ** (power % 2)
        if self._still(inside):
            return outside * self._letter(inside)
        self._assume(inside)
        return outside * sp.sqrt(inside)

    def _letter(self, square: sp.Expr) -> sp.Symbol:
        square = sp.expand(square)
        letter = self.place.letters.setdefault(square, sp.Dummy(nonnegative=True))
        self.roots[letter] = square
        return letter

    def _mean(self, e: sp.Expr) -> sp.Expr:
        """An expectation whose body is smooth for each draw, or a letter for what is not."""
        body, *draws = e.args
        body, jumps = self.resolved(body), []
        for letter in [r for r, q in self.roots.items() if not q.free_symbols.isdisjoint(draws)]:
            square = self.roots.pop(letter)
            slope = body.diff(letter).xreplace({letter: 0})
            bend = self._at(body.diff(letter, 2).xreplace({letter: 0}))
            left = [self._at(m) for m in (slope, *(slope.diff(s) for s in (*self.place.point, *self.roots)))]
            if any(m != 0 for m in left):
                jumps.append(sp.Dummy(real=True))
                self.jumps[jumps[-1]] = left[0]
            body = body.xreplace({letter: 0}) + bend * square / 2
        return sp.Add(Expectation(body, *draws), *jumps)

    def _factors(self, t: sp.Expr) -> Iterator[tuple[sp.Expr, int]]:
        """The factors of `t` with their powers; two that differ by a number are one."""
        t = sp.expand(t)
        if t.is_polynomial(*t.free_symbols):
            constant, factors = factor_list(t)
            yield constant, 1
            yield from ((base, int(power)) for base, power in factors)
            return
        for part in sp.Mul.make_args(t):
            base, power = part.as_base_exp()
            yield (base, int(power)) if power.is_Integer else (part, 1)

    def _written(self, t: sp.Expr) -> sp.Expr:
        """`t` at the point as it is written: a sum of squares shows its sign until it is expanded."""
        return self.place.ops.at(dict(self.place.point), t.xreplace(dict.fromkeys(self.roots, 0)))

    def _at(self, t: sp.Expr) -> sp.Expr:
        return self.place.value(t.xreplace(dict.fromkeys(self.roots, 0)))

    def _still(self, t: sp.Expr) -> bool:
        """Whether `t` vanishes at the point."""
        value = self._at(t)
        return value == 0 or vanishes(value) is True

    def _sign_is_random(self, t: sp.Expr) -> bool:
        """Whether the sign of `t` depends on a draw, where it is not 0 at the point."""
        return self.place.random(self._at(t))

    def _local_sign(self, t: sp.Expr) -> sp.Expr:
        """The sign of `t` around the point; where a hyperparameter decides, what it is unless it is 0."""
        if self._still(t):
            return sp.S.One if t.is_nonnegative or self._definite(t) else self._chosen(t)
        value = self._at(t)
        sign = sp.sign(value)
        if value.is_number and sign not in (1, -1):
            raise Undecidable(f"the sign of {value} is not known")
        self._assume(t)
        return sign

    def _assume(self, t: sp.Expr) -> None:
        if t.free_symbols.isdisjoint(self.place.point):
            return
        value = self._at(t)
        if not (self.place.random(value) or self._written(t).is_nonzero or settled_sign(value)):
            self.place.assumed.append(value)

    def _chosen(self, t: sp.Expr) -> sp.Integer:
        if t not in self.signs:
            self.met.append(t)
        return sp.Integer(self.signs.get(t, 1))

    def _definite(self, t: sp.Expr) -> bool:
        """Whether `t` has a strict minimum at the point, by its second derivatives."""
        moving = [s for s in self.place.point if t.has(s)]
        if t.free_symbols & self.roots.keys() or any(self._at(t.diff(s)) != 0 for s in moving):
            return False
        bend = sp.Matrix(len(moving), len(moving), lambda j, k: self._at(t.diff(moving[j], moving[k])))
        return bool(bend.is_positive_definite) if moving else False
