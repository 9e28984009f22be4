"""GANs by features and samples: the gradients of their losses, by the chain rule and by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tests.reference.losses import Loss
from tests.reference.statement import Statement


class Samples(NamedTuple):
    """Points with masses, `(k, d)` and `(k,)`, and how they follow the generators, `(k, d, p)`."""

    at: np.ndarray
    mass: np.ndarray
    slope: np.ndarray


@dataclass(frozen=True)
class Powers:
    """`D(x; psi) = sum_r sum_k psi_rk x_k^r`, divided by `temperature`.

    A critic of another kind needs the same five functions.
    """

    degrees: tuple[int, ...]
    temperature: float = 1.0

    def _each(self, x, factor, less):
        return np.stack([factor(r) * x ** max(r - less, 0) for r in self.degrees], axis=1) / self.temperature

    def _apart(self, columns):
        """`(k, r, d)` as features `(k, r d)`."""
        return columns.reshape(len(columns), -1)

    def _own(self, columns):
        """`(k, r, d)` as `(k, r d, d)`: each feature sees one coordinate alone."""
        return (columns[..., None] * np.eye(columns.shape[-1])).reshape(len(columns), -1, columns.shape[-1])

    def by_psi(self, psi, x):
        return self._apart(self._each(x, lambda r: 1, 0))

    def by_psi_x(self, psi, x):
        return self._own(self._each(x, lambda r: r, 1))

    def value(self, psi, x):
        return self.by_psi(psi, x) @ psi

    def by_x(self, psi, x):
        return np.einsum("kmd,m->kd", self.by_psi_x(psi, x), psi)

    def by_x_x(self, psi, x):
        bend = np.einsum("kmd,m->kd", self._own(self._each(x, lambda r: r * (r - 1), 2)), psi)
        return bend[..., None] * np.eye(x.shape[1])


@dataclass(frozen=True)
class GAN:
    """A GAN, its generators' parameters together in one vector `theta`.

    Attributes:
        dims: of the generators, and of the critics.
        rest: the point that it is said to rest at.
        critic: `D` and its derivatives.
        data: samples that follow nobody.
        made: maps `theta` to samples.
        loss: slopes of the losses.
        remade: maps `theta` and data to the points that the generator makes of their codes, and their
            slopes, where the game has an encoder.
        nodes: per integral; 12 are exact for what is a polynomial of degree 23.
    """

    dims: tuple[tuple[int, ...], tuple[int, ...]]
    rest: np.ndarray
    critic: Powers
    data: Samples
    made: Callable[[np.ndarray], Samples]
    loss: Loss
    remade: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]] | None = None
    nodes: int = 12

    def sides(self, x):
        """`theta`, and `psi` of each critic."""
        made, judged = self.dims
        theta, rest = np.split(x, [sum(made)])
        return theta, np.split(rest, np.cumsum(judged)[:-1])

    def pulled(self, psi, samples, slopes):
        """The gradients of `E l(D(x))` in `theta` and in `psi`, given `l'` at each sample."""
        share = slopes * samples.mass
        moved = np.einsum("k,kd,kdp->p", share, self.critic.by_x(psi, samples.at), samples.slope)
        return moved, share @ self.critic.by_psi(psi, samples.at)

    def steepened(self, psi, samples, push):
        """The gradients of `E u(grad_x D)` in `theta` and in `psi`, given `u'` as `push`."""
        slope = self.critic.by_x(psi, samples.at)
        pushed = push(slope) * samples.mass[:, None]
        bent = np.einsum("kde,ke->kd", self.critic.by_x_x(psi, samples.at), pushed)
        felt = np.einsum("kmd,kd->m", self.critic.by_psi_x(psi, samples.at), pushed)
        return np.einsum("kd,kdp->p", bent, samples.slope), felt

    def row(self, k, theta, psi):
        """A gradient in all coordinates, from its parts in `theta` and in the k-th critic's."""
        parts = [np.zeros(n, dtype=complex) for n in self.dims[1]]
        parts[k] = psi
        return np.concatenate([theta, *parts])

    def judged(self, x, slopes):
        """Each critic's gradient, given what each of them has of samples: `slopes(a, b)` on either side."""
        theta, critics = self.sides(x)
        made = self.made(theta)
        for k, psi in enumerate(critics):
            a, b = (self.critic.value(psi, s.at) for s in (self.data, made))
            on_data, on_made = slopes(a[:, None], b[None, :])
            real = self.pulled(psi, self.data, _mean(on_data, made.mass, 1))
            fake = self.pulled(psi, made, _mean(on_made, self.data.mass, 0))
            yield self.row(k, *(one + other for one, other in zip(real, fake, strict=True)))

    def gradients(self, x):
        """The generators face the mean of the critics; each critic has a loss of its own."""
        faced = sum(self.judged(x, self.loss.generator)) / len(self.dims[1])
        return np.array([*[faced] * len(self.dims[0]), *self.judged(x, self.loss.critic)])

    @property
    def statement(self):
        return Statement((*self.dims[0], *self.dims[1]), self.rest, self.gradients, gan=self)


def _mean(slopes, mass, axis):
    """The mean over the samples of the other side; nothing to do where these are not looked at."""
    return np.squeeze(slopes, axis) if slopes.shape[axis] == 1 else np.tensordot(slopes, mass, (axis, 0))
