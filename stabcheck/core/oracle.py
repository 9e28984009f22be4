"""The two questions that declarations may ask: `Ops` for a loss, `Oracle` for a method.

Each protocol has two short implementations, one in SymPy and one in JAX. A declaration written
against them runs on both and imports neither.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, ClassVar, Protocol

from stabcheck.core.errors import BadInput, NotApplicable

Scalar = Any
"""A number of the interpreter at hand, or what a declaration holds in its place."""
Vector = Any
"""A flat vector of the interpreter at hand: adds, subtracts, scales, and multiplies entrywise;
in a loss also `u @ w`, indexing and slicing."""
Steps = Any
"""One scalar for all players, or a tuple with one for each."""


class BaseLaw(Protocol):
    """A law of independent, equal coordinates that an interpreter can integrate over.

    Class attribute `letter`: what a draw from it is called in formulas.
    """

    letter: ClassVar[str]

    @property
    def dim(self) -> int:
        """The number of coordinates."""
        ...

    def moment(self, k: int) -> Fraction:
        """`E x^k` of one coordinate, exactly."""
        ...

    def quadrature(self, n: int) -> tuple[Any, Any]:
        """Nodes and weights, each of shape `(n,)`, of a rule for one coordinate."""
        ...


class Ops(Protocol):
    """The arithmetic that a loss may use besides `+ - * / @`."""

    def exp(self, t: Scalar) -> Scalar: ...
    def log(self, t: Scalar) -> Scalar: ...
    def softplus(self, t: Scalar) -> Scalar: ...
    def tanh(self, t: Scalar) -> Scalar: ...
    def sqrt(self, t: Scalar) -> Scalar: ...
    def sin(self, t: Scalar) -> Scalar: ...
    def cos(self, t: Scalar) -> Scalar: ...
    def tan(self, t: Scalar) -> Scalar: ...
    def sinh(self, t: Scalar) -> Scalar: ...
    def cosh(self, t: Scalar) -> Scalar: ...
    def atan(self, t: Scalar) -> Scalar: ...
    def asinh(self, t: Scalar) -> Scalar: ...
    def erf(self, t: Scalar) -> Scalar: ...

    def asin(self, t: Scalar) -> Scalar:
        """The inverse of the sine, between -1 and 1, where its slope is finite."""
        ...

    def acos(self, t: Scalar) -> Scalar:
        """The inverse of the cosine, between -1 and 1, where its slope is finite."""
        ...

    @property
    def pi(self) -> Scalar:
        """The number pi."""
        ...

    def lambertw(self, t: Scalar) -> Scalar:
        """The `w >= -1` with `w e^w = t`."""
        ...

    def zeros(self, n: int) -> Vector:
        """The zero vector of length `n`."""
        ...

    def vector(self, *entries: Scalar) -> Vector:
        """The vector with these entries; a `Fraction` becomes an exact number, or a float."""
        ...

    def abs(self, t: Scalar, label: str) -> Scalar:
        """`|t|`, one of the four doors to a kink; `label` names it in a refusal."""
        ...

    def norm(self, u: Vector, label: str) -> Scalar:
        """The Euclidean norm of `u`, with a kink at `u = 0`."""
        ...

    def minimum(self, a: Vector, b: Scalar, label: str) -> Vector:
        """The entrywise minimum, with a kink where the two are equal."""
        ...

    def maximum(self, a: Vector, b: Scalar, label: str) -> Vector:
        """The entrywise maximum, with a kink where the two are equal."""
        ...

    def grad(self, fn: Callable[[Vector], Scalar], x: Vector) -> Vector:
        """The gradient of the scalar function `fn` at `x`."""
        ...

    def expect(self, fn: Callable[[Vector], Scalar], law: BaseLaw) -> Scalar:
        """`E fn(x)` over `x` drawn from `law`."""
        ...

    def germ(self, name: str, fn: Callable[[Scalar], Scalar], t: Scalar) -> Scalar:
        """`fn(t)`; an interpreter may know `fn` by its derivatives alone, under this name."""
        ...


class Oracle(ABC):
    """What a method may ask of a game.

    A point is one flat vector of all players' coordinates. `L_i` is player `i`'s loss, which it
    minimises. The first group is implemented by each interpreter, the second follows from it.

    Attributes:
        xp: the arithmetic of losses.
        players: how many there are.
        size: the number of coordinates.
        rest: the equilibrium.
    """

    xp: Any
    players: int
    size: int
    rest: Vector

    @abstractmethod
    def grad(self, i: int, x: Vector) -> Vector:
        """`grad L_i(x)`, with respect to all coordinates."""

    @abstractmethod
    def hvp(self, i: int, x: Vector, u: Vector) -> Vector:
        """`L_i''(x) u`."""

    @abstractmethod
    def only(self, i: int, u: Vector) -> Vector:
        """`u` with every other player's coordinates set to zero."""

    @abstractmethod
    def solve(self, op: Callable[[Vector], Vector], b: Vector) -> Vector:
        """The `u` with `op(u) = b`, for a linear `op`."""

    @abstractmethod
    def root(self, fn: Callable[[Vector], Vector], x: Vector) -> Vector:
        """The `u` near `x` with `fn(u) = 0`."""

    @abstractmethod
    def repeat(self, n: int, fn: Callable[[Any], Any], state: Any) -> Any:
        """`fn` applied `n` times to `state`, a vector or a tree of tuples of vectors."""

    @abstractmethod
    def sqrt(self, u: Vector) -> Vector:
        """The entrywise square root of a positive vector."""

    @abstractmethod
    def dot(self, u: Vector, w: Vector) -> Vector:
        """The inner product, a scalar that depends on the state."""

    @abstractmethod
    def sign(self, t: Vector) -> Scalar:
        """1 or -1 for such a scalar, which must not be 0 at rest."""

    @abstractmethod
    def bare(self) -> Oracle:
        """The same game without the terms that penalties add to its losses; itself where there are none."""

    def weighed(self, c: int) -> Oracle:
        """The same game with the terms of its penalties `c` times as strong: `L_i = B_i + c (L_i - B_i)`."""
        bare = self if c == 1 else self.bare()
        return bare if c == 0 or bare is self else Weighed(self, bare, c)

    def project(self, x: Vector) -> Vector:
        """Where the game puts the result `x` of a step."""
        return x

    def scale(self, h: Steps, u: Vector) -> Vector:
        """`h u`, or the blocks of `u` each times its own player's step."""
        if not isinstance(h, tuple):
            return h * u
        if len(h) != self.players:
            raise BadInput(
                f"{len(h)} step sizes were given for {self.players} players; give one, or one each"
            )
        return sum_of(h[i] * self.only(i, u) for i in range(self.players))

    def field(self, i: int, x: Vector) -> Vector:
        """`-d_i L_i(x)`: player `i`'s own descent direction."""
        return -self.only(i, self.grad(i, x))

    def v(self, x: Vector) -> Vector:
        """The gradient vector field `v = sum_i field_i`."""
        return sum_of(self.field(i, x) for i in range(self.players))

    def jvp(self, x: Vector, u: Vector) -> Vector:
        """`v'(x) u`."""
        return -sum_of(self.only(i, self.hvp(i, x, u)) for i in range(self.players))

    def vjp(self, x: Vector, u: Vector) -> Vector:
        """`v'(x)^T u`; the Hessians are symmetric."""
        return -sum_of(self.hvp(i, x, self.only(i, u)) for i in range(self.players))

    def cross(self, x: Vector, u: Vector) -> Vector:
        """`-sum_i d_i L_i'' (u - u_i)`: how each player reacts to the others' moves `u`."""
        return -sum_of(self.only(i, self.hvp(i, x, u - self.only(i, u))) for i in range(self.players))


