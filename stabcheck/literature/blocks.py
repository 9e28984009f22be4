"""The linearisation of games at rest, from matrices that anybody can check by hand.

A GAN with a discriminator linear in its parameters, `D(x) = psi . phi(x)`, at rest where `psi = 0`
and generated samples are the data, has (Mescheder et al. 2018; Nagarajan & Kolter 2017)

    v' = [[0, -f1 B^T], [f1 B, (f2 + r2) M - gamma A]]

with `M = E phi phi^T`, `A = E phi' phi'^T` and `B = d E phi(G)/d theta`. Rows of matrices are typed
here for each game, and the penalties' terms beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from stabcheck.literature.claim import (
    ANY_METHOD,
    BY_HAND,
    KINK,
    MESCHEDER_2017,
    MESCHEDER_2018,
    NAGARAJAN_2017,
    Claim,
    call,
    drawn_off_zero,
    drawn_to_zero,
)
from stabcheck.literature.condition import APART, AT_ORIGIN, FELT_ALIKE, ONE_SAMPLE
from stabcheck.literature.features import HALF, Features, Rule, features_of_games
from stabcheck.literature.rows import Rows, added, blocks, identity, product, scaled, transposed

THEOREM = f"{MESCHEDER_2018}; {NAGARAJAN_2017}"
KIM_2018 = "Kim et al. 2018, arXiv:1810.02528"
CHE = "Che et al. 2017, arXiv:1612.02136"
SAME_SPEED = ("tau", "1")
NO_ANCHORS = (("a_real", "0"), ("a_fake", "0"))

REALISABLE = (*FELT_ALIKE, APART)


@dataclass(frozen=True)
class Linearisation:
    """A game's linearisation, as published or by hand.

    Attributes:
        claim: the statement on the game as it is, under the flow.
        rows: the flow's matrix, from the letters.
        origin: the equilibrium is the origin.
        made: the number of the generators' coordinates; 0 where there are no sides.
    """

    claim: Claim
    rows: Callable[[Mapping[str, Any]], Rows]
    origin: bool = False
    made: int = 1


def block_claims() -> Iterator[Claim]:
    """Every claim of this kind."""
    for features in features_of_games():
        linearisation = Linearisation(
            _about(features), _blocks_of(features), features.origin, sum(features.dims[:-1])
        )
        yield linearisation.claim
        yield from _on_any(linearisation)
        yield from _gradient_penalties(features)
        yield from _changed(features)
        yield from _generator_side(features)
    for linearisation in _others():
        yield linearisation.claim
        yield from _on_any(linearisation)
        yield from _on_points(linearisation)


def _about(features: Features) -> Claim:
    return Claim(
        f"A21/B01 {features.game}", "the blocks [[0, -f'(0) B^T], [f'(0) B, (f''(0) + r''(0)) M]] of a"
        " realisable GAN", THEOREM, "flow", settings=(SAME_SPEED,), games=(features.game,),
        shifted=features.shifted, about=REALISABLE, dims=features.dims,
        matrix=_blocks_of(features),
    )  # fmt: skip


def _blocks_of(features: Features, second: Rule | None = None) -> Callable[[Mapping[str, Any]], Rows]:
    def rows(letters: Mapping[str, Any]) -> Rows:
        bent = scaled(letters["f2"] + letters["r2"], call(second or features.second, letters))
        return blocks(scaled(letters["f1"], call(features.moved, letters)), bent)

    return rows


def _with(claim: Claim, key: str, text: str, source: str, penalty: str, matrix: Any, **others: Any) -> Claim:
    """The claim about the same game under a penalty."""
    game = claim.games[0]
    return replace(
        claim, key=f"{key} {penalty} {game}", text=text, source=source, penalties=(penalty,), matrix=matrix,
        verdict=None, stable=None, polynomial=None, **others,
    )  # fmt: skip


def _on_any(linearisation: Linearisation) -> Iterator[Claim]:
    """The penalties that know nothing of a discriminator."""

    def consensus(letters: Mapping[str, Any]) -> Rows:
        j = linearisation.rows(letters)
        return added(j, scaled(-letters["gamma"], product(transposed(j), j)))

    def decayed(letters: Mapping[str, Any]) -> Rows:
        j = linearisation.rows(letters)
        return added(j, scaled(-letters["gamma_decay"], identity(len(j))))

    def regularised(letters: Mapping[str, Any]) -> Rows:
        return _nagarajan_kolter(linearisation, letters)

    text = "consensus optimisation: J - gamma J^T J"
    yield _with(linearisation.claim, "A19", text, MESCHEDER_2017, "consensus", consensus)
    if linearisation.origin:
        text = "weight decay: J - gamma I"
        settings = (*linearisation.claim.settings, ("gamma_decay", "common"))
        at_origin = {"settings": settings, "shifted": False, "about": (*linearisation.claim.about, AT_ORIGIN)}
        yield _with(linearisation.claim, "A23", text, BY_HAND, "decay", decayed, **at_origin)
    if linearisation.made == 0:
        return
    if linearisation.claim.games[0] not in ("dirac-square", "mcgan", "primal-dual"):
        text = "clipping does not act near psi = 0"
        yield _with(linearisation.claim, "A12", text, BY_HAND, "clip", linearisation.rows)
    text = "the blocks [[-2 eta K^T K, -K^T (I + 2 eta K_DD)], [K, K_DD]] with K = f'(0) B"
    yield _with(linearisation.claim, "B05", text, NAGARAJAN_2017, "nk", regularised)


def _nagarajan_kolter(linearisation: Linearisation, letters: Mapping[str, Any]) -> Rows:
    j = linearisation.rows(letters)
    n = linearisation.made if linearisation.claim.dims else len(letters["k_dg"][0])
    felt, bent = [row[:n] for row in j[n:]], [row[n:] for row in j[n:]]
    back = transposed(felt)
    # The gradient of eta |d_psi L_D|^2 in theta; the generator's own row as it was.
    own = added([row[:n] for row in j[:n]], scaled(-2 * letters["eta"], product(back, felt)))
    cross = added([row[n:] for row in j[:n]], scaled(-2 * letters["eta"], product(back, bent)))
    return [*(list(a) + list(b) for a, b in zip(own, cross, strict=True)), *j[n:]]


def _gradient_penalties(features: Features) -> Iterator[Claim]:
    base = _about(features)
    text = "the blocks with -gamma A, A = E grad D grad D^T, beside (f''(0) + r''(0)) M"
    for key, penalty, strength, source, settings in (
        ("A21", "gp", lambda gamma: gamma, THEOREM, ()),
        ("A21", "r2", lambda gamma: gamma, THEOREM, ()),
        ("D01", "sgp", lambda gamma_sgp, mass: gamma_sgp * mass, KIM_2018, (("measure", "data"),)),
        *((("A15", "gp-anisotropic", lambda gamma: gamma, BY_HAND, ()),)
          if features.game != "linear-generator" else ()),
    ):  # fmt: skip
        yield _with(
            base, key, text, source, penalty, _penalised(features, strength),
            settings=(*base.settings, *settings),
        )  # fmt: skip
    kink = "the norm of the slope has a kink where D is constant"
    for penalty in ("wgan-gp", "dragan"):
        yield replace(
            base, key=f"A13 {penalty} {features.game}", text=kink, source=BY_HAND, penalties=(penalty,),
            method=ANY_METHOD, settings=(), matrix=None, verdict=KINK, about=(),
            dims=None, where=drawn_off_zero,
        )  # fmt: skip
    if features.game == "dirac":
        for penalty in ("wgan-gp", "dragan"):
            yield _with(
                base, "A13b", "drawn to 0, the norm of the slope enters by its square, as in R1", BY_HAND,
                penalty, _penalised(features, lambda gamma: gamma), where=drawn_to_zero,
            )  # fmt: skip


def _penalised(features: Features, strength: Callable[..., Any]) -> Callable[..., Rows]:
    def matrix(letters: Mapping[str, Any]) -> Rows:
        bent = scaled(letters["f2"] + letters["r2"], call(features.second, letters))
        penalty = scaled(-call(strength, letters), call(features.slopes, letters))
        return blocks(scaled(letters["f1"], call(features.moved, letters)), added(bent, penalty))

    return matrix


def _changed(features: Features) -> Iterator[Claim]:
    """The penalties that change the samples, the critic's values or its labels."""
    base = _about(features)

    def tempered(letters: Mapping[str, Any]) -> Rows:
        t = letters["temperature"]
        changed = {"f1": letters["f1"] / t, "f2": letters["f2"] / t**2, "r2": letters["r2"] / t**2}
        return _blocks_of(features)({**letters, **changed})

    def anchored(letters: Mapping[str, Any]) -> Rows:
        felt = scaled(letters["f1"], call(features.moved, letters))
        curvature = letters["f2"] + letters["r2"] - 4 * letters["gamma_lecam"]
        return blocks(felt, scaled(curvature, call(features.second, letters)))

    yield _with(base, "A26", "noise: M is E phi phi^T over noisy samples", f"{THEOREM}; {BY_HAND}",
                "noise", _blocks_of(features, features.noisy),
                settings=(*base.settings, ("on", "both")))  # fmt: skip
    if features.linear:
        yield _with(base, "A26", "noise: f''(0) M over noisy generated samples plus r''(0) M over noisy"
                    " data", f"{THEOREM}; {BY_HAND}", "noise-unequal", _unequal(features))  # fmt: skip
    text = "a temperature T: f'(0)/T and f''(0)/T^2 in the place of f'(0) and f''(0)"
    yield _with(base, "E01", text, BY_HAND, "temperature", tempered)
    yield _with(base, "E01", "anchors at 0: (f''(0) + r''(0) - 4 gamma) M in the place of"
                " (f''(0) + r''(0)) M", BY_HAND, "lecam", anchored,
                settings=(*base.settings, *NO_ANCHORS))  # fmt: skip
    if features.centred or features.game == "dirac":
        text = "label smoothing is not seen where D vanishes on the data whatever psi is"
        yield _with(base, "E01", text, BY_HAND, "smoothing", _blocks_of(features), shifted=False)


