"""The steps of a derivation, made from a result."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp
from flint import arb
from sympy.core.symbol import Str

from stabcheck.core.errors import NotAnEquilibrium, NotSmooth, StabcheckError, Undecidable
from stabcheck.core.hyper import Declaration
from stabcheck.judge.derivation.data import (
    Applied,
    Characteristic,
    Equation,
    Largest,
    PlusMinus,
    Sentence,
    Source,
    Step,
    Subscripted,
)
from stabcheck.judge.equilibria import GameWithEquilibrium
from stabcheck.judge.summary import IN_BINARY, caveats, multiplicity, named_numbers, setting_of, titled
from stabcheck.symbolic.exact import MANIFOLD, Eigenvalue
from stabcheck.symbolic.settling import never
from stabcheck.symbolic.spectrum import Factor, Roots
from stabcheck.symbolic.unevaluated import GermFunction, Mean
from stabcheck.symbolic.update import Linearisation

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis

DIGITS = 12
OWN = "of memory that the players do not feel"


@dataclass(frozen=True)
class Letters:
    """Letters that no symbol of the result goes by."""

    field: sp.Symbol
    loss: sp.Symbol
    jacobian: sp.Symbol
    matrix: sp.Symbol
    root: sp.Symbol
    directions: sp.Symbol
    half_plane: sp.Symbol

    @classmethod
    def free(cls, result: Analysis) -> Letters:
        rows = result.names.items()
        symbols = {s.name for s in result.symbols}
        # A letter with a player's index beside the same letter without one is read as one of its kind.
        stems = {name.partition("_")[0] for name in symbols}
        taken = symbols | stems | {row.tex.lstrip("\\") for _, row in rows}
        choices = (("v", "w", "u"), ("L", "C", "K"), ("J", "G", "H"), ("M", "T", "P"),
                   ("lambda", result.letters.z.name), ("d", "c", "q"), ("s", "w", "p"))  # fmt: skip
        letters = (next((c for c in row if c not in taken), f"{row[0]}0") for row in choices)
        # The variable of the polynomial is an eigenvalue, too, and so never a clash.
        return cls(*map(sp.Symbol, letters))


@dataclass(frozen=True)
class Steps:
    """Makes the steps of one result.

    Attributes:
        result: what is derived.
        by: the letters to write with.
    """

    result: Analysis
    by: Letters

    @property
    def general(self) -> Linearisation | StabcheckError:
        return self.result.general.linearisation

    @property
    def letter(self) -> sp.Symbol:
        """The letter of the matrix whose spectrum decides."""
        return self.by.jacobian if self.plain else self.by.matrix

    @property
    def plain(self) -> bool:
        """Whether the Jacobian itself decides."""
        general = self.general
        assert isinstance(general, Linearisation)
        return not self.result.discrete and general.matrix == general.jacobian

    def every(self) -> Iterator[Step]:
        yield from (self.objective(), self.field(), self.equilibrium())
        if isinstance(self.general, Linearisation):
            yield from self.linear()
        else:
            yield Step("no formulas", ((f"There are no general formulas: {self.general}.",),))
        yield from self.here()
        yield self.verdict()
        if self.result.claims:
            yield self.literature()

    def linear(self) -> Iterator[Step]:
        result = self.result
        if result.manifold:
            yield self.manifold()
        if result.means:
            yield self.means()
        if result.game.own_step is None:
            yield self.jacobian()
        if not self.plain:
            yield self.matrix()
        if result.spectral_map is not None:
            yield self.spectral_map(result.spectral_map)
        yield self.polynomial()
        yield self.eigenvalues()
        yield self.criterion()

    def objective(self) -> Step:
        setting, model = setting_of(self.result), self.result.model
        says = [declared("Game", setting.game)]
        says += [declared("Loss", setting.loss)] if setting.loss is not None else []
        says += [declared("Penalty", part) for part in setting.penalties]
        says.append(("Each player minimises its own loss.",))
        if model.ops.floats:
            says.append((f"Of its numbers, {', '.join(model.ops.floats)}: {IN_BINARY}.",))
        losses = zip(self.result.game.players, model.losses, strict=True)
        rows = [Equation(Subscripted(self.by.loss, sp.Symbol(p)), "=", e) for p, e in losses]
        germs = {e.args[0].name for loss in model.losses for e in loss.atoms(GermFunction)}
        t = sp.Symbol("t", real=True)
        for name, fn in model.ops.germs.items():
            if name in germs:
                rows.append(
                    Equation(GermFunction(Str(name), sp.Integer(0), t), "=", sp.sympify(fn(t), strict=True))
                )
        return Step("objective", tuple(says), tuple(rows))

    def field(self) -> Step:
        model, v = self.result.model, self.by.field
        rule = ("Every player descends its own loss: its part of the field is minus the gradient of"
                " its loss in its own coordinates.",)  # fmt: skip
        pairs = zip(model.coordinates, self.result.vector_field, strict=True)
        rows = [Equation(Subscripted(v, s), "=", e) for s, e in pairs]
        moved = [(s, e) for s, e in zip(model.coordinates, model.projected, strict=True) if s != e]
        says: list[Sentence] = [rule]
        if moved:
            says.append(("After each step a projection puts the players back:",))
            rows += [Equation(s, "->", e) for s, e in moved]
        return Step("vector field", tuple(says), tuple(rows))

    def equilibrium(self) -> Step:
        model = self.result.model
        rows = [Equation(sp.Tuple(*model.coordinates), "=", sp.Tuple(*model.equilibrium))]
        how = (
            "found by a search"
            if isinstance(self.result.game, GameWithEquilibrium)
            else "declared by the game"
        )
        try:
            _ = model.specialised({**self.result.germ, **self.result.values}).osculating
            doubts = self.result.doubts
        except (NotSmooth, NotAnEquilibrium, Undecidable) as refusal:
            return Step("equilibrium", ((f"The equilibrium is {how}; {refusal}.",),), tuple(rows))
        says = f"The equilibrium is {how}; {self.resting()}."
        if doubts:
            says = f"The equilibrium is {how}; there {', '.join(doubts)}."
        rows.append(self.rests(model.equilibrium))
        rows += [Equation(c, "~", c.evalf(DIGITS), c.meaning) for c in named_numbers(self.result)]
        return Step("equilibrium", ((says,),), tuple(rows))

    def resting(self) -> str:
        """What makes a point an equilibrium, in words."""
        return "each player's own gradient vanishes there"

    def rests(self, point: Sequence[sp.Expr]) -> Equation:
        """The same in a formula."""
        return Equation(Applied(self.by.field, *point), "=", sp.S.Zero)

    def manifold(self) -> Step:
        rows = self.result.manifold
        root = str(self.result.region.still)
        remark = ("The equilibrium is not isolated. The operator rests on a whole manifold of them, in the"
                f" {'direction' if len(rows) == 1 else 'directions'} below. Each direction brings an"
                f" eigenvalue {root}, which is left out of the criterion: what is asked is convergence"
                " to the manifold.",)  # fmt: skip
        letters = (Subscripted(self.by.directions, sp.Integer(k)) for k in range(1, len(rows) + 1))
        equations = (Equation(d, "=", sp.Tuple(*row)) for d, row in zip(letters, rows, strict=True))
        return Step("manifold", (remark,), tuple(equations))

    def means(self) -> Step:
        remark = ("No moment gives these expectations at the equilibrium; they get names.",)
        return Step("means", (remark,), tuple(Equation(s, "=", e) for s, e in self.result.means.items()))

    def jacobian(self) -> Step:
        remark = "The derivative of the field at the equilibrium, a row for each part of the field."
        matrix = sp.ImmutableMatrix(self.result.jacobian)
        return Step("Jacobian", ((remark,),), (Equation(self.by.jacobian, "=", matrix),))

    def matrix(self) -> Step:
        says = [declared(title.capitalize(), part) for title, part in titled(self.result.operator)]
        general = self.general
        assert isinstance(general, Linearisation)
        matrix = sp.ImmutableMatrix(general.matrix.to_Matrix())
        memory = matrix.rows - len(self.result.model.coordinates)
        if self.result.discrete:
            period = self.result.operator.period
            one = f"One cycle of {period} steps" if period > 1 else "One step"
            text = f"{one} leaves the equilibrium where it is. Its derivative there is the update matrix"
        else:
            text = "The derivative of the operator's velocity at the equilibrium"
        more = f", on the coordinates and on {memory} numbers that the method remembers" if memory > 0 else ""
        says.append((f"{text}{more}.",))
        name = "update matrix" if self.result.discrete else "matrix of the flow"
        return Step(name, tuple(says), (Equation(self.by.matrix, "=", matrix),))

    def spectral_map(self, phi: sp.Expr) -> Step:
        by = self.result.letters
        remark = ("The method asks for the field alone, so each eigenvalue ", by.mu, " of the Jacobian gives"
                " the eigenvalues ", by.z, " of the method as the roots of a polynomial.")  # fmt: skip
        left = Applied(sp.Symbol("varphi"), by.mu, by.z)
        return Step("spectral map", (remark,), (Equation(left, "=", phi),))

    def polynomial(self) -> Step:
        polynomial = self.result.characteristic_polynomial
        assert polynomial is not None
        rows = [Equation(Characteristic(self.letter, self.result.letters.z), "=", polynomial)]
        remark = ("Its roots are the eigenvalues; it is written in factors where it has any.",)
        return Step("characteristic polynomial", (remark,), tuple(rows))

    def eigenvalues(self) -> Step:
        forms = self.result.closed_form or ()
        how = ("The eigenvalues are the roots of the factors, by completing the square where the degree"
               " allows it.",)  # fmt: skip
        says: list[Sentence] = [how]
        if any(isinstance(form, Factor) for form in forms):
            says.append(
                (
                    "Of a factor set equal to 0, the roots ",
                    self.result.letters.z,
                    " have no short formula.",
                )
            )
        players = len(forms) - len(self.result.memory_form)
        rows = (row for k, form in enumerate(forms) for row in self._roots(form, OWN * (k >= players)))
        return Step("eigenvalues", tuple(says), tuple(rows))

    def _roots(self, form: Roots | Factor, where: str) -> Iterator[Equation]:
        times = multiplicity(form.multiplicity)
        if isinstance(form, Factor):
            yield Equation(form.polynomial, "=", sp.S.Zero, _notes(f"each root {times}", where))
            return
        pair = form.outside != 0
        root = PlusMinus(form.centre, form.radical) if pair else form.centre
        note = _notes("" if form.multiplicity == 1 else f"{'each ' if pair else ''}{times}", where)
        yield Equation(self.by.root, "=", root, note)
        yield from (Equation(letter, "=", meaning, "above") for letter, meaning in form.definitions)

    def criterion(self) -> Step:
        s, z = self.by.half_plane, self.result.letters.z
        how: Sentence = (
            ("Every root lies inside the unit circle iff the map ", z, " = ", (1 + s) / (1 - s), " brings"
             " all of them left of the imaginary axis in ", s, " (Schur-Cohn), which the criterion of"
             " Routh and Hurwitz decides.")
            if self.result.discrete
            else ("Every root lies left of the imaginary axis iff the criterion of Routh and Hurwitz holds.",)
        )  # fmt: skip
        conditions = self.result.conditions
        return Step("criterion", (how, (self._iff(conditions),)), _positive(conditions))

    def _iff(self, conditions: Iterable[sp.Expr] | None) -> str:
        if conditions is None:
            return "Its conditions are too long to write; give values for a verdict."
        conditions = list(conditions)
        if not conditions:
            return "It holds for all values of the hyperparameters."
        if any(map(never, conditions)):
            return "One of its conditions never holds, so there is no exponential stability:"
        return "Conditions that the signs of the hyperparameters settle are left out. Stable iff:"

    def here(self) -> Iterator[Step]:
        result = self.result
        if rows := (*self._values(), *self._germ()):
            yield Step("values", (("For the loss chosen and the values given:",),), rows)
        if result.eigenvalues is not None:
            yield self.spectrum()
        elif result.conditions_here not in (None, result.conditions):
            yield Step(
                "criterion there", ((self._iff(result.conditions_here),),), _positive(result.conditions_here)
            )

    def _values(self) -> Iterator[Equation]:
        for name, value in self.result.values.items():
            symbols = (s for s in self.result.symbols if s.name == name)
            yield Equation(next(symbols, sp.Symbol(name)), "=", value)

    def _germ(self) -> Iterator[Equation]:
        for s in (*self.result.model.germ_symbols, *self.result.model.means):
            value = self.result.germ[s.name]
            if isinstance(value, Mean):
                yield from _enclosed(s, value)
            elif value != s and self.result.means.get(s) != value:
                yield Equation(s, "=", value)

    def spectrum(self) -> Step:
        rows = [row for e in self.result.eigenvalues or () for row in self._eigenvalue(e)]
        rows += [row for e in self.result.memory or () for row in self._eigenvalue(e, OWN)]
        size = self.result.rate
        if size is not None:
            rows += self._rate(size)
        return Step("spectrum", (("All eigenvalues there, in exact arithmetic or in balls:",),), tuple(rows))

    def _eigenvalue(self, e: Eigenvalue, where: str = "") -> Iterator[Equation]:
        along = "along the manifold" if e.place == MANIFOLD else where
        note = _notes("" if e.multiplicity == 1 else multiplicity(e.multiplicity), along)
        if e.exact is not None:
            yield Equation(self.by.root, "=", e.exact, note)
        if e.exact is None or not _gaussian(e.exact):
            yield Equation(self.by.root, "~", _number(e), note if e.exact is None else "")

    def _rate(self, size: float) -> Iterator[Equation]:
        left = Largest((sp.Abs if self.result.discrete else sp.re)(self.by.root))
        slowest = self.result.slowest
        note = "of those that the players feel" if self.result.memory else ""
        if slowest and slowest[0].place == "boundary":
            yield Equation(left, "=", sp.Integer(int(self.result.region.level)), note)
            return
        period = self.result.operator.period
        note = _notes(note, f"per cycle of {period} steps") if period > 1 else note
        ball = self.result.region.size(slowest[0].ball)
        yield Equation(left, "~", _float(size, ball), note)
        if period > 1:
            each = sp.Float(self.result.radius_per_step, DIGITS)
            yield Equation(left ** sp.Rational(1, period), "~", each, "per step")

    def verdict(self) -> Step:
        finding = self.result.finding
        says = [(f"{finding.verdict}: {finding.reason}.",)]
        if finding.classification:
            says.append((f"The equilibrium is: {finding.classification}.",))
        says += [(f"Caveat: {text}",) for text in caveats(self.result)]
        return Step("verdict", tuple(says))

    def literature(self) -> Step:
        return Step("literature", tuple((f"{c.text} ", Source(c.source)) for c in self.result.claims))


def _notes(*notes: str) -> str:
    return ", ".join(filter(None, notes))


def declared(kind: str, part: Declaration) -> Sentence:
    """A part of the question with its formula and its source."""
    text = f"{kind} {part.described}" if part.stated else f"{kind} {part.label}"
    return (f"{text} ", Source(part.source)) if part.source else (text,)


def _positive(conditions: Iterable[sp.Expr] | None) -> tuple[Equation, ...]:
    return tuple(Equation(c, ">", sp.S.Zero, "never" if never(c) else "") for c in conditions or ())


def _enclosed(s: sp.Symbol, value: Mean) -> Iterator[Equation]:
    try:
        yield Equation(s, "=", value)
        yield Equation(s, "~", sp.N(value, DIGITS))
    except Undecidable:
        return


def _gaussian(exact: sp.Expr) -> bool:
    """Whether both parts are whole numbers, which a decimal would repeat."""
    return all(part.is_Integer for part in exact.as_real_imag())


def _number(e: Eigenvalue) -> sp.Expr:
    real = _float(e.value.real, e.ball.real)
    return real if e.is_real else real + _float(e.value.imag, e.ball.imag) * sp.I


def _float(value: float, ball: arb) -> sp.Float:
    """Twelve digits; the ball's own decimals where float64 overflows."""
    text = f"{value:.{DIGITS}g}" if math.isfinite(value) else ball.str(DIGITS, radius=False)
    return sp.Float(text, DIGITS)
