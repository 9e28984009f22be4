"""The games a second time: quadratic forms, gradients by hand, or features and samples."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.polynomial.legendre import leggauss

from tests.reference.gan import GAN, Powers, Samples
from tests.reference.statement import Statement, quadratic

FARTHEST = 13
"""Where a normal law is cut off, in standard deviations."""


# Quadratic games


def coupled(k, own=None):
    """The Hessian of `x^T K y`, and of `y^T own y/2` with it."""
    k = np.array(k, dtype=float)
    m, n = k.shape
    return np.block([[np.zeros((m, m)), k], [k.T, np.zeros((n, n)) if own is None else own]])


def bilinear(alpha, dim, e=()):
    form = alpha * coupled(e or np.eye(dim))
    return quadratic((len(e), len(e[0])) if e else (dim, dim), [form, -form])


def blocks(k_dg, k_dd, l_dd=()):
    k = np.array(k_dg, dtype=float)
    bend = np.array(k_dd, dtype=float) - (np.array(l_dd, dtype=float) if l_dd else 0)
    return quadratic(k.shape[::-1], [coupled(k.T), -coupled(k.T, bend)])


def box():
    form = coupled([[1]])
    return quadratic((1, 1), [form, -form], put=lambda x: np.clip(x, -1, 1))


def cyclic(alpha, a, count):
    """`A_i` couples `i` with the next one, as a shift of `A_0`."""
    first = np.zeros((count, count))
    first[0, 0] = a
    first[0, 1] += alpha
    first[1, 0] += alpha
    return quadratic((1,) * count, [np.roll(first, (i, i), (0, 1)) for i in range(count)])


def icr():
    form = [[2, 10], [10, 2]]
    return quadratic((1, 1), [form, -np.array(form)])


def plane(a, b, d):
    form = np.array([[a, b], [b, -d]])
    return quadratic((1, 1), [form, -form])


# Games with gradients of their own


def mcgan(t):
    def gradients(x):
        theta, psi = x
        up = 2 * theta * psi * np.array([psi, theta])
        return np.array([up, -up])

    return Statement((1, 1), np.array([0, t]), gradients)


def primal_dual(p, atoms):
    def gradients(x):
        q, d = np.split(x, 2)
        price = np.log(2 - 2 * d)
        return np.array([np.concatenate(r) for r in ([price, q / (d - 1)], [-price, q / (1 - d) - p / d])])

    return Statement((atoms, atoms), np.repeat([p, 1 / 2], atoms), gradients)


def integers(seed, *shape):
    rng = random.Random(seed)
    return np.array([rng.randint(-5, 5) for _ in range(int(np.prod(shape)))], dtype=float).reshape(shape)


def scattered(damping, instance, sizes):
    """`grad L_i = (A + A^T) w/20 + (c.w) ((c.w) b + 2 (b.w) c)/10 + (1 + damping) P_i w`."""
    n, players = sum(sizes), range(len(sizes))
    rest = integers(instance, n)
    drawn = [integers(instance + 7 * (i + 1), n + 2, n) for i in players]
    own = np.repeat(players, sizes)

    def gradient(i, w):
        a, b, c = drawn[i][:n], *drawn[i][n:]
        bent = (c @ w) * ((c @ w) * b + 2 * (b @ w) * c) / 10
        return (a + a.T) @ w / 20 + bent + (1 + damping) * w * (own == i)

    return Statement(sizes, rest, lambda x: np.array([gradient(i, x - rest) for i in players]))


# Laws


def grid(nodes, mass, dim):
    """Independent equal coordinates: `(k, dim)` and `(k,)`."""
    at = np.stack([axis.ravel() for axis in np.meshgrid(*[nodes] * dim, indexing="ij")], axis=-1)
    weights = np.stack([axis.ravel() for axis in np.meshgrid(*[mass] * dim, indexing="ij")], axis=-1)
    return at, weights.prod(axis=1)


def normal(count, dim=1):
    """Gauss and Hermite's nodes; with more than 40 those of Legendre, on what is not cut off."""
    if count <= 40:
        nodes, mass = hermegauss(count)
    else:
        nodes, mass = leggauss(count)
        nodes = FARTHEST * nodes
        mass = mass * np.exp(-(nodes**2) / 2)
    return grid(nodes, mass / mass.sum(), dim)


def uniform(count):
    """On `[-1, 1]`."""
    nodes, mass = leggauss(count)
    return grid(nodes, mass / 2, 1)


def still(at, mass, theta):
    """Samples that follow nobody."""
    at = np.asarray(at)
    return Samples(at, np.asarray(mass), np.zeros((*at.shape, theta)))


# GANs


def linear(loss, rest, data, rows, critics=1):
    """`D = psi . x`, the generator at `B theta`, the data at one point."""
    rows = np.array(rows, dtype=float)
    dim, size = rows.shape
    made = lambda theta: Samples((rows @ theta)[None], np.ones(1), rows[None])  # noqa: E731
    remade = lambda theta, x: (np.tile(rows @ theta, (len(x), 1)), np.tile(rows, (len(x), 1, 1)))  # noqa: E731
    shape = ((size,), (dim,) * critics)
    return GAN(shape, rest, Powers((1,)), still([data], [1], size), made, loss, remade)