class WithoutLosses(Oracle):
    """A field that is given as such: no Hessian is behind its Jacobian, which need not be symmetric."""

    @abstractmethod
    def v(self, x: Vector) -> Vector: ...

    @abstractmethod
    def jvp(self, x: Vector, u: Vector) -> Vector: ...

    @abstractmethod
    def vjp(self, x: Vector, u: Vector) -> Vector: ...

    def field(self, i: int, x: Vector) -> Vector:
        return self.only(i, self.v(x))

    def cross(self, x: Vector, u: Vector) -> Vector:
        return sum_of(self.only(i, self.jvp(x, u - self.only(i, u))) for i in range(self.players))

    def grad(self, i: int, x: Vector) -> Vector:
        del i, x
        raise self._needing("gradients")

    def hvp(self, i: int, x: Vector, u: Vector) -> Vector:
        del i, x, u
        raise self._needing("second derivatives")

    def bare(self) -> Oracle:
        return self

    def _needing(self, what: str) -> NotApplicable:
        return NotApplicable(
            f"the method needs losses: it asks for their {what}, and a field that is given has none;"
            " methods that ask for the field alone apply"
        )


class WrappedOracle(Oracle):
    """A game made from another one, whose vectors are the same.

    Args:
        base: the other one.
    """

    def __init__(self, base: Oracle) -> None:
        self.base = base
        self.xp, self.players, self.size, self.rest = base.xp, base.players, base.size, base.rest

    def project(self, x: Vector) -> Vector:
        return self.base.project(x)

    def only(self, i: int, u: Vector) -> Vector:
        return self.base.only(i, u)

    def solve(self, op: Callable[[Vector], Vector], b: Vector) -> Vector:
        return self.base.solve(op, b)

    def root(self, fn: Callable[[Vector], Vector], x: Vector) -> Vector:
        return self.base.root(fn, x)

    def repeat(self, n: int, fn: Callable[[Any], Any], state: Any) -> Any:
        return self.base.repeat(n, fn, state)

    def sqrt(self, u: Vector) -> Vector:
        return self.base.sqrt(u)

    def dot(self, u: Vector, w: Vector) -> Vector:
        return self.base.dot(u, w)

    def sign(self, t: Vector) -> Scalar:
        return self.base.sign(t)


