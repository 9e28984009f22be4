"""The names of a game file: its hyperparameters, coordinates and draws, each with one meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from keyword import iskeyword
from types import MappingProxyType
from typing import Any

from stabcheck.core import hyper
from stabcheck.core.domain import Domain
from stabcheck.core.errors import BadInput, unknown
from stabcheck.declare.file.filegame import (
    Constant,
    Draw,
    FileGame,
    Mixed,
    Normal,
    Uniform,
)
from stabcheck.declare.file.formula import Formula
from stabcheck.declare.file.limits import MOST_VALUES, MOST_VARIABLES
from stabcheck.declare.file.place import LONGEST_NAME, Place
from stabcheck.declare.file.tree import Rationals

TRIED = (3, 5, 11)


def row(place: Place, owner: str, name: str, entry: Any) -> hyper.Hyper:
    """A hyperparameter, from its sign alone or from a table."""
    table = {"sign": entry} if isinstance(entry, str) else place.table(entry, ("sign", "default", "help"))
    domain = place.of("sign").domain(place.needed(table, "sign"))
    text = place.of("help").text(table.get("help", f"hyperparameter of {owner}"))
    default = _default(place.of("default"), name, domain, table) if "default" in table else None
    return hyper.Hyper(name, domain, text, default=default, typical=default or domain.typical)


def _default(place: Place, name: str, domain: Domain, table: Mapping[str, Any]) -> Fraction:
    value = place.number(table["default"])
    if not domain.contains(value):
        raise place.error(f"{name} must be {domain.text}, not {value}")
    return value


def attribute(name: str) -> str:
    """The name of a hyperparameter's field: it hides nothing that games have, and is no word of Python."""
    return f"{name}_" if iskeyword(name) or hasattr(FileGame, name) else name


def field(row: hyper.Hyper) -> Any:
    """The field of a hyperparameter; of the library's table, which may have the name, nothing stays."""
    kept = {key: getattr(row, key) for key in ("domain", "help", "tex", "default", "per_player", "typical")}
    return hyper.hyper(row.name, **kept)


@dataclass(frozen=True)
class Names:
    """The names that a file gives, which must be usable and different."""

    top: Place
    form: str
    hyperparameters: tuple[str, ...]
    variables: Mapping[str, tuple[str, ...]]
    distributions: tuple[str, ...]

    def check(self) -> None:
        """Raises:
        BadInput: for a name that is none, or is given twice.
        """
        place = self.top.of(self.form)
        count = sum(len(names) for names in self.variables.values())
        if count > MOST_VARIABLES:
            raise place.error(f"there are {count} variables in all; write at most {MOST_VARIABLES}")
        seen = {player: f"player {player}" for player in self.variables}
        for player in self.variables:
            self._refuse_shape(place, player)
        for owner, where, name in self._all():
            self._refuse_shape(where, name)
            if name in seen and (seen[name], owner) != (f"player {name}", f"a variable of player {name}"):
                raise where.error(f"'{name}' is the name of {seen[name]}, too; use another one")
            seen[name] = owner
        for name in self.hyperparameters:
            self._refuse_each(self.top.of("hyperparameters"), name)

    def _all(self) -> Iterator[tuple[str, Place, str]]:
        """What has a name, where it is given, and the name."""
        for player, names in self.variables.items():
            place = self.top.of(self.form).of(player)
            yield from ((f"a variable of player {player}", place, name) for name in names)
        yield from (
            ("a hyperparameter", self.top.of("hyperparameters"), name) for name in self.hyperparameters
        )
        yield from (("a distribution", self.top.of("distributions"), name) for name in self.distributions)

    def _refuse_shape(self, place: Place, name: str) -> None:
        if not hyper.NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            what = f"up to {LONGEST_NAME} letters, digits and single _ inside"
            raise place.error(f"'{name[:LONGEST_NAME]}' is no name; use {what}")
        try:
            hyper.usable(name)
        except BadInput as refusal:
            raise place.error(str(refusal)) from None

    def _refuse_each(self, place: Place, name: str) -> None:
        """A name may not be what methods call one player's value."""
        for row in hyper.TABLE.values():
            if row.per_player and name in {f"{row.name}_{player}" for player in self.variables}:
                player = name.removeprefix(f"{row.name}_")
                what = f"'{name}' is what methods call {player}'s {row.name} ({row.help}); use another name"
                raise place.error(what)


