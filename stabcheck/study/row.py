"""A row of the atlas: derived once, kept and shown as plain data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from stabcheck.core import hyper
from stabcheck.core.cache import CorruptEntry
from stabcheck.core.errors import NotAnEquilibrium, NotApplicable, StabcheckError
from stabcheck.core.verdict import Verdict
from stabcheck.declare import lookup
from stabcheck.declare.games.game import unwrapped
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.losses.loss import named
from stabcheck.declare.question import Question

if TYPE_CHECKING:
    import sympy as sp

    from stabcheck.judge.analysis import Analysis
    from stabcheck.judge.finding import Finding
    from stabcheck.symbolic.spectrum import Factor, Roots

SCHEMA = 2
LONGEST = 120
"""A formula with more characters is told by its size."""
TOO_LONG = "the conditions for stability are too long to write; give values for a verdict"

AT_VALUES = "the rest point is found at the values alone"


@dataclass(frozen=True)
class Eigen:
    """Eigenvalues that one formula gives, for every loss and all values of the open names.

    Attributes:
        text, latex: the formula in short; where it is too long, its size in words, and `latex`
            is empty.
        roots: how many numbers it gives: 2 for `a ± b`, the degree for the roots of a polynomial.
        multiplicity: of each of them.
    """

    text: str
    latex: str
    roots: int
    multiplicity: int


@dataclass(frozen=True)
class Condition:
    """An inequality that stability needs, for the loss of the row; `latex` is empty where too long."""

    text: str
    latex: str


@dataclass(frozen=True)
class Row:
    """One game with its penalties under one operator.

    Attributes:
        question: what was asked, in one line.
        game, loss, penalties, method: by name; `loss` is `None` for games without.
        discrete: the operator is a map, whose number is a spectral radius; else an abscissa.
        values: the typical values and the counts at which the number is taken, by name.
        eigenvalues: in general; `None` where no formula is derived.
        conditions: all hold iff the equilibrium is exponentially stable; `None` where they are
            too long to write or there is no linearisation.
        general, general_reason: the verdict for all values of the open names.
        verdict, reason: the verdict at the values.
        number: spectral radius or abscissa at the values.
        dominant: the eigenvalue that gives it, exactly, where it has a short closed form.
        sources: where statements about the combination are published.
    """

    question: str
    game: str
    loss: str | None
    penalties: tuple[str, ...]
    method: str
    discrete: bool
    values: Mapping[str, str]
    eigenvalues: tuple[Eigen, ...] | None
    conditions: tuple[Condition, ...] | None
    general: str
    general_reason: str
    verdict: str
    reason: str
    number: float | None
    dominant: str | None
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        lists = ("penalties", "eigenvalues", "conditions", "sources")
        found = asdict(self)
        return found | {n: None if found[n] is None else list(found[n]) for n in lists}

    @classmethod
    def of_dict(cls, data: Any) -> Row:
        """The row that `to_dict` gave the data of.

        Raises:
            CorruptEntry: for anything else.
        """
        found = _fields(cls, data)
        if found["number"] is not None and not math.isfinite(found["number"]):
            raise CorruptEntry("a number without bounds")
        found["penalties"] = _texts(found["penalties"])
        found["sources"] = _texts(found["sources"])
        _texts([*found["values"], *found["values"].values()])
        for name, part in (("eigenvalues", Eigen), ("conditions", Condition)):
            if found[name] is not None:
                found[name] = tuple(part(**_fields(part, entry)) for entry in found[name])
        return cls(**found)


KINDS: dict[str, tuple[type, ...]] = {
    "loss": (str, type(None)),
    "penalties": (list,),
    "discrete": (bool,),
    "values": (dict,),
    "eigenvalues": (list, type(None)),
    "conditions": (list, type(None)),
    "number": (float, type(None)),
    "dominant": (str, type(None)),
    "sources": (list,),
    "roots": (int,),
    "multiplicity": (int,),
}
"""The types of fields as JSON has them; those not named are text."""


def _fields(part: type, data: Any) -> dict[str, Any]:
    names = [field.name for field in fields(part)]
    if not isinstance(data, dict) or sorted(data) != sorted(names):
        raise CorruptEntry("other fields")
    if any(type(data[name]) not in KINDS.get(name, (str,)) for name in names):
        raise CorruptEntry("a value of another type")
    return {name: data[name] for name in names}


def _texts(data: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(entry, str) for entry in data):
        raise CorruptEntry("no text where there should be")
    return tuple(data)


def parts_of(asked: Question) -> dict[str, Any]:
    """The question and its parts, by name, as a row has them."""
    plain, penalties = unwrapped(asked.game)
    return {
        "question": str(asked),
        "game": lookup.called(type(plain)),
        "loss": lookup.called(type(named(plain.loss))) if isinstance(plain, GAN) else None,
        "penalties": tuple(lookup.called(type(penalty)) for penalty in penalties),
        "method": asked.line.combination.method or asked.chain,
    }


def values_of(asked: Question) -> dict[str, str]:
    """The values, typical ones of the open names, and the counts that shape the formulas."""
    rows = (*hyper.values(asked.game), *hyper.values(asked.method))
    counts = {row.name: str(n) for row, n in rows if row.domain.whole and n != 1}
    return {name: str(value) for name, value in {**asked.values, **asked.typical}.items()} | counts


def derived(asked: Question) -> Row:
    """One row, derived now."""
    from stabcheck.judge.analysis import Analysis
    from stabcheck.judge.equilibria import rested_somewhere
    from stabcheck.judge.finding import Finding

    try:
        known = rested_somewhere(asked)
        result = Analysis(known.game, known.method).checked()
        here = result.at(**known.values, **known.typical)
    except (NotApplicable, NotAnEquilibrium) as refusal:
        return _refused(asked, refusal)
    number = here.radius_per_step if here.discrete else here.spectral_abscissa
    found_there = known is not asked
    general = Finding(Verdict.DEPENDS, AT_VALUES) if found_there else _general(result)
    return Row(
        **parts_of(asked),
        discrete=result.discrete,
        values=values_of(asked),
        eigenvalues=None if found_there else _each(result.closed_form, lambda form: _eigen(form, result)),
        conditions=None if found_there else _each(result.conditions_here, lambda e: _condition(e, result)),
        general=general.verdict.value,
        general_reason=general.reason,
        verdict=here.verdict.value,
        reason=here.finding.reason,
        number=number if number is not None and math.isfinite(number) else None,
        dominant=_dominant(here),
        sources=result.sources,
    )


def _general(result: Analysis) -> Finding:
    """`result.finding`, without asking twice for the conditions, which take long."""
    from stabcheck.judge.finding import Finding, impossible, with_symbols
    from stabcheck.symbolic.settling import settled_sign

    if not result.names or result.means or result.eigenvalues is not None or result.factors_here is None:
        return result.finding
    found = result.conditions_here
    if found is None:
        return Finding(Verdict.DEPENDS, TOO_LONG)
    if 0 in found:
        return result.finding
    negative = any(settled_sign(c, result.general.bounds) < 0 for c in found)
    verdict = Verdict.UNSTABLE if negative else Verdict.DEPENDS if found else Verdict.STABLE
    names, dimension = list(result.names), len(result.manifold)
    said = with_symbols([verdict], found, names, region=result.region, dimension=dimension)
    if said.verdict is Verdict.DEPENDS and (ruled_out := result.here.ruled_out):
        return impossible(said, names, region=result.region, negative=ruled_out == "negative")
    return said


def _refused(asked: Question, refusal: StabcheckError) -> Row:
    word = "not applicable" if isinstance(refusal, NotApplicable) else "no equilibrium"
    return Row(
        **parts_of(asked),
        discrete=asked.method.discrete,
        values=values_of(asked),
        eigenvalues=None,
        conditions=None,
        general=word,
        general_reason=str(refusal),
        verdict=word,
        reason=str(refusal),
        number=None,
        dominant=None,
        sources=(),
    )


def _each(found: Sequence[Any] | None, write: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    return None if found is None else tuple(map(write, found))


def _eigen(form: Roots | Factor, result: Analysis) -> Eigen:
    from stabcheck.symbolic.printing import latex, root_pairs, terminal
    from stabcheck.symbolic.spectrum import Factor

    def tex(e: sp.Expr) -> str:
        return latex(e, result.names)

    if isinstance(form, Factor):
        terms = sum(len(c.as_ordered_terms()) for c in form.coefficients if c != 0)
        size = f"(roots of a polynomial of degree {form.degree}, {terms} terms)"
        said = _short(lambda: f"roots of {terminal(form.polynomial)}", size, terms)
        return Eigen(said, _tex_of(said, size, lambda: tex(form.polynomial)), form.degree, form.multiplicity)
    defined = [(terminal(a), terminal(b)) for a, b in form.definitions]
    text = root_pairs(form, terminal, sign="±") + "".join(f" with {a} = {b}" for a, b in defined)
    meanings = "".join(rf",\ {tex(a)} = {tex(b)}" for a, b in form.definitions)
    count = 1 if form.outside == 0 else 2
    size = f"({'one root' if count == 1 else 'two roots'}, {form.length} operations)"
    said = _short(lambda: text, size)
    return Eigen(
        said,
        _tex_of(said, size, lambda: root_pairs(form, tex, sign=r"\pm") + meanings),
        count,
        form.multiplicity,
    )


def _condition(expression: sp.Expr, result: Analysis) -> Condition:
    from stabcheck.symbolic.printing import inequality, latex, terminal

    terms = len(expression.as_ordered_terms())
    size = f"(a polynomial of {terms} terms > 0)"
    never = " (never)" if expression.is_number else ""
    said = _short(lambda: inequality(expression, terminal) + never, size, terms)
    return Condition(
        said, _tex_of(said, size, lambda: inequality(expression, lambda e: latex(e, result.names)))
    )


def _short(write: Callable[[], str], size: str, terms: int = 1) -> str:
    """The text, or its size where it is too long to read; a long one is not even written."""
    if terms > LONGEST:
        return size
    text = write()
    return text if len(text) <= LONGEST else size


def _tex_of(text: str, size: str, write: Callable[[], str]) -> str:
    return "" if text == size else write()


def _dominant(here: Analysis) -> str | None:
    """The slowest eigenvalue in closed form."""
    from stabcheck.symbolic.printing import terminal

    exact = next((e.exact for e in here.slowest if e.exact is not None), None)
    text = "" if exact is None else terminal(exact)
    return text if 0 < len(text) <= LONGEST else None
