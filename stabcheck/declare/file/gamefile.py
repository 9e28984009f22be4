"""Games of one's own from a TOML file, with every formula in the grammar of `stabcheck.declare.file.formula`.

```toml
name = "my-game"
[players.x]
loss = "a*x^2/2 + x*y"
[players.y]
loss = "-x*y + E((u*y)^2)/2"
[hyperparameters]
a = ">0"
[distributions]
u = { law = "uniform", low = -1, high = 1 }
[equilibrium]
x = 0
y = 0
```

In the place of losses a file may give a field: `field = "…"` in each player's table, or one of the
tables `[field]`, `[map]` (a formula for each variable) and `[matrix]` (rows of formulas).

`docs/game.schema.json` lists every key. The result is a declaration like those of the registry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from fractions import Fraction
from functools import lru_cache
from keyword import iskeyword
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stabcheck.core import hyper
from stabcheck.core.domain import Domain, spelled
from stabcheck.core.errors import BadInput, unknown
from stabcheck.declare import registry
from stabcheck.declare.file import formula
from stabcheck.declare.file.filegame import (
    Constant,
    Draw,
    FileField,
    FileGame,
    FileMap,
    Mixed,
    Normal,
    Plan,
    Player,
    Uniform,
    points,
)
from stabcheck.declare.file.formula import Formula, FormulaError, Rationals, Size
from stabcheck.declare.games.game import Game

LARGEST_FILE = 100_000
MOST_PLAYERS, MOST_VARIABLES, MOST_NAMES, MOST_VALUES = 20, 40, 40, 100
MOST_NODES = 1_000_000
LONGEST_NAME = 30
TRIED = (3, 5, 11)
KEPT = 1024
"""How many files are kept as they were read."""

GAME_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
KEYS = (
    "name", "source", "players", "field", "map", "matrix", "hyperparameters", "distributions", "equilibrium",
    "start", "manifold",
)  # fmt: skip
FORMS = ("players", "field", "map", "matrix")
"""What a file declares; one of them."""
BASES = MappingProxyType({"loss": FileGame, "field": FileField, "map": FileMap})
WRITTEN = MappingProxyType({"field": "'", "map": "+"})


class _Float(str):
    """A TOML float as it was typed, so that 0.1 is exactly 1/10."""

    __slots__ = ()


# From the file to the text


def load(path: str | Path) -> type[Game]:
    """The game that a TOML file describes, as a declaration class.

    A file that has not changed gives the same class again.

    Raises:
        BadInput: for whatever is wrong with the file, naming the file and the key.
    """
    return _built(str(path), Path(path).name, _text(Path(path), str(path)))


def _text(path: Path, shown: str) -> str:
    try:
        if not path.exists():
            raise BadInput(f"{shown}: there is no such file; stabcheck new {shown} writes one to start from")
        if not path.is_file():
            raise BadInput(f"{shown}: this is no file; give the path of a TOML file")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as fault:
        raise BadInput(
            f"{shown}: the file cannot be read: {getattr(fault, 'strerror', '') or fault}"
        ) from None
    if len(data) > LARGEST_FILE:
        raise BadInput(f"{shown}: the file is too large; write at most {LARGEST_FILE // 1000} kB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(f"{shown}: this is no text in UTF-8 (byte {fault.start}); save it as such") from None


@lru_cache(maxsize=KEPT)
def _built(shown: str, short: str, text: str) -> type[FileGame]:
    try:
        tree = tomllib.loads(text, parse_float=_Float)
    except ValueError as fault:
        raise BadInput(f"{shown}: this is no TOML: {fault}") from None
    except RecursionError:
        raise BadInput(f"{shown}: this is no TOML that can be read: it is nested too deep") from None
    found = described(shown, short, tree)
    found.origin = (_built, (shown, short, text))
    return found


# From the tables to the plan


@dataclass(frozen=True)
class _Place:
    """A key of the file, and what to say of it."""

    file: str
    key: str = ""

    def of(self, key: str) -> _Place:
        """A key inside the table at this place."""
        return _Place(self.file, f"{self.key}.{key}" if self.key else key)

    def error(self, what: str) -> BadInput:
        """A refusal that names the file and the key."""
        return BadInput(": ".join(part for part in (self.file, self.key, what) if part))

    def table(self, value: Any, known: Iterable[str] = ()) -> dict[str, Any]:
        """The value, which must be a table; with `known`, of these keys only."""
        if not isinstance(value, dict):
            raise self.error(f"this must be a table, not {_shown(value)}")
        known = tuple(known)
        for key in value:
            if known and key not in known:
                raise self.error(str(unknown("key", key, known)))
        return value

    def needed(self, table: Mapping[str, Any], key: str) -> Any:
        """The value of a key that must be there."""
        if key not in table:
            raise self.error(f"{key} is missing; add it")
        return table[key]

    def text(self, value: Any) -> str:
        """The value, which must be a text; in one line."""
        if type(value) is not str or not value.strip():
            raise self.error(f"this must be a text in quotes, not {_shown(value)}")
        return " ".join(re.split(r"[ \t\r\n]+", value)).strip()

    def domain(self, value: Any) -> Domain:
        """The domain that the value spells."""
        text = self.text(value)
        try:
            return spelled(text, "sign")
        except BadInput as refusal:
            raise self.error(str(refusal)) from None

    def items(self, value: Any, most: int) -> list[Any]:
        """The value, which must be a list of at least one and at most so many."""
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise self.error(f"this must be a list of 1 to {most}, not {_shown(value)}")
        return value

    def words(self, value: Any, most: int) -> tuple[str, ...]:
        """The value, which must be a list of different names."""
        found = tuple(self.text(item) for item in self.items(value, most))
        for word in found:
            if found.count(word) > 1:
                raise self.error(f"{word} is listed {found.count(word)} times; list it once")
        return found

    def number(self, value: Any) -> Fraction:
        """The exact value of a number, typed as one or as text."""
        try:
            return hyper.number(self._typed(value, "a number"))
        except BadInput as refusal:
            raise (refusal if str(refusal).startswith(self.file) else self.error(str(refusal))) from None

    def formula(self, value: Any, names: Iterable[str], laws: Mapping[str, Size] | None = None) -> Formula:
        """The value as a formula in these names and, inside means, these random numbers."""
        text = self._typed(value, "a formula in quotes")
        try:
            return formula.parse(text, names, laws or {})
        except FormulaError as refusal:
            raise refusal.at(f"{self.file}: {self.key}") from None

    def _typed(self, value: Any, wanted: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self.error(f"this must be {wanted}, not {_shown(value)}")
        return value if isinstance(value, str) else str(value)


def _shown(value: Any) -> str:
    kinds = {bool: "true or false", dict: "a table", list: "a list", str: "a text", _Float: "a number"}
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an empty text" if value == "" else kinds.get(type(value), f"'{str(value)[:30]}'")


@dataclass(frozen=True)
class _Part:
    """What a file says of one player.

    Attributes:
        kind: `loss`, `field` or `map`.
        variables: its coordinates.
        said: the formula of its loss, or one per coordinate, each with its place.
    """

    kind: str
    variables: tuple[str, ...]
    said: tuple[tuple[_Place, Any], ...]


@dataclass(frozen=True)
class _Reader:
    """Makes the class that a file describes.

    Attributes:
        top: the file as a whole.
        short: its name without folders.
        said: its tables.
    """

    top: _Place
    short: str
    said: Mapping[str, Any]

    def game(self) -> type[FileGame]:
        """The class."""
        name = self._name()
        rows = self._rows(name)
        form = self._form()
        players = _Parts(self.top, self.said, tuple(rows)).of(form)
        variables = {p: part.variables for p, part in players.items()}
        manifold = self._manifold(rows)
        _Names(self.top, form, tuple(rows), variables, tuple(self._table("distributions"))).check()
        draws = _Draws(self.top, self._table("distributions"), tuple(rows)).all()
        plan = Plan(
            tuple(self._player(p, part, variables, rows, draws) for p, part in players.items()),
            MappingProxyType(draws),
            self._rest(variables, rows),
            manifold,
        )
        start = self._start(variables)
        _Uses(self.top, form, plan, tuple(rows), self._table("distributions")).check()
        kind = next(iter(players.values())).kind
        return self._class(name, kind, rows, plan, start)

    def _form(self) -> str:
        """Which of the forms the file has."""
        given = [form for form in FORMS if form in self.said]
        if not given:
            raise self.top.error("players is missing; add it, or a [field], [map] or [matrix]")
        if len(given) > 1:
            raise self.top.error(f"[{given[0]}] and [{given[1]}] are both given; give one")
        return given[0]

    def _class(
        self,
        name: str,
        kind: str,
        rows: Mapping[str, hyper.Hyper],
        plan: Plan,
        start: tuple[tuple[Fraction, ...], ...],
    ) -> type[FileGame]:
        source = self.top.of("source").text(self.said.get("source", self.short))
        return make_dataclass(
            "".join(word.capitalize() for word in name.split("-")),
            [(_attribute(name), Any, _field(row)) for name, row in rows.items()],
            bases=(BASES[kind],),
            namespace={
                "__doc__": f"`{name}` from {self.short}.",
                "__module__": __name__,
                "name": name,
                "formula": self._matrix(kind) or "; ".join(_lines(kind, plan)),
                "source": source,
                "plan": plan,
                "start": start,
            },
            frozen=True,
        )

    def _matrix(self, kind: str) -> str:
        """A matrix in one line; empty where the file has none."""
        if "matrix" not in self.said:
            return ""
        rows = "; ".join(", ".join(map(str, row)) for row in self.said["matrix"]["rows"])
        return f"x{WRITTEN[kind]} = A x with A = [{rows}]"

    def _table(self, key: str) -> dict[str, Any]:
        found = self.top.of(key).table(self.said.get(key, {}))
        if len(found) > MOST_NAMES:
            raise self.top.of(key).error(f"there are {len(found)} entries; write at most {MOST_NAMES}")
        return found

    def _name(self) -> str:
        place = self.top.of("name")
        name = place.text(self.top.needed(self.said, "name"))
        if not GAME_NAME.fullmatch(name):
            raise place.error(f"'{name[:40]}' is no name; use lower-case letters, digits and hyphens")
        for kind in registry.KINDS:
            taken = registry.known(kind)
            if name in taken or any(name in part.aliases for part in taken.values()):
                raise place.error(f"'{name}' is the name of a {kind} of stabcheck; use another one")
        return name

    def _rows(self, owner: str) -> dict[str, hyper.Hyper]:
        """The hyperparameters by name."""
        place = self.top.of("hyperparameters")
        return {
            name: _row(place.of(name), owner, name, said) for name, said in self._table(place.key).items()
        }

    def _manifold(self, rows: Mapping[str, hyper.Hyper]) -> tuple[str, ...]:
        if "manifold" not in self.said:
            return ()
        place = self.top.of("manifold")
        found = place.words(self.said["manifold"], MOST_VARIABLES)
        for name in found:
            if name not in rows:
                raise place.error(str(unknown("hyperparameter", name, rows)))
        if "equilibrium" not in self.said:
            raise place.error("coordinates along rest points need an [equilibrium] in them; add one")
        return found

    def _player(
        self,
        name: str,
        part: _Part,
        variables: Mapping[str, tuple[str, ...]],
        rows: Mapping[str, hyper.Hyper],
        draws: Mapping[str, Draw],
    ) -> Player:
        known = (*(v for names in variables.values() for v in names), *rows)
        found = tuple(self._formula(place, said, known, draws) for place, said in part.said)
        if part.kind == "loss":
            return Player(name, part.variables, found[0])
        return Player(name, part.variables, None, found)

    def _formula(self, place: _Place, said: Any, names: Iterable[str], draws: Mapping[str, Draw]) -> Formula:
        found = place.formula(said, names, {draw: known.size for draw, known in draws.items()})
        nodes = _nodes(found, draws)
        if nodes > MOST_NODES:
            what = f"its means take {nodes} points of quadrature; use fewer random numbers in one E(...)"
            raise place.error(what)
        return found

    def _rest(
        self, variables: Mapping[str, tuple[str, ...]], rows: Mapping[str, hyper.Hyper]
    ) -> tuple[tuple[Formula, ...], ...]:
        given = [key for key in ("equilibrium", "start") if key in self.said]
        if not given and "matrix" in self.said:
            return tuple(tuple(formula.parse("0", ()) for _ in names) for names in variables.values())
        if not given:
            raise self.top.error(
                "[equilibrium] is missing; declare the rest point, or a [start] to search from"
            )
        if len(given) > 1:
            raise self.top.error("[equilibrium] and [start] are both given; give one")
        return self._each("equilibrium", variables, lambda place, value: place.formula(value, rows))

    def _start(self, variables: Mapping[str, tuple[str, ...]]) -> tuple[tuple[Fraction, ...], ...]:
        return self._each("start", variables, lambda place, value: place.number(value))

    def _each(
        self, key: str, variables: Mapping[str, tuple[str, ...]], read: Callable[[_Place, Any], Any]
    ) -> tuple[tuple[Any, ...], ...]:
        """What a table says of every variable, by player; empty where there is no table."""
        if key not in self.said:
            return ()
        place = self.top.of(key)
        table = place.table(self.said[key], [v for names in variables.values() for v in names])
        return tuple(
            tuple(read(place.of(v), place.needed(table, v)) for v in names) for names in variables.values()
        )


def _lines(kind: str, plan: Plan) -> Iterator[str]:
    """The formulas of a file, each with what it is."""
    for p in plan.players:
        names = [f"L_{p.name}"] if kind == "loss" else [f"{v}{WRITTEN[kind]}" for v in p.variables]
        yield from (f"{name} = {' '.join(f.text.split())}" for name, f in zip(names, p.formulas, strict=True))


@dataclass(frozen=True)
class _Parts:
    """The players of a file, in whichever form it declares them.

    Attributes:
        top: the file as a whole.
        said: its tables.
        names: the hyperparameters.
    """

    top: _Place
    said: Mapping[str, Any]
    names: tuple[str, ...]

    def of(self, form: str) -> dict[str, _Part]:
        """Each by its name; a variable of a field, map or matrix is a player of its own."""
        place = self.top.of(form)
        return getattr(self, f"_{form}")(place, place.table(self.said[form]))

    def _players(self, place: _Place, table: dict[str, Any]) -> dict[str, _Part]:
        if not 1 <= len(table) <= MOST_PLAYERS:
            raise place.error(f"there are {len(table)} players; write 1 to {MOST_PLAYERS}")
        found = {name: self._player(place.of(name), name, said) for name, said in table.items()}
        first = next(iter(found))
        for name, part in found.items():
            if part.kind != found[first].kind:
                what = f"it has a {part.kind} and {first} a {found[first].kind}; give all the same"
                raise place.of(name).error(what)
        return found

    def _player(self, place: _Place, name: str, said: Any) -> _Part:
        table = place.table(said, ("variables", "loss", "field"))
        variables = place.of("variables").words(table.get("variables", [name]), MOST_VARIABLES)
        if "field" not in table:
            return _Part("loss", variables, ((place.of("loss"), place.needed(table, "loss")),))
        if "loss" in table:
            raise place.error("loss and field are both given; give one")
        given = table["field"] if isinstance(table["field"], list) else [table["field"]]
        if len(given) != len(variables):
            what = f"there are {len(given)} formulas for {len(variables)} variables; list one for each"
            raise place.of("field").error(what)
        return _Part("field", variables, tuple((place.of("field"), formula) for formula in given))

    def _field(self, place: _Place, table: dict[str, Any], kind: str = "field") -> dict[str, _Part]:
        if not 1 <= len(table) <= MOST_VARIABLES:
            raise place.error(f"there are {len(table)} formulas; write 1 to {MOST_VARIABLES}")
        return {name: _Part(kind, (name,), ((place.of(name), said),)) for name, said in table.items()}

    def _map(self, place: _Place, table: dict[str, Any]) -> dict[str, _Part]:
        return self._field(place, table, "map")

    def _matrix(self, place: _Place, table: dict[str, Any]) -> dict[str, _Part]:
        place.table(table, ("rows", "names", "of"))
        rows = place.of("rows").items(place.needed(table, "rows"), MOST_VARIABLES)
        kind = place.of("of").text(table.get("of", "field"))
        if kind not in WRITTEN:
            raise place.of("of").error(str(unknown("kind", kind, WRITTEN)))
        names = table.get("names", [f"x_{k + 1}" for k in range(len(rows))])
        found = place.of("names").words(names, MOST_VARIABLES)
        if len(found) != len(rows):
            raise place.of("names").error(f"there are {len(found)} for {len(rows)} rows; give one each")
        for name in found:
            if not hyper.NAME.fullmatch(name):
                raise place.of("names").error(f"'{name[:LONGEST_NAME]}' is no name")
        return {
            name: _Part(kind, (name,), ((place.of("rows"), self._product(place.of("rows"), row, found)),))
            for name, row in zip(found, rows, strict=True)
        }

    def _product(self, place: _Place, row: Any, names: Sequence[str]) -> str:
        """A row of the matrix times the coordinates, as a formula."""
        entries = place.items(row, MOST_VARIABLES)
        if len(entries) != len(names):
            raise place.error(f"a row has {len(entries)} entries for {len(names)} rows; the matrix is square")
        read = [place.formula(entry, self.names) for entry in entries]
        terms = [f"({f.text})*{name}" for f, name in zip(read, names, strict=True) if f.number != 0]
        return " + ".join(terms) or "0"


def _row(place: _Place, owner: str, name: str, said: Any) -> hyper.Hyper:
    """A hyperparameter, from its sign alone or from a table."""
    table = {"sign": said} if isinstance(said, str) else place.table(said, ("sign", "default", "help"))
    domain = place.of("sign").domain(place.needed(table, "sign"))
    text = place.of("help").text(table.get("help", f"hyperparameter of {owner}"))
    default = _default(place.of("default"), name, domain, table) if "default" in table else None
    typical = Fraction(1) if domain.contains(Fraction(1)) else Fraction(1, 2)
    return hyper.Hyper(name, domain, text, default=default, typical=default or typical)


def _default(place: _Place, name: str, domain: Domain, table: Mapping[str, Any]) -> Fraction:
    value = place.number(table["default"])
    if not domain.contains(value):
        raise place.error(f"{name} must be {domain.text}, not {value}")
    return value


def _attribute(name: str) -> str:
    """The name of a hyperparameter's field: it hides nothing that games have, and is no word of Python."""
    return f"{name}_" if iskeyword(name) or hasattr(FileGame, name) else name


