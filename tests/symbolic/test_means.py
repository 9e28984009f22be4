"""Balls of expectations, against moments, closed forms and quadrature in mpmath."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace

import flint
import mpmath as mp
import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st

from stabcheck.core.errors import Undecidable
from stabcheck.declare.laws import StandardNormal, StandardUniform
from stabcheck.symbolic import means
from stabcheck.symbolic.balls import enclose
from stabcheck.symbolic.growth import growth
from stabcheck.symbolic.means import ball_function, enclose_mean
from tests.dealt import dealt

X = sp.Symbol("x", real=True)
Q = sp.Rational
NORMAL, UNIFORM = StandardNormal(1), StandardUniform(1)
SYMPY = SimpleNamespace(
    exp=sp.exp, log=sp.log, tanh=sp.tanh, sqrt=sp.sqrt, lambertw=sp.LambertW, sin=sp.sin, cos=sp.cos,
    tan=sp.tan, asin=sp.asin, acos=sp.acos, atan=sp.atan, sinh=sp.sinh, cosh=sp.cosh,
    asinh=sp.asinh, erf=sp.erf,
)  # fmt: skip

fractions = st.fractions(-3, 3, max_denominator=7)

# Each is written once, for SymPy and for mpmath.
BODIES = {
    "sigmoid": lambda m, x: 1 / (1 + m.exp(x / 2)),
    "sigmoid'": lambda m, x: m.exp(x) / (1 + m.exp(x)) ** 2 * x**2,
    "softplus": lambda m, x: m.log(1 + m.exp(1 - 3 * x / 2)),
    "softplus'''": lambda m, x: m.exp(2 * x + 1) * (1 - m.exp(2 * x + 1)) / (1 + m.exp(2 * x + 1)) ** 3,
    "tanh^2": lambda m, x: m.tanh(x) ** 2,
    "tanh'": lambda m, x: 1 - m.tanh(3 * x - 1) ** 2,
    "x^4 exp": lambda m, x: x**4 * m.exp(x / 3),
    "odd growth": lambda m, x: (x**3 - 2 * x) * m.exp(-2 * x) + m.exp(3 * x),
    "root": lambda m, x: m.sqrt(1 + x**2) - (2 + x**2) ** 2 * m.sqrt(2 + x**2) / 9,
    "inverse root": lambda m, x: x / (1 + m.exp(x)) / m.sqrt(1 + m.exp(x)),
    "log": lambda m, x: m.log(1 + x**2) * m.log(3 + m.tanh(x)),
    "log-sigmoid": lambda m, x: m.log(1 / (1 + m.exp(x))) ** 2,
    "bell": lambda m, x: m.exp(-x**2 / 2) * x**2,
    "Lambert": lambda m, x: m.lambertw(m.exp(x)) + m.lambertw(x**2),
    "nested": lambda m, x: m.exp(m.log(2 + m.exp(x)) * 3 / 2) + m.exp(m.tanh(x)),
    "nested logs": lambda m, x: m.log(1 + m.log(1 + m.exp(x))) + m.sqrt(m.log(1 + m.exp(2 * x))),
    "negative": lambda m, x: x / (-1 - m.exp(x)) + 1 / (3 - 2 * m.tanh(x)),
    "waves": lambda m, x: m.sin(2 * x + 1) * m.cos(x) + m.exp(m.sin(3 * x)),
    "arc": lambda m, x: m.atan(2 * x - 1) ** 2 + m.sqrt(m.atan(m.exp(x))) + m.erf(x - 1),
    "hyperbolic": lambda m, x: x * m.sinh(x) + m.cosh(2 * x - 1) + 1 / m.cosh(x),
}  # fmt: skip
ON_THE_INTERVAL = BODIES | {
    "log near its cut": lambda m, x: m.log(2 + x),
    "root near its cut": lambda m, x: (3 + x) * m.sqrt(2 + x),
    "Lambert near its cut": lambda m, x: m.lambertw(x / 3),
    "pole": lambda m, x: 1 / (x - 2) ** 3,
    "fast": lambda m, x: m.exp(x**3),
    "inverse hyperbolic": lambda m, x: m.asinh(2 * x + 1) * x + m.log(1 + m.asinh(x**2)),
    "tangent": lambda m, x: m.tan(x) ** 2,
    "arcs near their cuts": lambda m, x: m.asin(x / 2) * x + m.acos((1 - x) / 3),
}  # fmt: skip
everywhere = pytest.mark.parametrize("fn", BODIES.values(), ids=BODIES)


def by_name(bodies):
    return [pytest.param(fn, id=name) for name, fn in bodies.items()]


def quadrature(fn, *, normal):
    """`E fn(x)` to more than 36 digits, by mpmath."""
    with mp.workdps(50):
        points = mp.linspace(-20, 20, 21) if normal else mp.linspace(-1, 1, 5)
        density = mp.npdf if normal else lambda _: mp.mpf(1) / 2
        found = mp.quad(lambda x: fn(mp.mp, x) * density(x), points)
        return arb(mp.nstr(found, 45), "1e-36")


def holds(ball, value):
    """Whether a ball contains all of what a value, computed finely, may be."""
    with flint.ctx.workprec(400):
        return ball.contains(value())


def is_sharp(ball):
    """Whether a ball is known to the precision in force, at the least."""
    return ball.rad() < abs(ball.mid()) / 2**flint.ctx.prec


@pytest.mark.parametrize("fn", dealt(by_name(BODIES), 3))
def test_normal_means_agree_with_quadrature(fn):
    ball = enclose_mean(fn(SYMPY, X), X, NORMAL)
    assert holds(ball, lambda: quadrature(fn, normal=True))
    assert is_sharp(ball)


@pytest.mark.parametrize("fn", dealt(by_name(ON_THE_INTERVAL), 2))
def test_uniform_means_agree_with_quadrature(fn):
    ball = enclose_mean(fn(SYMPY, X), X, UNIFORM)
    assert holds(ball, lambda: quadrature(fn, normal=False))
    assert is_sharp(ball)


@given(st.lists(fractions, min_size=1, max_size=9), st.sampled_from([NORMAL, UNIFORM]))
def test_polynomials_have_their_moments(coefficients, law):
    body = sum((Q(c) * X**k for k, c in enumerate(coefficients)), sp.S.Zero)
    mean = sum((c * law.moment(k) for k, c in enumerate(coefficients)), Fraction(0))
    assert holds(enclose_mean(body, X, law), lambda: arb(fmpq(mean.numerator, mean.denominator)))


@given(fractions, fractions)
def test_moment_generating_functions(a, b):
    ball = lambda q: arb(fmpq(q.numerator, q.denominator))  # noqa: E731
    body = sp.exp(Q(a) * X + Q(b))
    assert holds(enclose_mean(body, X, NORMAL), lambda: (ball(a) ** 2 / 2).exp() * ball(b).exp())
    slope = lambda: ball(a).sinh() / ball(a) if a else arb(1)  # noqa: E731
    assert holds(enclose_mean(body, X, UNIFORM), lambda: slope() * ball(b).exp())


def lambert_mean(c):
    """`E W(cx)` on the interval, as `u W - u + e^W` has the derivative `W(u)`."""
    primitive = lambda u: u * u.lambertw() - u + u.lambertw().exp()  # noqa: E731
    return (primitive(c) - primitive(-c)) / (2 * c)


@pytest.mark.parametrize(
    ("body", "law", "value"),
    [
        (sp.exp(30 * X), NORMAL, lambda: arb(450).exp()),
        (sp.exp(-5 * X), NORMAL, (arb(25) / 2).exp),
        (sp.exp(-X - 100), NORMAL, (arb(-199) / 2).exp),
        (sp.exp(-X - 100), UNIFORM, lambda: arb(-100).exp() * arb(1).sinh()),
        (X**40, NORMAL, lambda: arb(NORMAL.moment(40).numerator)),
        (X**40, UNIFORM, lambda: arb(1) / 41),
        (sp.log(2 + X), UNIFORM, lambda: arb(3).log() * 3 / 2 - 1),
        (sp.sqrt(1 + X), UNIFORM, lambda: arb(8).sqrt() / 3),
        (sp.LambertW(Q(183, 500) * X), UNIFORM, lambda: lambert_mean(arb(183) / 500)),
        (sp.sqrt(2) * sp.pi, NORMAL, lambda: arb.pi() * arb(2).sqrt()),
    ],
)
def test_closed_forms(body, law, value):
    ball = enclose_mean(body, X, law)
    assert holds(ball, value)
    assert is_sharp(ball)


@pytest.mark.parametrize("law", [NORMAL, UNIFORM])
@given(a=fractions)
def test_symmetry(law, a):
    assert enclose_mean(1 / (1 + sp.exp(Q(a) * X)), X, law).contains(arb(1) / 2)
    assert enclose_mean(sp.tanh(Q(a) * X), X, law).contains(0)
    both = [enclose_mean(sp.log(1 + sp.exp(s * Q(a) * X)), X, law) for s in (1, -1)]
    assert both[0].overlaps(both[1])


@everywhere
@pytest.mark.parametrize("law", [NORMAL, UNIFORM])
def test_precision_refines(fn, law):
    balls = []
    for bits in (40, 80, 160):
        with flint.ctx.workprec(bits):
            balls.append(enclose_mean(fn(SYMPY, X), X, law))
    assert all(coarse.contains(fine) for coarse, fine in pairwise(balls))
    assert all(fine.rad() < coarse.rad() / 2**30 for coarse, fine in pairwise(balls))


def test_precision_is_put_back():
    before = flint.ctx.prec
    enclose_mean(sp.exp(X), X, NORMAL)
    assert flint.ctx.prec == before


# Growth and tails


@everywhere
@pytest.mark.parametrize("side", [1, -1])
def test_bodies_stay_below_their_growth(fn, side):
    bound = growth(fn(SYMPY, side * X), X)
    with mp.workdps(30):
        for k in [*range(81), 100, 200, 400]:
            assert not abs(arb(mp.nstr(fn(mp.mp, mp.mpf(side * k) / 4), 25))) > bound(fmpq(k, 4))


UNARY = (
    sp.exp, sp.log, sp.tanh, sp.LambertW, sp.sqrt, lambda t: t**2, lambda t: 1 / t, lambda t: -t,
    lambda t: t ** Q(-3, 2),
)  # fmt: skip
unary = lambda child: st.builds(lambda f, t: f(t), st.sampled_from(UNARY), child)  # noqa: E731
binary = lambda child: st.builds(lambda f, a, b: f(a, b), st.sampled_from([sp.Add, sp.Mul]), child, child)  # noqa: E731


trees = st.recursive(
    st.sampled_from([X, -X, sp.exp(X), sp.exp(-2 * X), X**2]) | fractions.map(Q),
    lambda child: unary(child) | binary(child),
    max_leaves=5,
)


@given(trees)
def test_whatever_has_a_bound_is_real_and_below_it(body):
    try:
        function, bound = ball_function(body, X), growth(body, X)
    except Undecidable:
        assume(False)
    for k in (0, 1, 2, 5, 12, 40):
        value = function(enclose(Q(k, 4)), False)
        assert value.imag.contains(0)
        assert not abs(value) > bound(fmpq(k, 4))


@pytest.mark.parametrize("rate", ["3/2", "0", "-5/4"])
@pytest.mark.parametrize("m", [0, 1, 4, 7])
def test_tails_are_integrals(m, rate):
    bound = growth(3 * X**m * sp.exp(Q(rate) * X), X)
    with mp.workdps(40):
        slope = mp.mpf(float(Fraction(rate)))
        density = lambda x: 3 * x**m * mp.exp(slope * x) * mp.npdf(x)  # noqa: E731
        tail = mp.quad(density, [3, 4, 6, 8, 12, 20, 30])
        assert bound.tail(3).overlaps(arb(mp.nstr(tail, 30)))
        assert bound.tail(3).rel_accuracy_bits() > 20


def test_what_lies_beyond_the_integral_is_counted(monkeypatch):
    """With ends at 3 the tails are seen: 5 % of `E exp(x)`, and the ball holds it all the same."""
    ends = lambda side, draw, small: (3, growth(side, draw).tail(3).abs_upper())  # noqa: E731
    monkeypatch.setattr(means, "_far_enough", ends)
    ball = means._normal_mean(sp.exp(X), X).real
    assert ball.contains(arb(0.5).exp())
    assert ball.rad() > 0.02


# Refusals


@pytest.mark.parametrize(
    ("body", "law", "text"),
    [
        (sp.Abs(X), UNIFORM, "Abs"), (sp.Heaviside(X), NORMAL, "Heaviside"), (sp.gamma(X), UNIFORM, "gamma"),
        (X * sp.Symbol("q"), NORMAL, "give values to q"), (sp.Symbol("q"), UNIFORM, "give values to q"),
        (X**sp.pi, UNIFORM, "powers by pi"), (2**X, NORMAL, "powers by x"), (sp.I * X, UNIFORM, "real"),
        (X / 2.0, UNIFORM, "0.5"), (sp.sqrt(9 + 10 * X), UNIFORM, "not real"),
        (sp.LambertW(X / 9), NORMAL, "nonnegative"),
        (sp.LambertW(X**2, -1), UNIFORM, "principal branch"),
        (1 / X, UNIFORM, "finite"), (1 / X, NORMAL, "away from zero"), (sp.log(X), UNIFORM, "to be real"),
        (sp.log(1 + X), UNIFORM, "finite"),
        (sp.sqrt(X), UNIFORM, "to be real"), (sp.LambertW(X), UNIFORM, "to be real"),
        (sp.sqrt(X), NORMAL, "to be real"), (sp.LambertW(X), NORMAL, "to be real"),
        (sp.log(2 + X), NORMAL, "away from zero"), (1 / (X - 20), NORMAL, "away from zero"),
        (1 / (2 + sp.log(X + 4) ** 2), NORMAL, "away from zero"), (sp.sqrt(2 + X), NORMAL, "nonnegative"),
        (sp.exp(X**2), NORMAL, "faster"), (sp.exp(X**3), NORMAL, "faster"),
        (sp.exp(sp.exp(X)), NORMAL, "faster"), (sp.exp(X**2 / 4), NORMAL, "faster"),
        (sp.exp(9999 * X), NORMAL, "too fast"), (sp.sinh(X**2), NORMAL, "sinh"),
        (sp.tan(X), NORMAL, "tan"), (sp.asin(X / 9), NORMAL, "asin"), (sp.asin(3 * X), UNIFORM, "real"),
            (sp.tan(2 * X), UNIFORM, "finite"), (sp.acos(1 - X**2), NORMAL, "acos"),
        (sp.exp(99 * X) - sp.exp(-99 * X), UNIFORM, "raise the precision"),
    ],
)  # fmt: skip
def test_refusals(body, law, text):
    with pytest.raises(Undecidable, match=text):
        enclose_mean(body, X, law)


def test_other_laws_are_refused():
    @dataclass(frozen=True)
    class Skewed(StandardNormal):
        pass

    with pytest.raises(Undecidable, match="a normal or a uniform law"):
        enclose_mean(X, X, Skewed(1))


def test_wide_balls_are_refused():
    assert not means._is_narrow(arb(1, 2.0**-40))
    assert means._is_narrow(arb(1, 2.0**-42))
    assert not means._is_narrow(arb(0, 2.0**-60))
    assert means._is_narrow(arb(0, 2.0**-62))
    assert means._is_narrow(arb(0))


# Closed numbers


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (sp.LambertW(Q(1, 3)), lambda: mp.lambertw(mp.mpf(1) / 3)),
        (sp.LambertW(Q(-1, 3)), lambda: mp.lambertw(-mp.mpf(1) / 3)),
        (sp.Abs(sp.sqrt(2) - sp.pi, evaluate=False), lambda: mp.pi - mp.sqrt(2)),
        (sp.Abs(3 + 4 * sp.I, evaluate=False), lambda: mp.mpf(5)),
    ],
)
def test_enclosures_hold_closed_numbers(number, value):
    with mp.workdps(30):
        assert enclose(number).real.overlaps(arb(mp.nstr(value(), 25)))
    assert enclose(number).imag == 0


def test_only_the_principal_branch_is_enclosed():
    with pytest.raises(Undecidable, match="principal branch"):
        enclose(sp.LambertW(Q(-1, 5), -1))


Z = sp.Symbol("z")
POLYNOMIALS = [
    Z**5 - Z + 1, Z**4 - 10 * Z**2 + 1, Z**6 + Z + 3, Z**4 + 3 * Z**2 + 1, 10**12 * (Z**2 - 2) + 1,
    Z**5 - 2 * (10000 * Z - 1) ** 2,
]  # fmt: skip


@pytest.mark.parametrize("polynomial", dealt(POLYNOMIALS, 3), ids=str)
def test_roots_are_told_apart(polynomial):
    roots = [sp.CRootOf(polynomial, k, radicals=False) for k in range(int(sp.degree(polynomial)))]
    balls = [enclose(root) for root in roots]
    for root, ball in zip(roots, balls, strict=True):
        assert abs(complex(ball.mid()) - complex(root)) < 1e-13 * abs(complex(root))
        assert (ball.imag == 0) == root.is_real
    assert not any(a.overlaps(b) for k, a in enumerate(balls) for b in balls[:k])


def test_means_of_bodies_with_algebraic_numbers():
    root = sp.CRootOf(Z**5 - Z + 1, 0)
    ball = enclose_mean(root * sp.exp(X), X, NORMAL)
    assert holds(ball, lambda: enclose(root).real * (arb(1) / 2).exp())
