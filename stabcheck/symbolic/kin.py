"""The game of the registry that somebody's game is, written anew or called otherwise.

Either every formula is the same, or it is, to second order at its equilibrium, a zero-sum game of
two numbers, or of two vectors whose coordinates pair off alike. Methods at rest see no more of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any

import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, StabcheckError
from stabcheck.core.hyper import Hyper
from stabcheck.declare import registry
from stabcheck.declare.games.bilinear import Bilinear
from stabcheck.declare.games.game import Game
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.games.quadratic import Quadratic
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import SymPyOps, exact
from stabcheck.symbolic.update import model_of
from stabcheck.symbolic.zero import vanishes

UNREADABLE = (TypeError, AttributeError, sp.SympifyError)
"""What somebody's own formulas raise, or are, where they take no symbols."""


@dataclass(frozen=True)
class Kin:
    """A game of the registry that stands for another one.

    Attributes:
        game: the one of the registry; somebody's own where there is none.
        near: 0 where the formulas are the same, 1 where they are to second order alone.
        off: 1 where the equilibrium is not at the origin, as that of the other game is.
    """

    game: Game
    near: int = 0
    off: int = 0

    @property
    def letters(self) -> dict[str, int]:
        """What statements ask of it."""
        return {"near": self.near, "off": self.off}


def kin(game: Game, model: Callable[[], Model] | None = None) -> Kin:
    """What stands for a game without penalties.

    Args:
        game: the game.
        model: gives its model, where one was made; hyperparameters are symbols in it.
    """
    if registry.called(game) or not game.symbolic:
        return Kin(game)
    try:
        bound = hyper.rebind(game, exact)
        same = _again(bound) if _is_hashable(bound) else _again.__wrapped__(bound)
        match = Kin(same) if same is not None else _pair(model() if model else model_of(game), game.dims)
    except StabcheckError:
        match = None
    return match or Kin(game)


def _is_hashable(game: Game) -> bool:
    try:
        hash(game)
    except TypeError:
        return False
    return True


@lru_cache(maxsize=64)
def _again(game: Game) -> Game | None:
    """The game of the registry that has the same formulas."""
    made = (_made(cls, game) for cls in registry.declarations("game").values())  # pyright: ignore[reportArgumentType]
    return next((other for other in made if other is not None and _same(game, other)), None)


def _made(cls: type[Game], like: Game) -> Game | None:
    """A game of a class with what another one has under the same names."""
    mine = _values(like)
    if any(row.default is None and (Hyper, row.name) not in mine for _, row in hyper.hyper_fields(cls)):
        return None
    rows = (*hyper.hyper_fields(cls), *hyper.setting_fields(cls))
    given = {name: mine[type(row), row.name] for name, row in rows if (type(row), row.name) in mine}
    if issubclass(cls, GAN) is not isinstance(like, GAN):
        return None
    loss = {"loss": like.loss} if isinstance(like, GAN) else {}
    try:
        return cls(**given, **loss)
    except StabcheckError:
        return None


def _values(game: Game) -> dict[tuple[type, str], Any]:
    """Hyperparameters, and apart from them choices, by name; the dimension of two equal players is one."""
    rows = (*hyper.hyper_fields(type(game)), *hyper.setting_fields(type(game)))
    alike = {(Hyper, "dim"): game.dims[0]} if len({*game.dims}) == 1 else {}
    return alike | {(type(row), row.name): getattr(game, name) for name, row in rows}


def _same(one: Game, other: Game) -> bool:
    if one.dims != other.dims or one.has_losses is not other.has_losses:
        return False
    encodes = _encodes(one)
    mine, theirs = _own_formulas(one, encodes=encodes), _formulas(other, encodes=encodes)
    try:
        return all(a == b or sp.expand(a - b) == 0 for a, b in zip_longest(mine, theirs, fillvalue=sp.nan))
    except StabcheckError:
        return False


def _own_formulas(game: Game, *, encodes: bool) -> Iterator[Any]:
    """The same of somebody's own game.

    Raises:
        BadInput: where SymPy cannot read them.
    """
    try:
        yield from _formulas(game, encodes=encodes)
    except UNREADABLE as failure:
        raise BadInput(f"SymPy cannot read the formulas of {game.label}: {failure}") from failure


def _formulas(game: Game, *, encodes: bool) -> Iterator[Any]:
    """Everything that is asked of a game, in letters that are the same for all games."""
    ops = SymPyOps()
    x = [_vector(ops, f"_x{i}", dim) for i, dim in enumerate(game.dims)]
    if isinstance(game, GAN):
        yield from _of_samples(game, ops, x, encodes=encodes)
    for row in (game.equilibrium(ops), game.project(ops, *x)):
        yield from (sp.sympify(e, strict=True) for block in row for e in block)
    yield from ops.exactly(game.along)
    if game.has_losses:
        yield from ops.exactly(game.losses(ops, *x))
    else:
        yield from ops.exactly(e for block in game.velocity(ops, *x) for e in block)


def _of_samples(game: GAN, ops: SymPyOps, x: Sequence[Any], *, encodes: bool) -> Iterator[Any]:
    theta, critics = game.sides(x)
    real, fake = game.real(ops), game.fake(ops, *theta)
    yield from (sp.Integer(n) for n in (real.dim, fake.dim, game.generators))
    sample, probe = _vector(ops, "_s", real.dim), sp.Function("_probe", real=True)
    yield from ops.exactly(game.discriminator(ops, psi, sample) for psi in critics)
    yield from ops.exactly(law.expect(ops, lambda s: probe(*s)) for law in (real, fake))
    if encodes:
        yield from ops.exactly(game.encoded(ops, sample, *theta))


def _encodes(game: Game) -> bool:
    """Whether it declares an encoder; what needs one refuses a game without."""
    return isinstance(game, GAN) and type(game).encoded is not GAN.encoded


def _vector(ops: SymPyOps, stem: str, dim: int) -> Any:
    return ops.vector(*(sp.Symbol(f"{stem}_{k}", real=True) for k in range(dim)))


def _pair(model: Model, dims: Sequence[int]) -> Kin | None:
    """`(a/2) |x|^2 + b x . y - (d/2) |y|^2` for a zero-sum game that is no more to second order."""
    if len(dims) != 2 or dims[0] != dims[1] or not model.losses or model.manifold:
        return None
    n, taylor = dims[0], model.osculating
    still = [*taylor.slopes[0], *taylor.slopes[1], *(p + q for p, q in zip(*taylor.bends, strict=True))]
    kept = (e - int(i == j) for i, j, e in _entries(taylor.projection, 2 * n))
    if not all(_null(e) for e in (*still, *kept)):
        return None
    rows = {(i, j): e for i, j, e in _entries(taylor.bends[0], 2 * n)}
    a, b, d = rows[0, 0], rows[0, n], -rows[n, n]
    meant = {(0, 0): a, (0, n): b, (n, 0): b, (n, n): -d}
    for (i, j), e in rows.items():
        block = (i // n * n, j // n * n)
        if not _null(e - (meant[block] if i - block[0] == j - block[1] else 0)):
            return None
    off = int(not all(_null(e) for e in model.equilibrium))
    if _null(a) and _null(d) and b.is_zero is False:
        return Kin(Bilinear(b, n), 1, off)
    return Kin(Quadratic(a, b, d), 1, off) if n == 1 else None


def _entries(flat: Sequence[sp.Expr], n: int) -> Iterator[tuple[int, int, sp.Expr]]:
    return ((*divmod(k, n), e) for k, e in enumerate(flat))


def _null(e: sp.Expr) -> bool:
    return e == 0 or vanishes(e) is True