def _unequal(features: Features) -> Callable[[Mapping[str, Any]], Rows]:
    def rows(letters: Mapping[str, Any]) -> Rows:
        sides = (("f2", "sigma_fake"), ("r2", "sigma_real"))
        moments = [call(features.noisy, {**letters, "sigma": letters[sigma]}) for _, sigma in sides]
        made, data = (scaled(letters[f], m) for (f, _), m in zip(sides, moments, strict=True))
        return blocks(scaled(letters["f1"], call(features.moved, letters)), added(made, data))

    return rows


def _generator_side(features: Features) -> Iterator[Claim]:
    base, remade = _about(features), features.remade
    if remade is None:
        return

    def matrix(letters: Mapping[str, Any]) -> Rows:
        j, n = _blocks_of(features)(letters), features.dims[0]
        felt = scaled(1 + letters["lam2"], [row[n:] for row in j[:n]])
        own = scaled(-2 * letters["lam1"], call(remade, letters))
        return [*(list(a) + list(b) for a, b in zip(own, felt, strict=True)), *j[n:]]

    text = "-2 lam1 E G'^T G' in the generator's block, which feels 1 + lam2 times as much; on the Dirac-GAN"
    text += " eigenvalues -lam1 ± sqrt(lam1^2 - (1 + lam2) f'(0)^2)"
    yield _with(
        base, "D04/D05", text, f"{CHE}, objective; {BY_HAND}", "mode", matrix, about=(*REALISABLE, ONE_SAMPLE)
    )