def _field(row: hyper.Hyper) -> Any:
    """The field of a hyperparameter; of the library's table, which may have the name, nothing stays."""
    kept = {key: getattr(row, key) for key in ("domain", "help", "tex", "default", "per_player", "typical")}
    return hyper.hyper(row.name, **kept)


@dataclass(frozen=True)
class _Names:
    """The names that a file gives, which must be usable and different."""

    top: _Place
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

    def _all(self) -> Iterator[tuple[str, _Place, str]]:
        """What has a name, where it is given, and the name."""
        for player, names in self.variables.items():
            place = self.top.of(self.form).of(player)
            yield from ((f"a variable of player {player}", place, name) for name in names)
        yield from (
            ("a hyperparameter", self.top.of("hyperparameters"), name) for name in self.hyperparameters
        )
        yield from (("a distribution", self.top.of("distributions"), name) for name in self.distributions)

    def _refuse_shape(self, place: _Place, name: str) -> None:
        if not hyper.NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            what = f"up to {LONGEST_NAME} letters, digits and single _ inside"
            raise place.error(f"'{name[:LONGEST_NAME]}' is no name; use {what}")
        try:
            hyper.usable(name)
        except BadInput as refusal:
            raise place.error(str(refusal)) from None

    def _refuse_each(self, place: _Place, name: str) -> None:
        """A name may not be what methods call one player's value."""
        for row in hyper.TABLE.values():
            if row.per_player and name in {f"{row.name}_{player}" for player in self.variables}:
                player = name.removeprefix(f"{row.name}_")
                what = f"'{name}' is what methods call {player}'s {row.name} ({row.help}); use another name"
                raise place.error(what)


