"""Hyperparameters: what a declaration may leave open, in one table.

A declaration (a game, loss, penalty or method) is a frozen dataclass whose hyperparameters are
fields made by `hyper`. A field holds one of

- a name such as `"gamma"`: the hyperparameter stays a symbol, and the result is exact in it;
- a number: `1`, `Fraction(1, 2)`, `"1/2"`, `"0.1"`, `0.1` (a float means the decimal that it
  prints as), kept exactly as a fraction;
- anything else, such as a SymPy number or a traced JAX array, which passes through unchecked.

Interpreters never compute with the field itself: `rebind` hands every value to them first, so
that `gamma/2` is a rational in SymPy and an array in JAX.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from numbers import Rational, Real
from typing import Any, ClassVar, TypeVar

from stabcheck.core.domain import (
    DECAY,
    NONNEGATIVE,
    NONZERO,
    POSITIVE,
    REAL,
    SHARE,
    Domain,
    count_to,
    spelled,
)
from stabcheck.core.errors import BadInput, unknown
from stabcheck.core.frozen import Frozen
from stabcheck.core.number import SCHEDULE, VALUES, changing, entries, number

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*", re.ASCII)


@dataclass(frozen=True)
class Hyper:
    """One hyperparameter, keyed by `(owner, name)`.

    Attributes:
        owner: the registry name of the declaration that owns it.
        name: its name in Python, on the command line and, as a symbol, in formulas.
        domain: the values that it may take.
        tex: how LaTeX sets it; empty for SymPy's own rendering of the name.
        help: one line for people.
        default: the value that it has when nothing is said; `None` leaves it a symbol.
        typical: a value to compare methods at where none is given.
        per_player: it may be given once per player (`h_g`, `h_d`), as a tuple.
    """

    name: str
    domain: Domain
    help: str
    tex: str = ""
    default: Fraction | int | None = None
    per_player: bool = False
    typical: Fraction = Fraction(1)
    owner: str = ""

    @property
    def owned_name(self) -> str:
        """Its name with the owner behind it, `gamma_wgan_gp`, which no other hyperparameter has."""
        return f"{self.name}_{self.owner.replace('-', '_')}"


@dataclass(frozen=True)
class Setting:
    """A choice that is part of the structure and no number, such as which samples get noise.

    Attributes:
        name: its name in Python and on the command line.
        help: one line for people.
        choices: the words allowed.
        of: where the words are the players of the game: `order` for an index each, in order,
            `player` for the index of one; `matrix` where it is a matrix of numbers.
    """

    name: str
    help: str
    choices: tuple[str, ...] = ()
    of: str = ""
    owner: str = ""


TABLE = {
    row.name: row
    for row in (
        Hyper("h", POSITIVE, "step size", per_player=True, typical=Fraction(1, 5)),
        Hyper("tau", POSITIVE, "speed of the flow", default=1, per_player=True),
        Hyper("n", count_to(10000), "sub-steps per turn", default=1, per_player=True),
        Hyper("e", POSITIVE, "size of the steps that look ahead", per_player=True, typical=Fraction(1, 5)),
        Hyper("past", REAL, "weight of the past gradient", per_player=True, typical=Fraction(1, 10)),
        Hyper("beta", REAL, "momentum, also negative", per_player=True, typical=Fraction(1, 2)),
        Hyper("beta1", DECAY, "decay of the mean gradient", typical=Fraction(9, 10), tex=r"\beta_1"),
        Hyper(
            "beta2", DECAY, "decay of the mean squared gradient", typical=Fraction(99, 100), tex=r"\beta_2"
        ),
        Hyper("epsilon", POSITIVE, "what keeps the root from 0, in units of the gradient", tex=r"\epsilon"),
        Hyper("v", NONNEGATIVE, "second moment of the gradient's noise, at rest, too", default=0),
        Hyper("lam", NONNEGATIVE, "strength of the adjustment", tex=r"\lambda"),
        Hyper("k", count_to(100), "how many inner steps", default=5),
        Hyper("every", count_to(1000), "how many steps a cycle has, one of them with the penalty", default=4),
        Hyper("kappa", POSITIVE, "pull towards the anchor", typical=Fraction(1, 10)),
        Hyper("rho", SHARE, "share of the way that the anchor moves to the players", typical=Fraction(1, 10)),
        Hyper("gamma", NONNEGATIVE, "strength of the penalty"),
        Hyper("gamma_t", NONNEGATIVE, "strength of the penalty along the other axes", tex=r"\gamma_t"),
        Hyper("eta", NONNEGATIVE, "strength of the penalty"),
        Hyper("mass", NONNEGATIVE, "mass of the measure", default=1, tex="M"),
        Hyper("sigma_real", NONNEGATIVE, "standard deviation on the data", tex=r"\sigma_r"),
        Hyper("sigma_fake", NONNEGATIVE, "standard deviation on generated samples", tex=r"\sigma_f"),
        Hyper("sigma", NONNEGATIVE, "standard deviation of the noise"),
        Hyper("g0", NONNEGATIVE, "target norm of the gradient", tex="g_0"),
        Hyper("w", POSITIVE, "clipping bound"),
        Hyper("dim", count_to(100), "dimension of the space of data, or of each player", default=1),
        Hyper("x0", REAL, "where the data lie", tex="x_0", default=0),
        Hyper("f1", NONZERO, "f'(0), the slope of the loss", tex="f'(0)"),
        Hyper("f2", REAL, "f''(0), the curvature of the loss", tex="f''(0)"),
    )
}


LENT = ("h", "gamma")
"""Names with one meaning wherever they stand: a declaration of one's own may use their rows as they are."""