def _others() -> Iterator[Linearisation]:
    """Games that are no GAN, or none of this kind."""
    for key, game, dims, text, source, rows, about, centred in (
        ("A02", "bilinear", (1, 1), "J = [[0, -c], [c, 0]]", BY_HAND,
         lambda c: ((0, -c), (c, 0)), FELT_ALIKE, True),
        ("C02", "quadratic", (1, 1), "J = [[-a, -b], [b, -d]]", BY_HAND,
         lambda a_quadratic, b_quadratic, d_quadratic: (
             (-a_quadratic, -b_quadratic), (b_quadratic, -d_quadratic)), (), True),
        ("C12", "icr", (1, 1), "J = [[-2, -10], [10, 2]]",
         "Schäfer, Zheng & Anandkumar 2020, arXiv:1910.05852", lambda: ((-2, -10), (10, 2)), (), True),
        ("D07", "box", (1, 1), "inside the box J = [[0, -1], [1, 0]]", BY_HAND,
         lambda: ((0, -1), (1, 0)), (), True),
        ("D06", "primal-dual", (1, 1), "eigenvalues -4 p ± 2 i sqrt(1 - 4 p^2)",
         f"Chen, Wang & Ge 2018, arXiv:1802.01765, objective; {BY_HAND}",
         lambda p: ((0, 2), (-2, -8 * p)), (), False),
        ("D09", "mcgan", (1, 1), "a line of equilibria with eigenvalues 0 and -2 t^2: theta converges,"
         " psi does not", BY_HAND, lambda t: ((-2 * t**2, 0), (0, 0)), (), False),
        ("D03", "dirac-square", (1, 1), "the psi-axis is a line of equilibria, with eigenvalues 0 and"
         " -2 f'(0) t: attracting where psi > 0 (there psi < 0, with the other sign of D)",
         f"{KIM_2018}, Lemma 3", lambda t, f1: ((-2 * f1 * t, 0), (0, 0)), FELT_ALIKE, False),
        ("cyclic", "cyclic", (1, 1, 1), "J is -a I minus alpha times the cyclic shift", BY_HAND,
         lambda a_cyclic, alpha_cyclic: (
             (-a_cyclic, -alpha_cyclic, 0), (0, -a_cyclic, -alpha_cyclic),
             (-alpha_cyclic, 0, -a_cyclic)), (), True),
        ("A21 players", "many-discriminators", (1, 1, 1), "the generator feels the discriminators' mean",
         BY_HAND, lambda f1: ((0, -f1 * HALF, -f1 * HALF), (f1, 0, 0), (f1, 0, 0)), FELT_ALIKE, True),
        ("A21/B01", "blocks", None, "J = [[0, -K_DG^T], [K_DG, K_DD - L_DD]]", THEOREM,
         lambda k_dg, k_dd, l_dd: blocks(k_dg, added(k_dd, scaled(-1, l_dd)) if l_dd else k_dd), (), True),
    ):  # fmt: skip
        claim = Claim(
            f"{key} {game}", text, source, "flow", settings=(SAME_SPEED,), games=(game,), dims=dims,
            matrix=_called(rows), about=about,
        )  # fmt: skip
        made = 0 if game in ("bilinear", "quadratic", "icr", "cyclic") else 1
        yield Linearisation(claim, _called(rows), centred, made)