@dataclass(frozen=True)
class _Draws:
    """The distributions of a file."""

    top: _Place
    said: Mapping[str, Any]
    names: tuple[str, ...]

    def all(self) -> dict[str, Draw]:
        """Each by its name."""
        return {name: self._draw(name) for name in self.said}

    def _draw(self, name: str) -> Draw:
        place, table = self._entry(name)
        law = place.of("law").text(place.needed(table, "law"))
        if law not in LAWS:
            raise place.of("law").error(str(unknown("law", law, LAWS)))
        place.table(table, ("law", *LAWS[law]))
        return getattr(self, f"_{law}")(place, table)

    def _entry(self, name: str) -> tuple[_Place, dict[str, Any]]:
        place = self.top.of("distributions").of(name)
        return place, place.table(self.said[name])

    def _formula(self, place: _Place, table: Mapping[str, Any], key: str) -> Formula:
        return place.of(key).formula(place.needed(table, key), self.names)

    def _uniform(self, place: _Place, table: Mapping[str, Any]) -> Draw:
        low, high = (self._formula(place, table, key) for key in ("low", "high"))
        if low.number is not None and high.number is not None and low.number >= high.number:
            raise place.error(f"low must be below high, not {low.number} and {high.number}")
        return Uniform(low, high)

    def _normal(self, place: _Place, table: Mapping[str, Any]) -> Draw:
        mean, std = (self._formula(place, table, key) for key in ("mean", "std"))
        if std.number is not None and std.number <= 0:
            raise place.of("std").error(f"this must be a number > 0, not {std.number}")
        return Normal(mean, std)

    def _discrete(self, place: _Place, table: Mapping[str, Any]) -> Draw:
        values = place.of("values").items(place.needed(table, "values"), MOST_VALUES)
        read = (place.of("values").formula(value, self.names) for value in values)
        return self._mixed(place, table, [Constant(value) for value in read])

    def _mixture(self, place: _Place, table: Mapping[str, Any]) -> Draw:
        names = place.of("of").words(place.needed(table, "of"), MOST_VALUES)
        return self._mixed(place, table, [self._part(place.of("of"), name) for name in names])

    def _part(self, place: _Place, name: str) -> Draw:
        if name not in self.said:
            raise place.error(str(unknown("distribution", name, self.said)))
        if self._entry(name)[1].get("law") == "mixture":
            raise place.error(f"{name} is a mixture itself; list what it is mixed of")
        return self._draw(name)

    def _mixed(self, place: _Place, table: Mapping[str, Any], parts: Sequence[Draw]) -> Draw:
        if "weights" not in table:
            return Mixed(tuple(parts), ())
        place = place.of("weights")
        said = place.items(table["weights"], MOST_VALUES)
        if len(said) != len(parts):
            raise place.error(f"there are {len(said)} for {len(parts)} values or laws; give one each")
        weights = tuple(place.formula(value, self.names) for value in said)
        _refuse_weights(place, weights)
        return Mixed(tuple(parts), weights)


