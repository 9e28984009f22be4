"""The losses of GANs a second time: their slopes in the critic's values, by hand.

A divergence is stated by the density ratio `u = (f*)'(T)` that the critic's value stands for, which
inverts `f'`, and by the slope of its activation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Pair = tuple[np.ndarray, np.ndarray]
NEWTON = 60


class Loss(NamedTuple):
    """Slopes in `a = D(x)` and in `b = D(G(z))` of the critic's loss, and of the generator's.

    `real` and `fake` are the critic's own on one sample each, where it looks at one at a time.
    """

    critic: Callable[[np.ndarray, np.ndarray], Pair]
    generator: Callable[[np.ndarray, np.ndarray], Pair]
    real: Callable | None = None
    fake: Callable | None = None


def separate(real, fake):
    """Of a critic that looks at one sample at a time."""
    return lambda a, b: (real(a), fake(b))


def zero_sum(real, fake):
    """The generator has the critic's slopes with the other sign."""
    return Loss(separate(real, fake), separate(lambda a: -real(a), lambda b: -fake(b)), real, fake)


def general(real, fake, made):
    """The generator has a slope of its own, on its own samples."""
    return Loss(separate(real, fake), separate(lambda a: 0 * a, made), real, fake)


def probability(t):
    """`1/(1 + e^-t)`, by the hyperbolic tangent."""
    return (1 + np.tanh(t / 2)) / 2


def one(t):
    return 1 + 0 * t


def below(t, bound):
    return (t.real < bound).astype(float)


def line(slope, at):
    """`slope t + at`."""
    return lambda t: slope * t + at


def gan():
    return zero_sum(probability, lambda b: probability(b) - 1)


def nsgan():
    return general(probability, lambda b: probability(b) - 1, probability)


def hinge():
    return general(lambda a: below(-a, 1), lambda b: -below(b, 1), one)


def rpgan():
    def critic(a, b):
        gain = probability(a - b)
        return gain, -gain

    return Loss(critic, lambda a, b: tuple(-s for s in critic(a, b)))


def germ(f1, f2):
    return zero_sum(line(-f2, f1), line(-f2, -f1))


def labels(label_a, label_b, label_c):
    return general(line(1, label_b), line(1, label_a), line(1, label_c))


def divergence(ratio, activation):
    """`L_D = E f*(T(D)) - E T(D)`: `-T'` on data and `u T'` on generated samples, `activation = -T' > 0`."""
    return zero_sum(activation, lambda b: -ratio(b) * activation(b))


def jeffrey_ratio(d):
    """The `u` with `f'(u) = log u + 1 - 1/u = -d`, by Newton's method in `log u`."""
    s = 0 * d
    for _ in range(NEWTON):
        s = s - (s + 1 - np.exp(-s) + d) / (1 + np.exp(-s))
    return np.exp(s)


def weighted_js(share):
    """`e^(-v) = (p^-p - 1) e^D`; with `w = 1 + e^-v` the ratio is `(1 - p)/(p (w^(1/p) - 1))`."""
    odds = lambda d: (share**-share - 1) * np.exp(d)  # noqa: E731
    ratio = lambda d: (1 - share) / share / ((1 + odds(d)) ** (1 / share) - 1)  # noqa: E731
    return divergence(ratio, lambda d: odds(d) / (1 + odds(d)))


def alpha_above(a):
    """`f'(u) = (u^(a - 1) - 1)/(a - 1) = -D`."""
    return divergence(lambda d: (1 - (a - 1) * d) ** (1 / (a - 1)), one)


def alpha_below(a):
    """`e^(-v) = (e^(1/(1 - a)) - 1) e^D`; with `w = 1 + e^-v` it is `u^(a - 1) = (1 - a) log w`."""
    odds = lambda d: np.expm1(1 / (1 - a)) * np.exp(d)  # noqa: E731
    ratio = lambda d: ((1 - a) * np.log(1 + odds(d))) ** (1 / (a - 1))  # noqa: E731
    return divergence(ratio, lambda d: odds(d) / (1 + odds(d)))


LOSSES = {
    "gan": gan,
    "nsgan": nsgan,
    "wgan": lambda: zero_sum(one, lambda b: -one(b)),
    "lsgan": lambda: zero_sum(line(1, 1), line(1, -1)),
    "lsgan-01": lambda: general(line(1, 1), line(1, 0), line(1, 1)),
    "lsgan-mao": labels,
    "hinge": hinge,
    "exponential": lambda: zero_sum(np.exp, lambda b: -np.exp(-b)),
    "rpgan": rpgan,
    "germ": germ,
    "f-kl": lambda: divergence(lambda d: np.exp(-d), one),
    "f-reverse-kl": lambda: divergence(lambda d: np.exp(-d), np.exp),
    "f-pearson": lambda: divergence(line(-1 / 2, 1), one),
    "f-neyman": lambda: divergence(lambda d: np.exp(-d / 2), np.exp),
    "f-hellinger": lambda: divergence(lambda d: np.exp(-2 * d), np.exp),
    "f-jeffrey": lambda: divergence(jeffrey_ratio, one),
    "f-js": lambda: divergence(lambda d: np.exp(-d), probability),
    "f-js-weighted": weighted_js,
    "f-gan": lambda: divergence(lambda d: np.exp(-d), probability),
    "f-tv": lambda: divergence(one, lambda d: 1 / (2 * np.cosh(d) ** 2)),
    "f-alpha-above": alpha_above,
    "f-alpha-below": alpha_below,
}
"""Each loss by its registry name: a function of its hyperparameters."""
