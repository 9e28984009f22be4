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

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, unknown
from stabcheck.declare import registry
from stabcheck.declare.file import formula, tree
from stabcheck.declare.file.filegame import (
    Draw,
    FileField,
    FileGame,
    FileMap,
    Plan,
    Player,
    points,
)
from stabcheck.declare.file.formula import Formula
from stabcheck.declare.file.limits import LARGEST_FILE, MOST_NAMES, MOST_PLAYERS, MOST_POINTS, MOST_VARIABLES
from stabcheck.declare.file.names import Draws, Names, attribute, field, row
from stabcheck.declare.file.place import GAME_NAME, KEYS, LONGEST_NAME, Float, Place
from stabcheck.declare.file.uses import Uses
from stabcheck.declare.games.game import Game

KEPT = 1024
"""How many files are kept as they were read."""

FORMS = ("players", "field", "map", "matrix")
"""What a file declares; one of them."""
BASES = MappingProxyType({"loss": FileGame, "field": FileField, "map": FileMap})
WRITTEN = MappingProxyType({"field": "'", "map": "+"})


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
        tree = tomllib.loads(text, parse_float=Float)
    except ValueError as fault:
        raise BadInput(f"{shown}: this is no TOML: {fault}") from None
    except RecursionError:
        raise BadInput(f"{shown}: this is no TOML that can be read: it is nested too deep") from None
    game = described(shown, short, tree)
    game.origin = (_built, (shown, short, text))
    return game


# From the tables to the plan


@dataclass(frozen=True)
class _Part:
    """What a file says of one player.

    Attributes:
        kind: `loss`, `field` or `map`.
        variables: its coordinates.
        formulas: the formula of its loss, or one per coordinate, each with its place.
    """

    kind: str
    variables: tuple[str, ...]
    formulas: tuple[tuple[Place, Any], ...]


