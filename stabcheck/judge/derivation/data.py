"""A derivation as data: the steps from the losses to the verdict, each with its formulas.

Every view (text, Markdown, LaTeX, HTML) reads the same steps. A step holds SymPy objects only; how
they are written is decided where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from stabcheck.core import doors
from stabcheck.core.frozen import Frozen
from stabcheck.core.hyper import Hyper


class Subscripted(sp.Expr):
    """A letter with indices, such as `v_theta`."""


class Applied(sp.Expr):
    """A letter at arguments, such as `phi(mu, z)`."""


class Characteristic(sp.Expr):
    """`det(z I - M)` for the letters of a matrix and of the variable."""


class Largest(sp.Expr):
    """The maximum over all eigenvalues of a function of one."""


class PlusMinus(sp.Expr):
    """`centre ± radical`: two roots in one formula."""

    @property
    def both(self) -> tuple[sp.Expr, sp.Expr]:
        """The two roots."""
        centre, radical = self.args
        return centre + radical, centre - radical


@dataclass(frozen=True)
class Source:
    """Where something is published, within a sentence."""

    text: str


Sentence = tuple[str | sp.Basic | Source, ...]
"""Words, and formulas and sources among them."""


@dataclass(frozen=True)
class Equation:
    """`left relation right`.

    Attributes:
        relation: `=`, `>`, `->` or `~` for "about".
        note: a few words behind it.
    """

    lhs: sp.Basic
    relation: str
    rhs: sp.Basic
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        title: two or three words.
        says: sentences that say why the step follows.
        equations: what it comes to.
    """

    title: str
    says: tuple[Sentence, ...] = ()
    equations: tuple[Equation, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """All steps, in order.

    Attributes:
        title: the combination in words.
        steps: from the losses to the verdict.
        names: the hyperparameters, for those who write their symbols.
    """

    title: str
    steps: tuple[Step, ...]
    names: Mapping[str, Hyper] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Frozen(self.names))

    @property
    def equations(self) -> tuple[Equation, ...]:
        """Those of all steps."""
        return tuple(e for step in self.steps for e in step.equations)

    @property
    def sources(self) -> tuple[str, ...]:
        """What the sentences cite, each once."""
        pieces = (piece for step in self.steps for sentence in step.says for piece in sentence)
        return tuple(dict.fromkeys(p.text for p in pieces if isinstance(p, Source)))

    @property
    def symbols(self) -> set[sp.Symbol]:
        """Every symbol that is written somewhere."""
        sides = [side for e in self.equations for side in (e.lhs, e.rhs)]
        terms = [p for step in self.steps for s in step.says for p in s if isinstance(p, sp.Basic)]
        return {symbol for e in (*sides, *terms) for symbol in e.atoms(sp.Symbol)}

    @property
    def general(self) -> tuple[Step, ...]:
        """The steps that hold for all values, and for every loss that has the germ."""
        titles = [step.title for step in self.steps]
        end = titles.index("values") if "values" in titles else len(titles)
        return self.steps[:end]

    def step(self, title: str) -> Step | None:
        """The step of that title, if there is one."""
        return next((step for step in self.steps if step.title == title), None)

    def __str__(self) -> str:
        return doors.shown(self, "text")

    def __repr__(self) -> str:
        return f"<Derivation of {self.title}: {', '.join(step.title for step in self.steps)}>"

    def _repr_html_(self) -> str:
        return doors.shown(self, "html")

    def _repr_latex_(self) -> str:
        return doors.shown(self, "maths")