def hyper(name: str, **changes: Any) -> Any:
    """A dataclass field for a hyperparameter: `hyper("lam2", domain=">= 0", help="strength")`.

    Args:
        name: its name; in a declaration of the library a row of `TABLE`.
        changes: attributes of `Hyper`. A declaration of one's own says `domain` (`"> 0"`, `">= 0"`,
            `"real"`, `"nonzero"`, `"(0, 1]"`, `"[0, 1)"`) and `help`; only `h`, the step size, and
            `gamma`, the strength of a penalty, are known without.

    Raises:
        BadInput: for a domain that is none, and for a new name without `domain` and `help`.
    """
    if "domain" in changes:
        changes["domain"] = spelled(changes["domain"])
    row = TABLE.get(name)
    row = _new(name, changes) if row is None else dataclasses.replace(row, **changes)
    default = row.name if row.default is None else row.default
    return dataclasses.field(default=default, metadata={"hyper": row, "changes": Frozen(changes)})


def _new(name: str, changes: Mapping[str, Any]) -> Hyper:
    """A row of one's own, for which everything that matters is said.

    Raises:
        BadInput: if it is not.
    """
    usable(name)
    missing = [key for key in ("domain", "help") if key not in changes]
    if missing:
        shared = TABLE.get(name)
        already = f", which stands for '{shared.help}' elsewhere ({shared.domain.text})" if shared else ""
        raise BadInput(
            f"hyper('{name}') needs {' and '.join(missing)}{already}; write"
            f" hyper('{name}', domain='> 0', help='what it is')"
        )
    row = Hyper(name, **changes)
    default = None if row.default is None else accept(row, row.default)
    return dataclasses.replace(
        row, default=default, typical=changes.get("typical", default or row.domain.typical)
    )


def is_value(name: str) -> bool:
    """Whether a name would be read as a value."""
    return name in VALUES or name.lower() in ("nan", "inf", "infinity")


def usable(name: str) -> str:
    """The name itself, if it is not read as a value.

    Raises:
        BadInput: if it is.
    """
    if is_value(name):
        raise BadInput(f"'{name}' reads as a value and is no name; use another one")
    return name


