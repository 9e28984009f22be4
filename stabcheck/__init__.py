"""stabcheck: does this way of training this game converge, and how do we know?

Importing this package is light: SymPy and JAX are loaded when a name that needs them is used. Every
declaration of the registry is a public name: `stabcheck.R1` is the class of the penalty `gp`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stabcheck import plot as plot
    from stabcheck.core.errors import StabcheckError as StabcheckError
    from stabcheck.core.hyper import hyper as hyper
    from stabcheck.core.hyper import setting as setting
    from stabcheck.declare.games.field import Field as Field
    from stabcheck.declare.games.field import Map as Map
    from stabcheck.declare.games.game import Game as Game
    from stabcheck.declare.games.game import Penalty as Penalty
    from stabcheck.declare.games.gan import GAN as GAN
    from stabcheck.declare.games.gan import Adversarial as Adversarial
    from stabcheck.declare.lookup import load_game as load_game
    from stabcheck.declare.losses.loss import Loss as Loss
    from stabcheck.declare.methods.method import Method as Method
    from stabcheck.declare.methods.method import Previous as Previous
    from stabcheck.declare.methods.method import State as State
    from stabcheck.declare.methods.runge_kutta import RungeKutta as RungeKutta
    from stabcheck.declare.methods.runge_kutta import Tableau as Tableau
    from stabcheck.declare.question import Question as Question
    from stabcheck.judge.analyse import analyse as analyse
    from stabcheck.judge.analysis import Analysis as Analysis
    from stabcheck.judge.optimum import Optimum as Optimum
    from stabcheck.judge.optimum import optimum as optimum
    from stabcheck.judge.proof import Proof as Proof
    from stabcheck.judge.proof import prove as prove
    from stabcheck.judge.result import Result as Result
    from stabcheck.study.compare import Cell as Cell
    from stabcheck.study.compare import Comparison as Comparison
    from stabcheck.study.compare import compare as compare

HOMES = {
    "judge.analyse": ("analyse",),
    "judge.analysis": ("Analysis",),
    "judge.optimum": ("Optimum", "optimum"),
    "judge.proof": ("Proof", "prove"),
    "judge.result": ("Result",),
    "study.compare": ("Cell", "Comparison", "compare"),
    "core.errors": ("StabcheckError",),
    "core.hyper": ("hyper", "setting"),
    "declare.games.game": ("Game", "Penalty"),
    "declare.games.gan": ("GAN", "Adversarial"),
    "declare.games.field": ("Field", "Map"),
    "declare.losses.loss": ("Loss",),
    "declare.lookup": ("load_game",),
    "declare.question": ("Question",),
    "declare.methods.method": ("Method", "Previous", "State"),
    "declare.methods.runge_kutta": ("RungeKutta", "Tableau"),
}
MODULES = ("plot",)
"""What is public and is a module: it is loaded when it is asked for."""
WHERE = {name: home for home, names in HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return sorted({*WHERE, *MODULES, *_declarations()})
    if name in MODULES:
        return importlib.import_module(f"stabcheck.{name}")
    if name in WHERE:
        return getattr(importlib.import_module(f"stabcheck.{WHERE[name]}"), name)
    declarations = _declarations() if name[:1].isupper() else {}
    if name not in declarations:
        raise AttributeError(f"module 'stabcheck' has no attribute '{name}'")
    return declarations[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *WHERE, *MODULES, *_declarations()})


def _declarations() -> dict[str, Any]:
    """The classes of the registry, by their own names."""
    registry = importlib.import_module("stabcheck.declare.registry")
    return {cls.__name__: cls for kind in registry.KINDS for cls in registry.declarations(kind).values()}
