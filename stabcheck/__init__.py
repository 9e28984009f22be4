"""stabcheck: does this way of training this game converge, and how do we know?

Importing this package is light: SymPy and JAX are loaded when a name that needs them is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stabcheck.analysis import Analysis as Analysis
    from stabcheck.analysis import analyse as analyse
    from stabcheck.errors import StabcheckError as StabcheckError
    from stabcheck.games.dirac import Dirac as Dirac
    from stabcheck.games.game import GAN as GAN
    from stabcheck.games.game import Game as Game
    from stabcheck.games.losses import Germ as Germ
    from stabcheck.games.losses import LeastSquares as LeastSquares
    from stabcheck.games.losses import Logistic as Logistic
    from stabcheck.games.losses import Loss as Loss
    from stabcheck.games.losses import NonSaturating as NonSaturating
    from stabcheck.games.losses import Wasserstein as Wasserstein
    from stabcheck.methods.altgd import AltGD as AltGD
    from stabcheck.methods.flow import Flow as Flow
    from stabcheck.methods.method import Method as Method
    from stabcheck.methods.method import State as State
    from stabcheck.methods.simgd import SimGD as SimGD
    from stabcheck.penalties.clip import Clip as Clip
    from stabcheck.penalties.consensus import Consensus as Consensus
    from stabcheck.penalties.gradient import R1 as R1
    from stabcheck.penalties.gradient import R2 as R2
    from stabcheck.penalties.nagarajan_kolter import NagarajanKolter as NagarajanKolter
    from stabcheck.penalties.noise import InstanceNoise as InstanceNoise
    from stabcheck.penalties.penalty import Penalty as Penalty
    from stabcheck.penalties.wgan_gp import WganGP as WganGP

HOMES = {
    "analysis": ("Analysis", "analyse"),
    "errors": ("StabcheckError",),
    "games.dirac": ("Dirac",),
    "games.game": ("GAN", "Game"),
    "games.losses": ("Germ", "LeastSquares", "Logistic", "Loss", "NonSaturating", "Wasserstein"),
    "methods.altgd": ("AltGD",),
    "methods.flow": ("Flow",),
    "methods.method": ("Method", "State"),
    "methods.simgd": ("SimGD",),
    "penalties.clip": ("Clip",),
    "penalties.consensus": ("Consensus",),
    "penalties.gradient": ("R1", "R2"),
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