def setting(name: str, default: Any, text: str, choices: tuple[str, ...] = (), of: str = "") -> Any:
    """A dataclass field for a structural choice."""
    return dataclasses.field(default=default, metadata={"setting": Setting(name, text, choices, of)})


def unread(row: Hyper, text: str, refusal: BadInput) -> BadInput:
    """The refusal of a text that gives no number for a hyperparameter."""
    step = SCHEDULE.search(text) if row.name in ("h", "beta") else None
    reason = f"'{text[:30]}' {changing(row.name, text, step[0])}" if step else refusal
    return BadInput(f"{row.name} must be {row.domain.text}: {reason}")


def accept(row: Hyper, value: Any) -> Any:
    """`value` as a declaration keeps it: a `Fraction` (an `int` for counts), a name, or itself.

    Raises:
        BadInput: if it is a number outside the domain, or no number and no name.
    """
    if isinstance(value, str) and NAME.fullmatch(value) and not is_value(value):
        if row.domain.whole:
            raise BadInput(f"{row.name} must be {row.domain.text}, not the symbol '{value[:30]}'")
        return value
    if isinstance(value, str) and is_value(value):
        raise BadInput(f"{row.name} must be {row.domain.text}; '{value}' is no number and no name")
    if isinstance(value, bool) or value is None:
        raise BadInput(f"{row.name} must be {row.domain.text}, not {value}")
    if isinstance(value, str) or (isinstance(value, Real) and not isinstance(value, Rational)):
        try:
            exact = number(str(value))
        except BadInput as refusal:
            raise unread(row, str(value), refusal) from None
    elif isinstance(value, Rational):
        exact = Fraction(int(value.numerator), int(value.denominator))
    else:
        return value
    if not row.domain.contains(exact):
        raise BadInput(f"{row.name} must be {row.domain.text}, not {value}")
    return int(exact) if row.domain.whole else exact


@dataclass(frozen=True)
class Declaration:
    """A part that a user can name: checks its hyperparameters when it is made.

    Class attributes of a final declaration: `name` and `aliases` in the registry, `formula`
    (one line of plain text) and `source`.
    """

    name: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""

    def __init_subclass__(cls, **others: Any) -> None:
        super().__init_subclass__(**others)
        if ours(cls):
            return
        for name, field in list(vars(cls).items()):
            if isinstance(field, dataclasses.Field) and "hyper" in field.metadata:
                setattr(cls, name, _owned(field))

    @property
    def label(self) -> str:
        """What its class is called."""
        return title(type(self))

    @property
    def stated(self) -> str:
        """The formula, or the first line of what the class says of itself; empty where it says nothing."""
        cls = type(self)
        docstring = vars(cls).get("__doc__") or ""
        # Where nobody wrote anything, a dataclass has its signature there.
        if ours(cls) or "formula" in vars(cls) or docstring.startswith(f"{cls.__name__}("):
            return self.formula
        return docstring.strip().partition("\n")[0].replace("`", "").rstrip(".") or self.formula

    @property
    def described(self) -> str:
        """Label and formula, in one line."""
        return f"{self.label}: {self.stated or '(no formula given)'}"

    def __post_init__(self) -> None:
        loose = [name for name, v in vars(type(self)).items() if isinstance(v, dataclasses.Field)]
        if loose:
            what = f"{self.label} has the field {loose[0]} and is no dataclass"
            raise BadInput(f"{what}; write @dataclass(frozen=True) above the class")
        for field, row in hyper_fields(type(self)):
            value = getattr(self, field)
            checked = (
                tuple(accept(row, v) for v in value)
                if row.per_player and isinstance(value, tuple)
                else accept(row, value)
            )
            object.__setattr__(self, field, checked)
        for field, choice in setting_fields(type(self)):
            value = getattr(self, field)
            if choice.of == "matrix":
                object.__setattr__(self, field, entries(choice.name, value))
            if choice.choices and value not in choice.choices:
                raise unknown(f"value of {choice.name}", str(value), choice.choices)