@dataclass(frozen=True)
class _Reader:
    """Makes the class that a file describes.

    Attributes:
        top: the file as a whole.
        short: its name without folders.
        data: its tables.
    """

    top: Place
    short: str
    data: Mapping[str, Any]

    def game(self) -> type[FileGame]:
        """The class."""
        name = self._name()
        rows = self._rows(name)
        form = self._form()
        players = _Parts(self.top, self.data, tuple(rows)).of(form)
        variables = {p: part.variables for p, part in players.items()}
        manifold = self._manifold(rows)
        Names(self.top, form, tuple(rows), variables, tuple(self._table("distributions"))).check()
        draws = Draws(self.top, self._table("distributions"), tuple(rows)).all()
        plan = Plan(
            tuple(self._player(p, part, variables, rows, draws) for p, part in players.items()),
            MappingProxyType(draws),
            self._equilibrium(variables, rows),
            manifold,
        )
        start = self._start(variables)
        Uses(self.top, form, plan, tuple(rows), self._table("distributions")).check()
        kind = next(iter(players.values())).kind
        return self._class(name, kind, rows, plan, start)

    def _form(self) -> str:
        """Which of the forms the file has."""
        given = [form for form in FORMS if form in self.data]
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
        source = self.top.of("source").text(self.data.get("source", self.short))
        return make_dataclass(
            "".join(word.capitalize() for word in name.split("-")),
            [(attribute(name), Any, field(row)) for name, row in rows.items()],
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
        if "matrix" not in self.data:
            return ""
        rows = "; ".join(", ".join(map(str, row)) for row in self.data["matrix"]["rows"])
        return f"x{WRITTEN[kind]} = A x with A = [{rows}]"

    def _table(self, key: str) -> dict[str, Any]:
        table = self.top.of(key).table(self.data.get(key, {}))
        if len(table) > MOST_NAMES:
            raise self.top.of(key).error(f"there are {len(table)} entries; write at most {MOST_NAMES}")
        return table

    def _name(self) -> str:
        place = self.top.of("name")
        name = place.text(self.top.needed(self.data, "name"))
        if not GAME_NAME.fullmatch(name):
            raise place.error(f"'{name[:40]}' is no name; use lower-case letters, digits and hyphens")
        for kind in registry.KINDS:
            taken = registry.declarations(kind)
            if name in taken or any(name in part.aliases for part in taken.values()):
                raise place.error(f"'{name}' is the name of a {kind} of stabcheck; use another one")
        return name

    def _rows(self, owner: str) -> dict[str, hyper.Hyper]:
        """The hyperparameters by name."""
        place = self.top.of("hyperparameters")
        return {
            name: row(place.of(name), owner, name, entry) for name, entry in self._table(place.key).items()
        }

    def _manifold(self, rows: Mapping[str, hyper.Hyper]) -> tuple[str, ...]:
        if "manifold" not in self.data:
            return ()
        place = self.top.of("manifold")
        names = place.distinct_names(self.data["manifold"], MOST_VARIABLES)
        for name in names:
            if name not in rows:
                raise place.error(str(unknown("hyperparameter", name, rows)))
        if "equilibrium" not in self.data:
            raise place.error("coordinates along rest points need an [equilibrium] in them; add one")
        return names

    def _player(
        self,
        name: str,
        part: _Part,
        variables: Mapping[str, tuple[str, ...]],
        rows: Mapping[str, hyper.Hyper],
        draws: Mapping[str, Draw],
    ) -> Player:
        symbols = (*(v for names in variables.values() for v in names), *rows)
        formulas = tuple(self._formula(place, text, symbols, draws) for place, text in part.formulas)
        if part.kind == "loss":
            return Player(name, part.variables, formulas[0])
        return Player(name, part.variables, None, formulas)

    def _formula(self, place: Place, text: Any, names: Iterable[str], draws: Mapping[str, Draw]) -> Formula:
        expression = place.formula(text, names, {draw: law.size for draw, law in draws.items()})
        nodes = _nodes(expression, draws)
        if nodes > MOST_POINTS:
            what = f"its means take {nodes} points of quadrature; use fewer random numbers in one E(...)"
            raise place.error(what)
        return expression

    def _equilibrium(
        self, variables: Mapping[str, tuple[str, ...]], rows: Mapping[str, hyper.Hyper]
    ) -> tuple[tuple[Formula, ...], ...]:
        given = [key for key in ("equilibrium", "start") if key in self.data]
        if not given and "matrix" in self.data:
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
        self, key: str, variables: Mapping[str, tuple[str, ...]], read: Callable[[Place, Any], Any]
    ) -> tuple[tuple[Any, ...], ...]:
        """What a table says of every variable, by player; empty where there is no table."""
        if key not in self.data:
            return ()
        place = self.top.of(key)
        table = place.table(self.data[key], [v for names in variables.values() for v in names])
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
        data: its tables.
        names: the hyperparameters.
    """

    top: Place
    data: Mapping[str, Any]
    names: tuple[str, ...]

    def of(self, form: str) -> dict[str, _Part]:
        """Each by its name; a variable of a field, map or matrix is a player of its own."""
        place = self.top.of(form)
        return getattr(self, f"_{form}")(place, place.table(self.data[form]))

    def _players(self, place: Place, table: dict[str, Any]) -> dict[str, _Part]:
        if not 1 <= len(table) <= MOST_PLAYERS:
            raise place.error(f"there are {len(table)} players; write 1 to {MOST_PLAYERS}")
        parts = {name: self._player(place.of(name), name, entry) for name, entry in table.items()}
        first = next(iter(parts))
        for name, part in parts.items():
            if part.kind != parts[first].kind:
                what = f"it has a {part.kind} and {first} a {parts[first].kind}; give all the same"
                raise place.of(name).error(what)
        return parts

    def _player(self, place: Place, name: str, entry: Any) -> _Part:
        table = place.table(entry, ("variables", "loss", "field"))
        variables = place.of("variables").distinct_names(table.get("variables", [name]), MOST_VARIABLES)
        if "field" not in table:
            return _Part("loss", variables, ((place.of("loss"), place.needed(table, "loss")),))
        if "loss" in table:
            raise place.error("loss and field are both given; give one")
        given = table["field"] if isinstance(table["field"], list) else [table["field"]]
        if len(given) != len(variables):
            what = f"there are {len(given)} formulas for {len(variables)} variables; list one for each"
            raise place.of("field").error(what)
        return _Part("field", variables, tuple((place.of("field"), formula) for formula in given))

    def _field(self, place: Place, table: dict[str, Any], kind: str = "field") -> dict[str, _Part]:
        if not 1 <= len(table) <= MOST_VARIABLES:
            raise place.error(f"there are {len(table)} formulas; write 1 to {MOST_VARIABLES}")
        return {name: _Part(kind, (name,), ((place.of(name), text),)) for name, text in table.items()}

    def _map(self, place: Place, table: dict[str, Any]) -> dict[str, _Part]:
        return self._field(place, table, "map")

    def _matrix(self, place: Place, table: dict[str, Any]) -> dict[str, _Part]:
        place.table(table, ("rows", "names", "of"))
        rows = place.of("rows").items(place.needed(table, "rows"), MOST_VARIABLES)
        kind = place.of("of").text(table.get("of", "field"))
        if kind not in WRITTEN:
            raise place.of("of").error(str(unknown("kind", kind, WRITTEN)))
        given = table.get("names", [f"x_{k + 1}" for k in range(len(rows))])
        names = place.of("names").distinct_names(given, MOST_VARIABLES)
        if len(names) != len(rows):
            raise place.of("names").error(f"there are {len(names)} for {len(rows)} rows; give one each")
        for name in names:
            if not hyper.NAME.fullmatch(name):
                raise place.of("names").error(f"'{name[:LONGEST_NAME]}' is no name")
        return {
            name: _Part(kind, (name,), ((place.of("rows"), self._product(place.of("rows"), row, names)),))
            for name, row in zip(names, rows, strict=True)
        }

    def _product(self, place: Place, row: Any, names: Sequence[str]) -> str:
        """A row of the matrix times the coordinates, as a formula."""
        entries = place.items(row, MOST_VARIABLES)
        if len(entries) != len(names):
            raise place.error(f"a row has {len(entries)} entries for {len(names)} rows; the matrix is square")
        read = [place.formula(entry, self.names) for entry in entries]
        terms = [f"({f.text})*{name}" for f, name in zip(read, names, strict=True) if f.number != 0]
        return " + ".join(terms) or "0"


def described(shown: str, short: str, tables: Mapping[str, Any]) -> type[FileGame]:
    """The game of tables that were not read from a file.

    Args:
        shown: what errors call them.
        short: the source.
        tables: as in a file.

    Raises:
        as `load`.
    """
    return _Reader(Place(shown), short, Place(shown).table(tables, KEYS)).game()


def _nodes(loss: Formula, draws: Mapping[str, Draw]) -> int:
    """How many points the largest of the means in a loss takes."""
    means = (node for node in tree.nodes(loss.tree) if isinstance(node, tree.Mean))
    return max((points([draws[name] for name in mean.draws]) for mean in means), default=1)