def dirac(loss, nodes, dim, x0):
    at = np.eye(dim)[0] * x0
    return linear(loss, np.concatenate([at, 0 * at]), at, np.eye(dim))


def linear_generator(loss, nodes, b):
    dim, size = np.shape(b)
    return linear(loss, np.zeros(size + dim), np.zeros(dim), b)


def many_discriminators(loss, nodes, count):
    return linear(loss, np.zeros(1 + count), np.zeros(1), [[1]], count)


def many_generators(loss, nodes, count):
    made = lambda theta: Samples(theta[:, None], np.full(count, 1 / count), np.eye(count)[:, None])  # noqa: E731
    shape = ((1,) * count, (1,))
    return GAN(shape, np.zeros(count + 1), Powers((1,)), still([[0]], [1], count), made, loss)


def one_point(loss, rest, degrees, x0):
    """The generator at `theta` on a line, the data at `x0`."""
    gan = linear(loss, np.array(rest), np.array([x0]), [[1]])
    return GAN(((1,), (len(degrees),)), gan.rest, Powers(degrees), gan.data, gan.made, loss, gan.remade)


def dirac_bias(loss, nodes, x0):
    return one_point(loss, [x0, 0.0, 0.0], (1, 0), x0)


def dirac_square(loss, nodes, t):
    return one_point(loss, [0.0, t], (2,), 0.0)


def two_modes(loss, nodes):
    data = still([[-1], [1]], [1 / 2, 1 / 2], 2)
    made = lambda theta: Samples(theta[:, None], np.full(2, 1 / 2), np.eye(2)[:, None])  # noqa: E731
    return GAN(((2,), (2,)), np.array([-1.0, 1, 0, 0]), Powers((1, 2)), data, made, loss)


def gaussian(loss, nodes, dim, std):
    z, mass = normal(nodes, dim)
    eye = np.eye(dim)

    def slope(x):
        """In `mu`, and in `s`."""
        return np.concatenate([np.broadcast_to(eye, (len(x), dim, dim)), x[..., None] * eye], axis=-1)

    def remade(theta, x):
        return theta[:dim] + theta[dim:] * x / std, slope(x / std)

    made = lambda theta: Samples(theta[:dim] + theta[dim:] * z, mass, slope(z))  # noqa: E731
    rest = np.repeat([0, std, 0], (dim, dim, 2 * dim))
    data = still(std * z, mass, 2 * dim)
    return GAN(((2 * dim,), (2 * dim,)), rest, Powers((1, 2)), data, made, loss, remade)


def lq(loss, nodes, mean, std):
    z, mass = normal(nodes)
    slope = lambda x: np.stack([x, 0 * x + 1], axis=-1)  # noqa: E731
    made = lambda theta: Samples(theta[0] * z + theta[1], mass, slope(z))  # noqa: E731

    def remade(theta, x):
        code = (x - mean) / std
        return theta[0] * code + theta[1], slope(code)

    rest = np.array([std, mean, 0, 0])
    return GAN(((2,), (2,)), rest, Powers((1, 2)), still(mean + std * z, mass, 2), made, loss, remade)


def nk_toy(loss, nodes):
    z, mass = uniform(nodes)
    made = lambda theta: Samples(theta[0] * z, mass, z[..., None])  # noqa: E731
    remade = lambda theta, x: (theta[0] * x, x[..., None])  # noqa: E731
    return GAN(((1,), (1,)), np.array([1.0, 0]), Powers((2,)), still(z, mass, 1), made, loss, remade)


PLAIN = {
    "bilinear": bilinear, "blocks": blocks, "box": box, "cyclic": cyclic, "icr": icr, "mcgan": mcgan,
    "primal-dual": primal_dual, "quadratic": plane, "random": scattered,
}  # fmt: skip
"""Each game without a discriminator, by its registry name: a function of its fields."""

GANS = {
    "dirac": dirac, "dirac-bias": dirac_bias, "dirac-square": dirac_square, "gaussian": gaussian,
    "linear-generator": linear_generator, "lq": lq, "many-discriminators": many_discriminators,
    "many-generators": many_generators, "nk-toy": nk_toy, "two-modes": two_modes,
}  # fmt: skip
"""Each GAN: a function of its loss, of the number of nodes per integral, and of its fields."""

GAMES = (*PLAIN, *GANS)


def stated(name, loss=None, nodes=12, **fields):
    """A game by its registry name.

    Args:
        loss: slopes of the losses, for a GAN.
        nodes: per integral; 12 are exact for what is a polynomial of degree 23.
        fields: what its declaration has.
    """
    if name in PLAIN:
        return PLAIN[name](**fields)
    return replace(GANS[name](loss, nodes, **fields), nodes=nodes).statement
