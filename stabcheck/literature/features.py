"""The moments of a GAN's features at its equilibrium, typed by hand for each game."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from stabcheck.literature.rows import Rows, product, transposed

Rule = Callable[..., Rows]

ONE, HALF = ((1,),), Fraction(1, 2)


@dataclass(frozen=True)
class Features:
    """The moments of a GAN's features at its equilibrium, each a formula in letters of the game.

    Attributes:
        game: the registry name.
        dims: the coordinates of each player.
        second: `E phi phi^T`.
        noisy: the same with noise of standard deviation `sigma` on the samples.
        slopes: `E phi' phi'^T`.
        moved: `d E phi(G)/d theta`, one row per parameter of `psi`.
        remade: `E (dG/dtheta)^T (dG/dtheta)` of samples made from their codes, where there are any.
        centred: the features' mean is 0.
        origin: the equilibrium is the origin, where `x0` is 0.
        linear: the features are linear in the sample, so that noise leaves their mean where it is.
        shifted: the letters include the data point `x0`.
    """

    game: str
    dims: tuple[int, ...]
    second: Rule
    noisy: Rule
    slopes: Rule
    moved: Rule
    remade: Rule | None = None
    centred: bool = False
    shifted: bool = False
    linear: bool = False
    origin: bool = False


def features_of_games() -> Iterator[Features]:
    """The moments of each game's features."""
    yield Features(
        "dirac", (1, 1), lambda x0: ((x0**2,),), lambda x0, sigma: ((x0**2 + sigma**2,),),
        lambda: ONE, lambda: ONE, lambda: ONE, shifted=True, linear=True, origin=True,
    )  # fmt: skip
    yield Features(
        "dirac-bias", (1, 2), lambda x0: ((x0**2, x0), (x0, 1)),
        lambda x0, sigma: ((x0**2 + sigma**2, x0), (x0, 1)), lambda: ((1, 0), (0, 0)),
        lambda: ((1,), (0,)), lambda: ONE, shifted=True, linear=True, origin=True,
    )  # fmt: skip
    yield Features(
        "nk-toy", (1, 1), lambda: ((Fraction(1, 5),),),
        lambda sigma: ((Fraction(1, 5) + 2 * sigma**2 + 3 * sigma**4,),),
        lambda: ((Fraction(4, 3),),), lambda: ((Fraction(2, 3),),), lambda: ((Fraction(1, 3),),),
    )  # fmt: skip
    yield Features(
        "lq", (2, 2), lambda mean, std: _gaussian(mean, std**2),
        lambda mean, std, sigma: _gaussian(mean, std**2 + sigma**2),
        lambda mean, std: ((1, 2 * mean), (2 * mean, 4 * (mean**2 + std**2))),
        lambda mean, std: ((0, 1), (2 * std, 2 * mean)), lambda: ((1, 0), (0, 1)),
    )  # fmt: skip
    yield Features(
        "gaussian", (2, 2), lambda std: _gaussian(0, std**2),
        lambda std, sigma: _gaussian(0, std**2 + sigma**2),
        lambda std: ((1, 0), (0, 4 * std**2)), lambda std: ((1, 0), (0, 2 * std)),
        lambda: ((1, 0), (0, 1)),
    )  # fmt: skip
    yield Features(
        "two-modes", (2, 2), lambda: ((1, 0), (0, 1)),
        lambda sigma: ((1 + sigma**2, 0), (0, 1 + 6 * sigma**2 + 3 * sigma**4)),
        lambda: ((1, 0), (0, 4)), lambda: ((HALF, HALF), (-1, 1)),
    )  # fmt: skip
    yield Features(
        "linear-generator", (2, 2), lambda: ((0, 0), (0, 0)),
        lambda sigma: ((sigma**2, 0), (0, sigma**2)), lambda: ((1, 0), (0, 1)),
        lambda generator: generator, lambda generator: product(transposed(generator), generator),
        centred=True, linear=True, origin=True,
    )  # fmt: skip
    yield Features(
        "many-generators", (1, 1, 1), lambda: ((0,),), lambda sigma: ((sigma**2,),), lambda: ONE,
        lambda: ((HALF, HALF),), centred=True, linear=True, origin=True,
    )  # fmt: skip


def _gaussian(mean: Any, variance: Any) -> Rows:
    """`E phi phi^T` for `phi = (x, x^2)` under `N(mean, variance)`."""
    third = mean**3 + 3 * mean * variance
    fourth = mean**4 + 6 * mean**2 * variance + 3 * variance**2
    return ((mean**2 + variance, third), (third, fourth))