LAWS = MappingProxyType(
    {
        "uniform": ("low", "high"),
        "normal": ("mean", "std"),
        "discrete": ("values", "weights"),
        "mixture": ("of", "weights"),
    }
)
"""The laws of a file, with the keys that each takes."""


def _refuse_weights(place: _Place, weights: Sequence[Formula]) -> None:
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
        # All in (0, 1), so in the domain of every hyperparameter.
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


def described(shown: str, short: str, tables: Mapping[str, Any]) -> type[FileGame]:
    """The game of tables that were not read from a file.

    Args:
        shown: what errors call them.
        short: the source.
        tables: as in a file.

    Raises:
        as `load`.
    """
    return _Reader(_Place(shown), short, _Place(shown).table(tables, KEYS)).game()


def _nodes(loss: Formula, draws: Mapping[str, Draw]) -> int:
    """How many points the largest of the means in a loss takes."""
    means = (node for node in formula.nodes(loss.tree) if isinstance(node, formula.Mean))
    return max((points([draws[name] for name in mean.draws]) for mean in means), default=1)


@dataclass(frozen=True)
class _Uses:
    """Whether everything that a file declares is used, where it may be."""

    top: _Place
    form: str
    plan: Plan
    hyperparameters: tuple[str, ...]
    distributions: Mapping[str, Any]

    def check(self) -> None:
        """Raises:
        BadInput: for what is declared and unused, and for losses that grow too long at rest.
        """
        felt = {name for player in self.plan.players for f in player.formulas for name in f.names}
        at_rest = {name for row in self.plan.rest for f in row for name in f.names}
        drawn = {name for draw in self.plan.draws.values() for f in draw.formulas for name in f.names}
        mixed = {name for u in felt & set(self.distributions) for name in self.distributions[u].get("of", ())}
        for player in self.plan.players:
            place = self.top.of(self.form).of(player.name)
            # A field may depend on less: where a car is, its speed need not know.
            used = felt if player.loss is not None else felt | {*player.variables}
            self._refuse_unused(place, player.variables, used, "no loss; put it in one, or leave it out")
        place = self.top.of("distributions")
        where = (
            "no loss; leave it out" if self.plan.players[0].loss is not None else "no formula; leave it out"
        )
        self._refuse_unused(place, self.distributions, felt | mixed, where)
        place = self.top.of("hyperparameters")
        self._refuse_unused(place, self.hyperparameters, felt | drawn | at_rest, "no formula; leave it out")
        self._refuse_manifold(felt | drawn, at_rest)
        self._refuse_growth()

    def _refuse_unused(self, place: _Place, names: Iterable[str], used: set[str], where: str) -> None:
        for name in names:
            if name not in used:
                raise place.error(f"{name} appears in {where}")

    def _refuse_manifold(self, felt: set[str], at_rest: set[str]) -> None:
        place = self.top.of("manifold")
        self._refuse_unused(place, self.plan.manifold, at_rest, "no formula of [equilibrium]; leave it out")
        for name in self.plan.manifold:
            if name in felt:
                raise place.error(f"{name} is a coordinate along rest points; use it in [equilibrium] only")

    def _refuse_growth(self) -> None:
        """The rest point is put into the losses, which are expanded there."""
        sizes = {name: draw.size for name, draw in self.plan.draws.items()}
        for player, row in zip(self.plan.players, self.plan.rest, strict=False):
            sizes |= {name: Size(f.terms({})) for name, f in zip(player.variables, row, strict=True)}
        for player in self.plan.players:
            if any(f.terms(sizes) > formula.MOST_TERMS for f in player.formulas):
                what = (
                    f"with [equilibrium] put in it has more than {formula.MOST_TERMS} terms; write it simpler"
                )
                place = self.top.of(self.form).of(player.name)
                raise (place if player.loss is None else place.of("loss")).error(what)