def title(cls: type[Declaration]) -> str:
    """What a class is called: by its name, which somebody's class does not inherit, else as in Python."""
    return (cls.name if ours(cls) or "name" in vars(cls) else "") or cls.__name__


def ours(cls: type) -> bool:
    """Whether a class is one of this library and not one that somebody wrote with it."""
    return cls.__module__.partition(".")[0] == "stabcheck"


def _owned(field: Any) -> Any:
    """The field of a declaration of one's own, for which the table speaks only where a name is lent.

    Raises:
        BadInput: for a name of the table with nothing said of what it is here.
    """
    row, changes = field.metadata["hyper"], field.metadata["changes"]
    if row.name in LENT and "domain" not in changes:
        return field
    kept = _new(row.name, {"tex": row.tex, **changes})
    default = kept.name if kept.default is None else kept.default
    return dataclasses.field(default=default, metadata={"hyper": kept, "changes": changes})


D = TypeVar("D", bound=Declaration)


@cache
def hyper_fields(cls: type[Declaration]) -> tuple[tuple[str, Hyper], ...]:
    """Each hyperparameter of a declaration class, with the field that holds it."""
    return _rows(cls, "hyper")


@cache
def setting_fields(cls: type[Declaration]) -> tuple[tuple[str, Setting], ...]:
    """Each structural choice of a declaration class, with the field that holds it."""
    return _rows(cls, "setting")


def _rows(cls: type[Declaration], kind: str) -> tuple[tuple[str, Any], ...]:
    rows = ((field.name, field.metadata.get(kind)) for field in dataclasses.fields(cls))
    return tuple((name, dataclasses.replace(row, owner=title(cls))) for name, row in rows if row)


def preorder(declaration: Declaration) -> Iterator[Declaration]:
    """The declaration and those inside it, outermost first."""
    yield declaration
    for field in dataclasses.fields(declaration):
        value = getattr(declaration, field.name)
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Declaration):
                yield from preorder(inner)


def values(declaration: Declaration) -> Iterator[tuple[Hyper, Any]]:
    """Every hyperparameter in a declaration and in those inside it, with its value.

    One given per player appears once per player.
    """
    for part in preorder(declaration):
        for field, row in hyper_fields(type(part)):
            value = getattr(part, field)
            for single in value if isinstance(value, tuple) else (value,):
                yield row, single


def symbols(*declarations: Declaration | None) -> dict[str, Hyper]:
    """The names left open in the declarations, with what is known of each.

    Raises:
        BadInput: if one name is used with two domains.
    """
    open_names: dict[str, Hyper] = {}
    for declaration in filter(None, declarations):
        for row, value in values(declaration):
            if not isinstance(value, str):
                continue
            first = open_names.setdefault(value, row)
            if first.domain != row.domain:
                raise BadInput(
                    f"the symbol '{value}' is used for {first.owner}.{first.name} and for "
                    f"{row.owner}.{row.name}, which allow different values; use two names"
                )
    return open_names


def rebind(declaration: D, to: Callable[[Hyper, Any], Any]) -> D:
    """The same declaration with each hyperparameter `v` replaced by `to(row, v)`, counts kept."""
    changes: dict[str, Any] = {}
    rows = dict(hyper_fields(type(declaration)))
    for field in dataclasses.fields(declaration):
        value = getattr(declaration, field.name)
        if isinstance(value, tuple):
            changes[field.name] = tuple(_rebound(rows.get(field.name), v, to) for v in value)
        else:
            changes[field.name] = _rebound(rows.get(field.name), value, to)
    return dataclasses.replace(declaration, **changes)


def _rebound(row: Hyper | None, value: Any, to: Callable[[Hyper, Any], Any]) -> Any:
    if isinstance(value, Declaration):
        return rebind(value, to)
    return value if row is None or row.domain.whole else to(row, value)