class Weighed(WrappedOracle):
    """A game with the terms of its penalties `c` times as strong.

    Args:
        base: the game with its penalties.
        without: the game without their terms.
        c: how strong they are.
    """

    def __init__(self, base: Oracle, without: Oracle, c: int) -> None:
        super().__init__(base)
        self.without, self.c = without, c

    def grad(self, i: int, x: Vector) -> Vector:
        return self._weighed(self.without.grad(i, x), self.base.grad(i, x))

    def hvp(self, i: int, x: Vector, u: Vector) -> Vector:
        return self._weighed(self.without.hvp(i, x, u), self.base.hvp(i, x, u))

    def _weighed(self, without: Vector, whole: Vector) -> Vector:
        return without + self.c * (whole - without)

    def bare(self) -> Oracle:
        return self.without


class Adjusted(WrappedOracle):
    """A game whose players follow another field than the descent of their own losses.

    A final class says in `field` which, for one player at a time: methods that step one player
    ask for nothing else. Second derivatives are those of the losses and not of that field, so
    that a method that asks for them cannot be adjusted.
    """

    def __init__(self, base: Oracle, name: str) -> None:
        super().__init__(base)
        self.name = name

    @abstractmethod
    def field(self, i: int, x: Vector) -> Vector:
        """What player `i` follows, in its own coordinates."""

    def grad(self, i: int, x: Vector) -> Vector:
        del i, x
        raise self._refusal("gradients of the losses")

    def hvp(self, i: int, x: Vector, u: Vector) -> Vector:
        del i, x, u
        raise self._refusal("second derivatives of the losses")

    def _refusal(self, what: str) -> NotApplicable:
        return NotApplicable(
            f"the method inside {self.name} asks for {what}, but {self.name} changes the field"
        )

    def bare(self) -> Oracle:
        raise NotApplicable(
            f"lazy inside {self.name} asks for the game without its penalties, which {self.name} has"
            f" changed already; write lazy around {self.name}"
        )


class Redirected(Adjusted):
    """A game whose players together follow the field `direction`."""

    def __init__(self, base: Oracle, name: str, direction: Callable[[Vector], Vector]) -> None:
        super().__init__(base, name)
        self.direction = direction

    def v(self, x: Vector) -> Vector:
        return self.direction(x)

    def field(self, i: int, x: Vector) -> Vector:
        return self.only(i, self.direction(x))


def leaves(state: Any) -> list[Vector]:
    """The vectors of a state, a tree of tuples, in order."""
    if not isinstance(state, tuple):
        return [state]
    return [vector for branch in state for vector in leaves(branch)]


def shaped(like: Any, vectors: Iterable[Vector]) -> Any:
    """The vectors as a state of the same shape as `like`: the inverse of `leaves`."""
    return _shaped(like, iter(vectors))


def _shaped(like: Any, vectors: Iterator[Vector]) -> Any:
    if not isinstance(like, tuple):
        return next(vectors)
    branches = [_shaped(branch, vectors) for branch in like]
    return tuple(branches) if type(like) is tuple else type(like)(*branches)


def sum_of(terms: Any) -> Any:
    """The sum of one or more vectors, without a zero to start from."""
    total, *others = terms
    for term in others:
        total = total + term
    return total


def each(value: Any, players: int) -> tuple[Any, ...]:
    """One value per player, from one for all or one each.

    Raises:
        BadInput: if there are neither one nor as many as players.
    """
    if isinstance(value, tuple) and len(value) != players:
        raise BadInput(f"{len(value)} values were given for {players} players; give one, or one each")
    return value if isinstance(value, tuple) else (value,) * players