@dataclass(frozen=True)
class Draws:
    """The distributions of a file."""

    top: Place
    data: Mapping[str, Any]
    names: tuple[str, ...]

    def all(self) -> dict[str, Draw]:
        """Each by its name."""
        return {name: self._draw(name) for name in self.data}

    def _draw(self, name: str) -> Draw:
        place, table = self._entry(name)
        law = place.of("law").text(place.needed(table, "law"))
        if law not in LAWS:
            raise place.of("law").error(str(unknown("law", law, LAWS)))
        place.table(table, ("law", *LAWS[law]))
        return getattr(self, f"_{law}")(place, table)

    def _entry(self, name: str) -> tuple[Place, dict[str, Any]]:
        place = self.top.of("distributions").of(name)
        return place, place.table(self.data[name])

    def _formula(self, place: Place, table: Mapping[str, Any], key: str) -> Formula:
        return place.of(key).formula(place.needed(table, key), self.names)

    def _uniform(self, place: Place, table: Mapping[str, Any]) -> Draw:
        low, high = (self._formula(place, table, key) for key in ("low", "high"))
        if low.number is not None and high.number is not None and low.number >= high.number:
            raise place.error(f"low must be below high, not {low.number} and {high.number}")
        return Uniform(low, high)

    def _normal(self, place: Place, table: Mapping[str, Any]) -> Draw:
        mean, std = (self._formula(place, table, key) for key in ("mean", "std"))
        if std.number is not None and std.number <= 0:
            raise place.of("std").error(f"this must be a number > 0, not {std.number}")
        return Normal(mean, std)

    def _discrete(self, place: Place, table: Mapping[str, Any]) -> Draw:
        values = place.of("values").items(place.needed(table, "values"), MOST_VALUES)
        read = (place.of("values").formula(value, self.names) for value in values)
        return self._mixed(place, table, [Constant(value) for value in read])

    def _mixture(self, place: Place, table: Mapping[str, Any]) -> Draw:
        names = place.of("of").distinct_names(place.needed(table, "of"), MOST_VALUES)
        return self._mixed(place, table, [self._part(place.of("of"), name) for name in names])

    def _part(self, place: Place, name: str) -> Draw:
        if name not in self.data:
            raise place.error(str(unknown("distribution", name, self.data)))
        if self._entry(name)[1].get("law") == "mixture":
            raise place.error(f"{name} is a mixture itself; list what it is mixed of")
        return self._draw(name)

    def _mixed(self, place: Place, table: Mapping[str, Any], draws: Sequence[Draw]) -> Draw:
        if "weights" not in table:
            return Mixed(tuple(draws), ())
        place = place.of("weights")
        given = place.items(table["weights"], MOST_VALUES)
        if len(given) != len(draws):
            raise place.error(f"there are {len(given)} for {len(draws)} values or laws; give one each")
        weights = tuple(place.formula(value, self.names) for value in given)
        _refuse_weights(place, weights)
        return Mixed(tuple(draws), weights)


LAWS = MappingProxyType(
    {
        "uniform": ("low", "high"),
        "normal": ("mean", "std"),
        "discrete": ("values", "weights"),
        "mixture": ("of", "weights"),
    }
)
"""The laws of a file, with the keys that each takes."""


def _refuse_weights(place: Place, weights: Sequence[Formula]) -> None:
    """Raises:
    BadInput: if one is a number that is not positive, or they do not sum to 1; those with
        hyperparameters in them are tried at a few values.
    """
    for weight in weights:
        if weight.number is not None and weight.number <= 0:
            raise place.error(f"each must be a number > 0, not {weight.number}")
    names = sorted({name for weight in weights for name in weight.names})
    if not all(weight.rational for weight in weights):
        return
    for first in TRIED if names else (2,):
        # Formulas that agree in a domain agree everywhere, so these need not lie in it.
        values = {name: Fraction(1, first + 2 * k) for k, name in enumerate(names)}
        total = _sum(weights, values)
        if total not in (1, None):
            at = ", ".join(f"{name} = {value}" for name, value in values.items())
            raise place.error(f"they sum to {total}{f' at {at}' if at else ''}; they must sum to 1")


def _sum(weights: Sequence[Formula], values: Mapping[str, Fraction]) -> Fraction | None:
    xp: Any = Rationals()
    try:
        return sum((weight.at(xp, values) for weight in weights), Fraction(0))
    except ZeroDivisionError:
        return None