def _on_points(linearisation: Linearisation) -> Iterator[Claim]:
    """Penalties on the other GANs of point masses, whose slope is `psi` or vanishes with `x`."""
    slope = {"many-discriminators": 1, "dirac-square": 0}.get(linearisation.claim.games[0])
    if slope is None:
        return

    def bent(strength: Callable[..., Any]) -> Callable[[Mapping[str, Any]], Rows]:
        def rows(letters: Mapping[str, Any]) -> Rows:
            j = linearisation.rows(letters)
            psi = [[int(i == k > 0) for k in range(len(j))] for i in range(len(j))]
            return added(j, scaled(-slope * call(strength, letters), psi))

        return rows

    def tempered(letters: Mapping[str, Any]) -> Rows:
        return linearisation.rows({**letters, "f1": letters["f1"] / letters["temperature"]})

    text = "-gamma |grad psi|^2 in the discriminators' blocks; nothing where D is flat at the data"
    for penalty, strength, settings in (
        ("gp", lambda gamma: gamma, ()), ("r2", lambda gamma: gamma, ()),
        ("gp-anisotropic", lambda gamma: gamma, ()),
        ("sgp", lambda gamma_sgp, mass: gamma_sgp * mass, (("measure", "data"),)),
        ("lecam", lambda gamma_lecam: 0 * gamma_lecam, NO_ANCHORS),
        ("smoothing", lambda share_smoothing: 0 * share_smoothing, ()),
    ):  # fmt: skip
        chosen = (*linearisation.claim.settings, *settings)
        yield _with(linearisation.claim, "D03", text, BY_HAND, penalty, bent(strength), settings=chosen)
    text = "a temperature T: f'(0)/T in the place of f'(0)"
    yield _with(linearisation.claim, "E01", text, BY_HAND, "temperature", tempered)


def _called(formula: Rule) -> Callable[[Mapping[str, Any]], Rows]:
    """A formula in letters of its own as one of all of them."""
    return lambda letters: call(formula, letters)
