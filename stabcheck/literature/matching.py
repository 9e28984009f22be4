"""Which statements speak of a model: matched by what it is, and not by what somebody calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from stabcheck.core import hyper
from stabcheck.core.oracle import each
from stabcheck.core.stability import StabilityRegion
from stabcheck.declare import registry
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.literature import claims
from stabcheck.literature.claim import ANY_METHOD, KINK, Claim, asked
from stabcheck.literature.condition import conjunction


@dataclass(frozen=True)
class Facts:
    """What a game under an operator is, as far as statements ask.

    Attributes:
        game: the registry name of the game that it is without its penalties; empty for none of them.
        dims: the coordinates of each player.
        players: what they are called.
        penalties: the registry names of the penalties, in the order applied; empty for one's own.
        method: the chain of registry names of the operator; empty where a part of it is one's own.
        letters: the letters of the literature, each with an exact value, an expression, or a name
            that is left open.
        region: where the eigenvalues of what is stable lie.
        coupling: how the coupling `c` of the players is written.
        note: what else the statements' letters stand for; empty where they are the game's own.
        flow: the same game under the flow, for a method.
    """

    game: str
    dims: tuple[int, ...]
    players: tuple[str, ...]
    penalties: tuple[str, ...]
    method: str
    letters: Mapping[str, Any]
    region: StabilityRegion
    coupling: str = ""
    note: str = ""
    flow: Facts | None = None


def spoken(facts: Facts) -> list[Claim]:
    """The statements that speak of this model, whatever the values are of what is left open."""
    return [claim for claim in _relevant(facts) if speaks_at(claim, facts.letters)]


def _relevant(facts: Facts) -> list[Claim]:
    """The same with those that speak of certain values alone, as their `where` says."""
    relevant = [
        _told(claim, facts)
        for claim in claims()
        if claim.through is None
        and claim.onto is None
        and claim.method in (facts.method, ANY_METHOD)
        and claim.penalties == facts.penalties
        and facts.game in claim.games
        and claim.dims in (None, facts.dims)
    ]
    relevant = [claim for claim in relevant if _holds(claim, facts.letters)]
    return relevant if any(map(_says_all, relevant)) else [*relevant, *_composed(facts)]


def speaks_at(claim: Claim, letters: Mapping[str, Any]) -> bool:
    """Whether a statement is about these values of its letters."""
    return _holds(claim, letters) and (claim.where is None or claim.where(letters))


def _holds(claim: Claim, letters: Mapping[str, Any]) -> bool:
    return bool(conjunction(condition.holds(letters) for condition in claim.conditions))


def _says_all(claim: Claim) -> bool:
    return bool(claim.polynomial or claim.matrix or claim.verdict == KINK)


def _told(claim: Claim, facts: Facts) -> Claim:
    """The statement in the game's own words; on data at any `x0` it is one of a single coordinate."""
    return replace(
        claim, text=_spelled(claim.text, facts), shifted=claim.shifted and facts.dims[0] == 1
    )  # fmt: skip


def _spelled(text: str, facts: Facts) -> str:
    """Words with the game's own names for the coupling `c` and for the players."""
    first, second, *_ = (*facts.players, "", "")
    text = re.sub(r"\bc\b", lambda _: facts.coupling, text) if facts.coupling else text
    text = re.sub(r"_([gd])\b", lambda m: f"_{first if m[1] == 'g' else second}", text)
    return f"{text}; {facts.note}" if facts.note else text


def _composed(facts: Facts) -> Iterator[Claim]:
    """What statements on the flow and on the method say together."""
    if facts.flow is None:
        return
    maps = [c for c in claims() if c.method == facts.method and _maps(c, facts.letters)]
    flows = [c for c in _relevant(facts.flow) if c.polynomial or c.matrix] if maps else []
    fitting = ((flow, step) for flow, step in product(flows, maps) if step.through or flow.matrix)
    yield from (_joined(flow, step) for flow, step in islice(fitting, 1))


def _joined(flow: Claim, step: Claim) -> Claim:
    # The speeds are those of the flow; a method has none.
    chosen = (*(choice for choice in flow.settings if choice[0] != "tau"), *step.settings)
    return Claim(
        f"{flow.key} x {step.key}", f"flow: {flow.text}; {step.text}", f"{flow.source}; {step.source}",
        step.method, flow.penalties, games=flow.games, composed_of=(flow, step),
        about=(*flow.about, *step.about), settings=chosen,
        shifted=flow.shifted and step.shifted, where=flow.where,
    )  # fmt: skip


def _maps(claim: Claim, letters: Mapping[str, Any]) -> bool:
    """Whether a statement is on what a method makes of any flow, under what is chosen for it."""
    formula = claim.through or claim.onto
    given = {*letters, "z", "mu", "rows", "dims"}
    return formula is not None and _holds(claim, letters) and {*asked(formula)} <= given


def chain(operator: Operator) -> str:
    """The chain of an operator of the registry's methods; one with a part of one's own has none."""
    own = all(registry.called(part) for part in hyper.preorder(operator) if isinstance(part, Operator))
    return operator.chain if own else ""


def declared_letters(game: Game, operator: Operator) -> dict[str, Any]:
    """The letters of the hyperparameters and settings of parts of the registry, as declared.

    One given for all players appears under its own name and, with `g` and `d` behind, for the
    first and the second player of whatever game; each also with its owner's name behind, and
    only so where several parts have it.
    """
    declarations = [part for d in (game, operator) for part in hyper.preorder(d) if registry.called(part)]
    rows = [(part, name, row) for part in declarations for name, row in hyper.hyper_fields(type(part))]
    letters: dict[str, Any] = {"x0": 0}
    for part, name, row in rows:
        value = getattr(part, name)
        shared = sum(row.name == other.name for _, _, other in rows) > 1
        for letter in (row.owned_name,) if shared else (row.owned_name, row.name):
            if row.per_player:
                shares = zip("gd", each(value, len(game.dims)), strict=False)
                letters |= {f"{letter}_{p}": v for p, v in shares}
            if not isinstance(value, tuple):
                letters[letter] = value
    for part in declarations:
        letters |= {row.name: getattr(part, name) for name, row in hyper.setting_fields(type(part))}
    return letters
