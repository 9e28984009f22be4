"""Formulas typed in a file, held exactly against the matrices of an analysis."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import flint
import jax.numpy as jnp
import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, Undecidable, unknown
from stabcheck.core.stability import StabilityRegion
from stabcheck.declare.file.formula import Formula, parse
from stabcheck.declare.file.tokens import FormulaError
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.resting import linearised
from stabcheck.numeric.ops import JaxOps
from stabcheck.symbolic.balls import enclose
from stabcheck.symbolic.exact import BITS, TOLERANCE
from stabcheck.symbolic.ops import SymPyOps, symbol
from stabcheck.symbolic.spectrum import Factor, Roots, Z, characteristic, closed_form
from stabcheck.symbolic.update import Point, linearise
from stabcheck.verify.audit.field import Audit, audit
from stabcheck.verify.audit.loading import Typed
from stabcheck.verify.witnesses import draw

POINTS = 8
MATRICES, LISTS = ("jacobian", "update_matrix"), ("eigenvalues", "field")
PLUS_MINUS = re.compile(r"±|\+-")


@dataclass(frozen=True)
class Entry:
    """A formula that is wrong.

    Attributes:
        place: of it in the file, `jacobian (1, 2)`.
        yours: as written, for one sign where it has `±`.
        reference: the right one; `None` where there is no one formula that stands in its place.
    """

    place: str
    yours: str
    reference: sp.Expr | None = None


@dataclass(frozen=True)
class Check:
    """What the comparison of one key of the file found.

    Attributes:
        key: `jacobian`, `update_matrix` or `eigenvalues`.
        proved: they are the same for all values, and not only at the `POINTS` tried.
        wrong: formulas that differ.
        missing: what is right, but not in the list.
        polynomial: `det(z I - M)`, for eigenvalues that are wrong.
        reference: the right eigenvalues, where some are wrong, as `Analysis.closed_form`; what is right
            has the numbers that were given, and those of the loss unless formulas mention `f1`.
    """

    key: str
    proved: bool = False
    wrong: tuple[Entry, ...] = ()
    missing: str = ""
    polynomial: sp.Expr | None = None
    reference: tuple[Roots | Factor, ...] = ()

    @property
    def status(self) -> str:
        """`agrees` or `departs`."""
        return "departs" if self.wrong or self.missing else "agrees"


@dataclass(frozen=True)
class FormulaAudit:
    """What the comparison of a file of formulas found.

    Attributes:
        checks: one for each key but `field`.
        field: that of the field, compared as a function is.
    """

    checks: tuple[Check, ...]
    field: Audit | None = None

    @property
    def status(self) -> str:
        """`agrees` if everything does, else `departs`."""
        audits = [*self.checks, *filter(None, [self.field])]
        return "agrees" if all(part.status == "agrees" for part in audits) else "departs"


def audit_formulas(
    path: str | Path,
    game: Game,
    operator: Operator | None = None,
    values: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
) -> FormulaAudit:
    """Compare formulas from a TOML file with what the losses of a game give, exactly.

    Its keys are `jacobian` and `update_matrix` (lists of rows of formulas), `eigenvalues` and
    `field` (lists of formulas; of a map they are its own, and `jacobian` is theirs). Formulas hold
    hyperparameters; `f1 = f'(0)` and `f2 = f''(0)`, except in `field`, which holds the
    coordinates. In `eigenvalues`, `i` is the imaginary unit, and a formula with `±` or `+-` is two.

    Args:
        path: of the file.
        game: with its penalties.
        operator: whose eigenvalues and update matrix they are; by default the flow.
        values: numbers for open names.
        seed: of the random values.

    Raises:
        BadInput: for a file or a formula that cannot be used.
    """
    written = _read(str(path))
    analysis = Analysis(game, operator or game.own_step or Flow()).at(**(values or {}))
    subject = _Subject(analysis, str(path), seed)
    checks = [_matrix_check(subject, key, written[key]) for key in MATRICES if key in written]
    if "eigenvalues" in written:
        checks.append(_eigenvalue_check(subject, written["eigenvalues"]))
    if "field" not in written:
        return FormulaAudit(tuple(checks))
    mine = {name: value for name, value in analysis.values.items() if name in hyper.symbols(game)}
    return FormulaAudit(
        tuple(checks), audit(game, _typed_field(game, str(path), written["field"]), mine, seed=seed)
    )


# The file


def _read(path: str) -> dict[str, Any]:
    """The formulas of a file, by key, as text."""
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise BadInput(f"{path} cannot be read as TOML: {getattr(fault, 'strerror', '') or fault}") from None
    for key in table:
        if key not in (*MATRICES, *LISTS):
            raise unknown(f"key of {path}", key, (*MATRICES, *LISTS))
    if not table:
        raise BadInput(f"{path} is empty; give one of {', '.join((*MATRICES, *LISTS))}")
    return {key: _texts(f"{path}: {key}", value, nested=key in MATRICES) for key, value in table.items()}


def _texts(where: str, value: Any, *, nested: bool) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise BadInput(f"{where} must be a list such as {'[[...]]' if nested else '[...]'}")
    if nested:
        return [_texts(where, row, nested=False) for row in value]
    if not all(isinstance(e, str) for e in value):
        raise BadInput(f'{where} must hold formulas in quotes, such as "-gamma/2 ± sqrt(gamma^2/4 - f1^2)"')
    return value


def _parsed(where: str, text: str, names: Iterable[str], *, imaginary: bool = False) -> Formula:
    try:
        return parse(text, names, imaginary=imaginary)
    except FormulaError as refusal:
        raise refusal.at(where) from None


def _typed_field(game: Game, file: str, texts: Sequence[str]) -> Typed:
    """The formulas of a field as a function."""
    label = f"{file}: field"
    if len(texts) != len(game.names):
        raise BadInput(
            f"{label} must have {len(game.names)} formulas, one for each of {', '.join(game.names)}"
        )
    formulas = [_parsed(label, text, [*game.names, *hyper.symbols(game)]) for text in texts]

    def field(*blocks: Any, **values: Any) -> list[Any]:
        numbers = values | dict(zip(game.names, jnp.hstack(blocks), strict=True))
        entries = jnp.hstack([jnp.asarray(f.at(JaxOps(), numbers), float) for f in formulas])
        return jnp.split(entries, [sum(game.dims[: i + 1]) for i in range(len(game.dims) - 1)])

    return Typed(label, field)


# What formulas are compared with


@dataclass(frozen=True)
class _Subject:
    """An analysis at the values given, and points at which formulas are compared with it."""

    analysis: Analysis
    file: str
    seed: int

    @cached_property
    def symbols(self) -> dict[str, sp.Expr]:
        """Every name that formulas may hold, as its symbol."""
        germ: dict[str, sp.Expr] = {s.name: s for s in self.analysis.model.germ_symbols}
        return germ | {name: symbol(name, row) for name, row in self.analysis.names.items()}

    def general(self, formulas: Sequence[Formula]) -> set[str]:
        """Which of `f1`, `f2` formulas mention: these are meant to hold for every loss.

        The others are those of the loss chosen.
        """
        mentioned = {name for f in formulas for name in f.names}
        return {s.name for s in self.analysis.model.germ_symbols if s.name in mentioned} - {
            *self.analysis.names
        }

    def points(self, formulas: Sequence[Formula]) -> list[dict[str, sp.Expr]]:
        """Exact values for every name: those given and those of the loss, else random ones."""
        analysis, rng = self.analysis, random.Random(self.seed)
        points = []
        for _ in range(POINTS):
            values = {**draw(analysis.names, rng), **analysis.values}
            free = {name: sp.Rational(rng.randint(1, 64), 32) for name in sorted(self.general(formulas))}
            points.append({**analysis.model.germ_values(values), **free, **values})
        return points

    def same(self, pairs: Iterable[tuple[sp.Expr, sp.Expr]], formulas: Sequence[Formula]) -> bool:
        """Whether two sides are the same for all values, as far as SymPy brings them to one form."""
        here = (self.put(a - b, formulas) for a, b in pairs)
        return all(sp.expand(e) == 0 or sp.cancel(sp.together(e)) == 0 for e in here)

    def numbers(self, formulas: Sequence[Formula]) -> dict[str, sp.Expr]:
        """The numbers that stand for names: those given, and those of the loss if they are meant."""
        germ = {n: v for n, v in self.analysis.germ.items() if n not in self.general(formulas)}
        return {**germ, **self.analysis.values}

    def put(self, expression: sp.Expr, formulas: Sequence[Formula]) -> sp.Expr:
        """An expression with the known numbers."""
        numbers = self.numbers(formulas)
        return expression.xreplace({s: numbers[s.name] for s in expression.free_symbols if s.name in numbers})

    def factors(self, formulas: Sequence[Formula]) -> tuple[Factor, ...]:
        """Those of the right characteristic polynomial, with the known numbers."""
        numbers = self.numbers(formulas)
        matrix = linearise(self.analysis.model, self.analysis.operator, numbers).matrix
        late = {s: numbers[s.name] for s in matrix.to_Matrix().free_symbols if s.name in numbers}
        return tuple(factor.at(late) for factor in characteristic(matrix))


def _value(formula: Formula, values: Mapping[str, sp.Expr]) -> sp.Expr:
    value = sp.sympify(formula.at(SymPyOps(), {"i": sp.I, **values}), strict=True)
    if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        raise BadInput(f"'{formula.text[:40]}' has no value at a point tried; it divides by zero there")
    return value


def vanishes(number: sp.Expr) -> bool:
    """Whether a closed number is 0; taken to be 0 where a ball of radius 2^-64 holds 0.

    Raises:
        Undecidable: if no ball is small enough to tell.
    """
    with flint.ctx.workprec(2 * BITS):
        ball = enclose(number)
        if not ball.contains(0):
            return False
        if ball.is_finite() and abs(ball) < TOLERANCE:
            return True
    raise Undecidable(f"balls cannot tell whether {str(number)[:60]} is 0")


# The comparisons


def _matrix_check(subject: _Subject, key: str, rows: list[list[str]]) -> Check:
    analysis, where = subject.analysis, f"{subject.file}: {key}"
    if key == "update_matrix" and not analysis.discrete:
        raise BadInput(f"{where} needs a method, such as --method simgd; a flow has none")
    formulas = [[_parsed(where, text, subject.symbols) for text in row] for row in rows]
    flat = [f for row in formulas for f in row]
    points = subject.points(flat)
    of_field = key == "jacobian" and analysis.game.own_step is None
    operator = Flow() if of_field else analysis.operator
    matrices = [Point.of(linearised(analysis.model, operator, values)).matrix for values in points]
    n = matrices[0].rows
    if [len(row) for row in rows] != [n] * n:
        raise BadInput(f"{where} must have {n} rows of {n} formulas each")
    reference = analysis.jacobian if of_field else analysis.update_matrix
    shown = lambda e: sp.expand(subject.put(e, flat))  # noqa: E731
    wrong = tuple(
        Entry(f"{key} ({i + 1}, {j + 1})", rows[i][j], None if reference is None else shown(reference[i, j]))
        for i, j in product(range(n), repeat=2)
        if not all(
            vanishes(_value(formulas[i][j], v) - m[i, j]) for v, m in zip(points, matrices, strict=True)
        )
    )
    if wrong or reference is None:
        return Check(key, wrong=wrong)
    sides = zip((_value(f, subject.symbols) for f in flat), reference.flat(), strict=True)
    return Check(key, proved=subject.same(sides, flat))


def _eigenvalue_check(subject: _Subject, texts: Sequence[str]) -> Check:
    analysis, where = subject.analysis, f"{subject.file}: eigenvalues"
    names = [*subject.symbols, "i"]
    formulas = [_parsed(where, sign, names, imaginary=True) for text in texts for sign in _signs(text)]
    points = subject.points(formulas)
    here = [Point.of(linearised(analysis.model, analysis.operator, values)) for values in points]
    polynomials = [sp.Mul(*(f.polynomial**f.multiplicity for f in point.factors)) for point in here]
    numbers = [[_value(f, values) for f in formulas] for values in points]
    wrong = tuple(
        Entry("eigenvalue", f.text)
        for k, f in enumerate(formulas)
        if not all(vanishes(p.xreplace({Z: row[k]})) for p, row in zip(polynomials, numbers, strict=True))
    )
    missing = "" if wrong else _missing(here[0], numbers[0], region=analysis.region)
    whole = analysis.characteristic_polynomial
    if wrong or missing:
        polynomial, reference = _reference_roots(subject, formulas)
        return Check("eigenvalues", wrong=wrong, missing=missing, polynomial=polynomial, reference=reference)
    roots = [_value(f, subject.symbols) for f in formulas]
    sides = [(whole.xreplace({analysis.letters.z: root}), sp.S.Zero) for root in roots if whole is not None]
    return Check("eigenvalues", proved=bool(sides) and subject.same(sides, formulas))


def _reference_roots(
    subject: _Subject, formulas: Sequence[Formula]
) -> tuple[sp.Expr | None, tuple[Roots | Factor, ...]]:
    """The right polynomial and its roots, in the names that have no number."""
    analysis = subject.analysis
    if not subject.numbers(formulas):
        return analysis.characteristic_polynomial, analysis.closed_form or ()
    try:
        factors = subject.factors(formulas)
    except Undecidable:
        return None, ()
    whole = sp.Mul(*(f.polynomial**f.multiplicity for f in factors))
    return whole, tuple(closed_form(f) or f for f in factors)


def _signs(text: str) -> list[str]:
    """The two formulas that `±` stands for; all signs of a text change together."""
    # Where nothing stands before it, there is no sum to write.
    opening = re.compile(rf"(^|\()\s*(?:{PLUS_MINUS.pattern})")
    both = [PLUS_MINUS.sub(s, opening.sub(rf"\1{s.strip('+')}", text)).strip() for s in "+-"]
    return list(dict.fromkeys(both))


def _missing(point: Point, listed: Sequence[sp.Expr], *, region: StabilityRegion) -> str:
    """How many eigenvalues are not in a list of right ones; in words."""
    spectrum = point.eigenvalues(region=region)
    with flint.ctx.workprec(BITS):
        balls = [enclose(number) for number in listed]
    count = sum(not any(e.ball.overlaps(ball) for ball in balls) for e in spectrum)
    return f"{count} of {len(spectrum)} eigenvalues are not in the list" if count else ""
