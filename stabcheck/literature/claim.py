"""What a statement of the literature is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stabcheck.literature.condition import FELT_ALIKE, Chosen, Condition, Equals

MESCHEDER_2018 = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"
MESCHEDER_2017 = "Mescheder, Nowozin & Geiger 2017, arXiv:1705.10461"
NAGARAJAN_2017 = "Nagarajan & Kolter 2017, arXiv:1706.04156"
R3GAN = "Huang et al. 2024, arXiv:2501.05441"
BY_HAND = "derived by hand; no published statement known to us"

ANY_METHOD = "*"
KINK = "not differentiable"

Formula = Callable[..., Any]


def call(formula: Formula, letters: Mapping[str, Any], **others: Any) -> Any:
    """A formula on the letters that it takes, or on all of them where it asks for `letters`."""
    arguments = {**letters, **others}
    arguments["letters"] = arguments
    return formula(**{name: arguments[name] for name in asked(formula)})


def drawn_off_zero(letters: Mapping[str, Any]) -> bool:
    """Whether a penalty draws the norm of the slope to a target other than 0; a `where` of claims."""
    return all(letters.get(name, 1) != 0 for name in ("gamma", "g0"))


def drawn_to_zero(letters: Mapping[str, Any]) -> bool:
    """Whether a penalty draws the norm of the slope to 0; a `where` of claims."""
    return letters.get("g0") == 0


def asked(formula: Formula) -> Iterable[str]:
    """The letters that a formula takes."""
    return inspect.signature(formula).parameters


@dataclass(frozen=True)
class Claim:
    """One statement about a game under some penalties and an operator.

    Attributes:
        key: a short name for tables.
        text: the statement in words.
        source: where it is published, or `BY_HAND`.
        method: the operator, as the chain of its registry names: `lookahead:simgd`; `*` for any.
        penalties: in the order applied.
        about: what it supposes of the players' losses, as `condition` has the words; by default that
            both feel each other alike.
        polynomial: the characteristic polynomial in `z` on the whole state, what a method
            remembers included, with one coordinate per player.
        field: `(theta, psi, df) -> v`, with `df` at `theta psi`.
        jacobian: `(theta, psi, df, d2f) -> v'`, likewise.
        stable: expressions that are all positive iff the equilibrium is exponentially stable.
        verdict: the verdict, where it is the same for all values.
        step_bound: `(spectrum of the flow) -> h`, below which the steps converge.
        settings: what must hold of other choices: `("on", "real")`; `("h", "common")` for one
            step size shared by all players.
        shifted: it is about data at `x0` anywhere, not at 0 only.
        games: the registry names of the games that it is about, whatever somebody calls them; empty
            for any game.
        matrix: the operator's matrix on the whole state, with one coordinate per player.
        dims: the coordinates of each player, where it is about these alone.
        through: the polynomial in `z` of a method on one eigenvalue `mu` of the flow, for any game.
        onto: the matrix of a method from the rows of the flow's, for any game: `(rows, dims, …)`.
        composed_of: a statement on the flow and one of the kind `through` or `onto`, which together say this.
        radii: values of hyperparameters by name, and the published spectral radius there.
        where: `(letters)`: whether it speaks of these values; open names come as text.
    """

    key: str
    text: str
    source: str
    method: str
    penalties: tuple[str, ...] = ()
    about: tuple[Condition, ...] = FELT_ALIKE
    polynomial: Formula | None = None
    field: Formula | None = None
    jacobian: Formula | None = None
    stable: Formula | None = None
    verdict: str | None = None
    step_bound: Callable[[Sequence[complex]], float] | None = None
    settings: tuple[tuple[str, str], ...] = ()
    shifted: bool = False
    games: tuple[str, ...] = ("dirac",)
    matrix: Formula | None = None
    dims: tuple[int, ...] | None = None
    through: Formula | None = None
    onto: Formula | None = None
    composed_of: tuple[Claim, Claim] | None = None
    radii: tuple[tuple[tuple[tuple[str, str], ...], str], ...] = ()
    where: Callable[[Mapping[str, Any]], bool] | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that it supposes of the model's letters."""
        still = () if self.shifted else (Equals("x0"),)
        return (*self.about, *(Chosen(*choice) for choice in self.settings), *still)

    def __repr__(self) -> str:
        return f"<{self.text} [{self.source}]>"
