"""stabcheck: does this way of training this game converge, and how do we know?

Importing this package is light: SymPy and JAX are loaded when a name that needs them is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stabcheck.analysis import Analysis as Analysis
    from stabcheck.analysis import analyse as analyse
    from stabcheck.compare import Cell as Cell
    from stabcheck.compare import Comparison as Comparison
    from stabcheck.errors import StabcheckError as StabcheckError
    from stabcheck.games.bilinear import Bilinear as Bilinear
    from stabcheck.games.dirac import Dirac as Dirac
    from stabcheck.games.game import GAN as GAN
    from stabcheck.games.game import Game as Game
    from stabcheck.games.losses import Germ as Germ
    from stabcheck.games.losses import LeastSquares as LeastSquares
    from stabcheck.games.losses import Logistic as Logistic
    from stabcheck.games.losses import Loss as Loss
    from stabcheck.games.losses import NonSaturating as NonSaturating
    from stabcheck.games.losses import Wasserstein as Wasserstein
    from stabcheck.games.quadratic import Quadratic as Quadratic
    from stabcheck.methods.adaptive import Adam as Adam
    from stabcheck.methods.adaptive import RMSprop as RMSprop
    from stabcheck.methods.alternating import Alternating as Alternating
    from stabcheck.methods.altgd import AltGD as AltGD
    from stabcheck.methods.anchored import Anchored as Anchored
    from stabcheck.methods.anchored import MovingAnchor as MovingAnchor
    from stabcheck.methods.anticipation import LOLA as LOLA
    from stabcheck.methods.anticipation import LookaheadOpponent as LookaheadOpponent
    from stabcheck.methods.anticipation import Unrolled as Unrolled
    from stabcheck.methods.averaging import EMA as EMA
    from stabcheck.methods.chekhov import Chekhov as Chekhov
    from stabcheck.methods.competitive import CGD as CGD
    from stabcheck.methods.competitive import LCGD as LCGD
    from stabcheck.methods.extragradient import Extragradient as Extragradient
    from stabcheck.methods.extragradient import GeneralisedEG as GeneralisedEG
    from stabcheck.methods.flow import Flow as Flow
    from stabcheck.methods.ftrl import FTRL as FTRL
    from stabcheck.methods.ftrl import OptimisticFTRL as OptimisticFTRL
    from stabcheck.methods.implicit import Implicit as Implicit
    from stabcheck.methods.implicit import SemiImplicit as SemiImplicit
    from stabcheck.methods.lookahead import Lookahead as Lookahead
    from stabcheck.methods.method import Method as Method
    from stabcheck.methods.method import Previous as Previous
    from stabcheck.methods.method import State as State
    from stabcheck.methods.momentum import HeavyBall as HeavyBall
    from stabcheck.methods.momentum import Nesterov as Nesterov
    from stabcheck.methods.optimistic import OGDA as OGDA
    from stabcheck.methods.optimistic import GeneralisedOGDA as GeneralisedOGDA
    from stabcheck.methods.runge_kutta import RK2 as RK2
    from stabcheck.methods.runge_kutta import RK3 as RK3
    from stabcheck.methods.runge_kutta import RK4 as RK4
    from stabcheck.methods.runge_kutta import RungeKutta as RungeKutta
    from stabcheck.methods.runge_kutta import Tableau as Tableau
    from stabcheck.methods.sga import SGA as SGA
    from stabcheck.methods.sga import AlignedSGA as AlignedSGA
    from stabcheck.methods.simgd import SimGD as SimGD
    from stabcheck.methods.ttur import TTUR as TTUR
    from stabcheck.penalties.clip import Clip as Clip
    from stabcheck.penalties.consensus import Consensus as Consensus
    from stabcheck.penalties.gradient import R1 as R1
    from stabcheck.penalties.gradient import R2 as R2
    from stabcheck.penalties.nagarajan_kolter import NagarajanKolter as NagarajanKolter
    from stabcheck.penalties.noise import InstanceNoise as InstanceNoise
    from stabcheck.penalties.penalty import Penalty as Penalty
    from stabcheck.penalties.wgan_gp import WganGP as WganGP

HOMES = {
    "analysis": (
        "Analysis",
        "analyse",
    ),
    "compare": (
        "Cell",
        "Comparison",
    ),
    "errors": ("StabcheckError",),
    "games.bilinear": ("Bilinear",),
    "games.dirac": ("Dirac",),
    "games.game": (
        "GAN",
        "Game",
    ),
    "games.losses": (
        "Germ",
        "LeastSquares",
        "Logistic",
        "Loss",
        "NonSaturating",
        "Wasserstein",
    ),
    "games.quadratic": ("Quadratic",),
    "methods.adaptive": (
        "Adam",
        "RMSprop",
    ),
    "methods.alternating": ("Alternating",),
    "methods.altgd": ("AltGD",),
    "methods.anchored": (
        "Anchored",
        "MovingAnchor",
    ),
    "methods.anticipation": (
        "LOLA",
        "LookaheadOpponent",
        "Unrolled",
    ),
    "methods.averaging": ("EMA",),
    "methods.chekhov": ("Chekhov",),
    "methods.competitive": (
        "CGD",
        "LCGD",
    ),
    "methods.extragradient": (
        "Extragradient",
        "GeneralisedEG",
    ),
    "methods.flow": ("Flow",),
    "methods.ftrl": (
        "FTRL",
        "OptimisticFTRL",
    ),
    "methods.implicit": (
        "Implicit",
        "SemiImplicit",
    ),
    "methods.lookahead": ("Lookahead",),
    "methods.method": (
        "Method",
        "Previous",
        "State",
    ),
    "methods.momentum": (
        "HeavyBall",
        "Nesterov",
    ),
    "methods.optimistic": (
        "GeneralisedOGDA",
        "OGDA",
    ),
    "methods.runge_kutta": (
        "RK2",
        "RK3",
        "RK4",
        "RungeKutta",
        "Tableau",
    ),
    "methods.sga": (
        "AlignedSGA",
        "SGA",
    ),
    "methods.simgd": ("SimGD",),
    "methods.ttur": ("TTUR",),
    "penalties.clip": ("Clip",),
    "penalties.consensus": ("Consensus",),
    "penalties.gradient": (
        "R1",
        "R2",
    ),
    "penalties.nagarajan_kolter": ("NagarajanKolter",),
    "penalties.noise": ("InstanceNoise",),
    "penalties.penalty": ("Penalty",),
    "penalties.wgan_gp": ("WganGP",),
}
WHERE = {name: home for home, names in HOMES.items() for name in names}
__all__ = sorted(WHERE)  # pyright: ignore[reportUnsupportedDunderAll] # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in WHERE:
        raise AttributeError(f"module 'stabcheck' has no attribute '{name}'")
    return getattr(importlib.import_module(f"stabcheck.{WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *WHERE})
