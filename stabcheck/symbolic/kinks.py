"""Whether an expression has first and second derivatives at a point, whatever doors to a kink it passes.

It has, where all its pieces have the same there. It has none, where the one-sided limits of its
gradient along some lines through the point contradict each other. Else nothing is proved.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise, product

import sympy as sp

from stabcheck.core.errors import NotSmooth, Undecidable
from stabcheck.symbolic.pieces import MOST_SIGNS, Piece, Place, has_doors, piece_where, pieces
from stabcheck.symbolic.unevaluated import Expectation
from stabcheck.symbolic.zero import vanishes

HIGHEST = 4
"""The order up to which a line is followed to see the sign of an expression on it."""
LINES, SIZE, SEED = 12, 7, 0
"""How many random lines are tried, with whole numbers up to `SIZE` for a direction."""
LONG = 60

Vector = tuple[sp.Expr, ...]


@dataclass(frozen=True)
class Smooth:
    """An expression that has the derivatives asked for.

    Attributes:
        expression: one with the same derivatives at the point, without kinks there.
        whole: all of its derivatives are the same; else only those in which an own coordinate is.
        door: it passes a door to a kink at the point, so that higher derivatives may be missing.
    """

    expression: sp.Expr
    whole: bool = True
    door: bool = False


def smooth(expression: sp.Expr, place: Place, own: Sequence[sp.Symbol], order: int = 2) -> Smooth:
    """See that an expression has derivatives at a point: of every order up to 1 or 2.

    Args:
        expression: in the coordinates of the place.
        place: where.
        own: the coordinates of which one enters every derivative that is needed.
        order: 1, or 2.

    Raises:
        NotSmooth: if it proves to have none.
        Undecidable: if nothing is proved.
    """
    if not has_doors(expression, place):
        return Smooth(expression)
    try:
        smoothed = _agreed(expression, place, own, order) or _termwise(expression, place, own, order)
    except Undecidable:
        smoothed = _termwise(expression, place, own, order)
    if smoothed is None:
        _refuse(expression, place, own, order)
        raise Undecidable(f"whether {_label(None, place)} has a kink at the equilibrium is not proved")
    return smoothed


def _agreed(expression: sp.Expr, place: Place, own: Sequence[sp.Symbol], order: int) -> Smooth | None:
    """The expression smoothed, if all of its pieces have the same derivatives.

    Raises:
        Undecidable: if there are too many pieces.
    """
    first, *others = (_Jet(piece, place, order) for piece in pieces(expression, place))
    if not all(jet.plain for jet in (first, *others)):
        return None
    if all(jet.agrees(first, first.coordinates) for jet in others):
        return Smooth(first.expression, door=bool(others or place.letters))
    if all(jet.agrees(first, own) for jet in others):
        return Smooth(first.expression, whole=False, door=True)
    return None


def _termwise(expression: sp.Expr, place: Place, own: Sequence[sp.Symbol], order: int) -> Smooth | None:
    """The expression smoothed, if each of its terms can be."""
    terms = sp.Add.make_args(expression.expand(deep=False))
    if len(terms) == 1:
        return None
    smoothed: list[Smooth] = []
    for term in terms:
        try:
            smoothed.append(smooth(term, place, own, order))
        except (NotSmooth, Undecidable):
            return None
    return Smooth(
        sp.Add(*(s.expression for s in smoothed)),
        all(s.whole for s in smoothed),
        any(s.door for s in smoothed),
    )


def refuse_half_lines(place: Place) -> None:
    """Raises:
    NotSmooth: if the argument of a root vanishes at a point and is negative near it.
    """
    for t in place.ops.roots:
        if place.random(t) or vanishes(place.value(t)) is not True or t.is_nonnegative:
            continue
        d = next((d for d in _directions(place, [t]) if _side(t, place, d) == -1), None)
        if d is not None:
            direction = tuple(float(x) for x in d)
            raise NotSmooth(f"{_label(t, place)} is not real on all sides of the equilibrium", (direction,))


@dataclass(frozen=True)
class _Jet:
    """The derivatives of a piece at the point.

    The letters `r` of its roots are taken for further coordinates: those of a smooth expression enter
    through `r^2` alone, up to the order that is looked at.
    """

    piece: Piece
    place: Place
    order: int

    @cached_property
    def coordinates(self) -> tuple[sp.Symbol, ...]:
        return tuple(self.place.point)

    @cached_property
    def expression(self) -> sp.Expr:
        """The piece with the squares in the place of its letters."""
        bent = (self.at(self.piece.expression.diff(r, 2)) * q / 2 for r, q in self.piece.roots.items())
        return sp.Add(self.piece.expression.xreplace(self._without), *bent)

    @cached_property
    def _without(self) -> dict[sp.Symbol, sp.Expr]:
        return dict.fromkeys((*self.piece.roots, *self.piece.jumps), sp.S.Zero)

    def at(self, expression: sp.Expr) -> sp.Expr:
        return self.place.value(expression.xreplace(self._without))

    @cached_property
    def plain(self) -> bool:
        """Whether no letter enters otherwise than by its square."""
        letters = [*self.piece.roots, *self.piece.jumps]
        if any(self.at(q.diff(s)) != 0 for q in self.piece.roots.values() for s in self.coordinates):
            return False
        slopes = [self.piece.expression.diff(r) for r in letters]
        if not all(_zero(self.at(e)) for e in slopes):
            return False
        if self.order < 2:
            return True
        mixed = (e.diff(s) for e in slopes for s in self.coordinates)
        crossed = (self.piece.expression.diff(r, s) for r, s in combinations(letters, 2))
        own = (self.piece.expression.diff(r, 2) for r in self.piece.jumps)
        nested = (q.has(*letters) for q in self.piece.roots.values()) if letters else ()
        return all(_zero(self.at(e)) for e in (*mixed, *crossed, *own)) and not any(nested)

    def slope(self, s: sp.Symbol) -> sp.Expr:
        return self.place.value(self.expression.diff(s))

    def bend(self, s: sp.Symbol, t: sp.Symbol) -> sp.Expr:
        return self.place.value(self.expression.diff(s, t))

    @cached_property
    def slopes(self) -> dict[sp.Symbol, sp.Expr]:
        return {s: self.slope(s) for s in self.coordinates}

    @cached_property
    def bends(self) -> dict[tuple[sp.Symbol, sp.Symbol], sp.Expr]:
        pairs = product(self.coordinates, repeat=2) if self.order > 1 else ()
        return {(s, t): self.bend(s, t) for s, t in pairs}

    def agrees(self, other: _Jet, own: Iterable[sp.Symbol]) -> bool:
        """Whether the derivatives in which an own coordinate enters are the same."""
        return all(
            _zero(self.slopes[s] - other.slopes[s])
            and all(_zero(self.bends[s, t] - other.bends[s, t]) for t in self.coordinates if self.bends)
            for s in own
        )

    def endless(self) -> Iterator[sp.Expr]:
        """The weights of what makes a slope jump, or grow without bound, on any line.

        These are means of random absolute values, and roots of what crosses 0 at the point.
        """
        for r, q in (*self.piece.roots.items(), *self.piece.jumps.items()):
            weight = self.at(self.piece.expression.diff(r)) * (q if r in self.piece.jumps else 1)
            steep = r in self.piece.jumps or any(
                vanishes(self.at(q.diff(s))) is False for s in self.coordinates
            )
            if steep and not self.place.random(weight):
                yield weight

    # Along a line

    def limits(self, d: Vector, own: Sequence[sp.Symbol]) -> tuple[Vector, Vector] | None:
        """The own gradient's limit at the point along a half-line, and its slope there.

        `None` where a root on it is of higher order. A slope is given only where no letter enters
        the limit.
        """
        e, back = self.piece.expression, dict(zip(self.coordinates, d, strict=True))
        moved = lambda q, s: _sum(self.at(q.diff(s, t)) * back[t] for t in self.coordinates) / 2  # noqa: E731
        sizes, normals = {}, {}
        for r, q in self.piece.roots.items():
            squared = _sum(moved(q, s) * back[s] for s in self.coordinates)
            crosses = any(self.at(q.diff(s)) != 0 for s in self.coordinates)
            if crosses or q.has(*self.piece.roots) or not sp.expand(squared).is_positive:
                return None
            sizes[r] = sp.sqrt(sp.expand(squared))
            normals[r] = {s: moved(q, s) / sizes[r] for s in own}
        plain = e.xreplace(dict.fromkeys(self.piece.jumps, sp.S.Zero))
        first = {r: self.at(plain.diff(r)) for r in sizes}
        limit = tuple(self.at(plain.diff(s)) + sum(first[r] * normals[r][s] for r in sizes) for s in own)
        if self.order < 2 or any(c != 0 for c in first.values()):
            return limit, ()
        along = lambda f: _sum(self.at(f.diff(t)) * back[t] for t in self.coordinates)  # noqa: E731
        slope = tuple(
            along(plain.diff(s))
            + sum(self.at(plain.diff(s, r)) * sizes[r] for r in sizes)
            + sum(along(plain.diff(r)) * normals[r][s] for r in sizes)
            + sum(self.at(plain.diff(r, u)) * sizes[u] * normals[r][s] for r in sizes for u in sizes)
            for s in own
        )
        return limit, slope


def _sum(terms: Iterable[sp.Expr]) -> sp.Expr:
    return sum(terms, sp.S.Zero)


def _refuse(expression: sp.Expr, place: Place, own: Sequence[sp.Symbol], order: int) -> None:
    """Raises:
    NotSmooth: if some one-sided limits contradict each other.
    """
    lines = _Lines(expression, place, tuple(own), order)
    gap, case = next(((gap, case) for case in lines.cases() for gap in lines.gaps(case)), (None, ()))
    if gap is not None:
        label = _label(next(iter(lines.atoms), None), place)
        directions = tuple(tuple(float(x) for x in d) for d in case)
        raise NotSmooth(f"{label} has a kink at the equilibrium{_unless(gap, place)}", directions)


@dataclass(frozen=True)
class _Lines:
    """One-sided limits along lines through the point."""

    expression: sp.Expr
    place: Place
    own: tuple[sp.Symbol, ...]
    order: int
    jets: dict[Vector, _Jet | None] = field(default_factory=dict)

    @cached_property
    def atoms(self) -> tuple[sp.Expr, ...]:
        """What vanishes at the point inside of doors, as far as the first lines meet it."""
        met = (self._jet(d) for d in _directions(self.place, []))
        vanishing = (e for jet in met if jet for e in (*jet.piece.signs, *jet.piece.roots.values()))
        return tuple(dict.fromkeys(vanishing))

    def cases(self) -> Iterator[tuple[Vector, ...]]:
        """Directions that add up to 0."""
        for d, e in pairwise(_directions(self.place, self.atoms)):
            yield d, tuple(-x for x in d)
            yield d, e, tuple(-x - y for x, y in zip(d, e, strict=True))

    def gaps(self, directions: Sequence[Vector]) -> Iterator[sp.Expr]:
        """What does not vanish, and would if there were derivatives."""
        jets = [jet for d in directions if (jet := self._jet(d)) is not None]
        if len(jets) < len(directions):
            return
        yield from (gap for jet in jets for gap in jet.endless() if _differs(gap, self.place))
        one_sided = [jet.limits(d, self.own) for jet, d in zip(jets, directions, strict=True)]
        limits = [pair for pair in one_sided if pair is not None]
        if len(limits) == len(directions):
            sums = map(sp.expand, self._sums(limits, directions))
            yield from (gap for gap in sums if _differs(gap, self.place))

    def _sums(
        self, limits: Sequence[tuple[Vector, Vector]], directions: Sequence[Vector]
    ) -> Iterator[sp.Expr]:
        if self.order == 1:
            yield _sum(g * x for (limit, _), d in zip(limits, directions, strict=True)
                      for g, x in zip(limit, d, strict=True))  # fmt: skip
            return
        for (first, _), (second, _) in pairwise(limits):
            yield from (a - b for a, b in zip(first, second, strict=True))
        if all(slope for _, slope in limits):
            yield from (_sum(row) for row in zip(*(slope for _, slope in limits), strict=True))

    def _jet(self, d: Vector) -> _Jet | None:
        """The piece on a half-line."""
        if d not in self.jets:
            piece = piece_where(self.expression, self.place, lambda t: _side(t, self.place, d))
            self.jets[d] = None if piece is None else _Jet(piece, self.place, self.order)
        return self.jets[d]


def _side(t: sp.Expr, place: Place, d: Vector) -> int | None:
    """The sign of what vanishes at the point on a half-line that starts there; `None` where unknown."""
    if not t.free_symbols.isdisjoint(place.letters.values()):
        return None
    step = sp.Dummy(positive=True)
    line = t.xreplace({s: e + step * x for (s, e), x in zip(place.point.items(), d, strict=True)})
    for _ in range(HIGHEST):
        line = line.diff(step)
        slope = sp.expand(place.ops.at({step: sp.S.Zero}, line))
        if slope != 0:
            return 1 if slope.is_positive else -1 if slope.is_negative else None
    return None


def _directions(place: Place, atoms: Sequence[sp.Expr]) -> list[Vector]:
    """Random lines, the axes, and lines into every cone that the tangents of some expressions cut out."""
    rng, n = random.Random(SEED), len(place.point)
    axes = [tuple(sp.Integer(j == k) for j in range(n)) for k in range(n)]
    gradients = [[place.value(t.diff(s)) for s in place.point] for t in atoms]
    slopes = [g for g in gradients if any(g) and all(x.is_Rational for x in g)][:MOST_SIGNS]
    drawn = [tuple(sp.Integer(rng.randint(-SIZE, SIZE)) for _ in range(n)) for _ in range(LINES)]
    return [*drawn, *_into_cones(slopes), *axes, axes[0]]


def _into_cones(slopes: Sequence[Sequence[sp.Expr]]) -> Iterator[Vector]:
    """Directions in which some linear forms have all the signs that two, or one, of them can have."""
    for rows in (*((g,) for g in slopes), *combinations(slopes, 2)):
        form = sp.Matrix(rows)
        if (square := form * form.T).det() != 0:
            for signs in product((1, -1), repeat=len(rows)):
                yield tuple(form.T * square.inv() * sp.Matrix(signs))


def _zero(e: sp.Expr) -> bool:
    return vanishes(e) is True


def _differs(gap: sp.Expr, place: Place) -> bool:
    """Whether an expression proves not to be 0 for most values of its symbols.

    Of a mean that no moments give, that is known where it is one of absolute values.
    """
    meant = {name: mean for mean, name in place.ops.means.items()}
    letters: list[sp.Expr] = []

    def letter(body: sp.Expr, *draws: sp.Symbol) -> sp.Expr:
        del draws
        letters.append(body)
        return sp.Dummy(positive=True)

    value = gap.xreplace(meant).replace(Expectation, letter)
    return all(body.is_nonnegative for body in letters) and vanishes(value) is False


def _unless(gap: sp.Expr, place: Place) -> str:
    """Where there may be derivatives all the same: at special values of the hyperparameters."""
    means = place.ops.means.values()
    factors = (base for base, _ in sp.factor_list(gap)[1] if base not in means)
    undecided = [base for base in factors if not (base.is_number or base.is_nonzero)]
    product = str(sp.Mul(*undecided))
    return f" unless {product} = 0" if undecided and len(product) <= LONG else ""


def _label(t: sp.Expr | None, place: Place) -> str:
    """The label of the door at which a multiple of `t`, or else any that vanishes, was recorded."""
    there = [(label, e) for label, e in place.ops.kinks if _zero(place.value(e))]
    labels: Mapping[str, None] = dict.fromkeys(label for label, _ in there)
    if t is not None and len(labels) > 1:
        fitting = [label for label, e in there if _divides(t, e)]
        labels = dict.fromkeys(fitting) or labels
    return next(iter(labels), "an expression in the losses")


def _divides(t: sp.Expr, e: sp.Expr) -> bool:
    quotient = sp.cancel(e / t)
    return bool(quotient.is_polynomial(*quotient.free_symbols))
