"""`stabcheck new`."""

from __future__ import annotations

import shlex
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit
from stabcheck.core.files import ready, write

TEMPLATE = """\
# A game for stabcheck. Every key is described in docs/game.schema.json.
#
# Formulas: numbers (exact: 0.1 is 1/10), names, + - * / ( ), powers such as x^2 or x^(1/2),
# pi, sin cos tan asin acos atan sinh cosh tanh asinh exp log softplus sigmoid erf sqrt abs
# min(a, b) max(a, b), and E(...), the mean over the random numbers inside it.

name = "my-game"
source = "where this game is from"

# The players in order. Each minimises its own loss; `variables` defaults to the player's name.
[players.x]
variables = ["x"]
loss = "a*x^2/2 + x*y"

[players.y]
loss = "-x*y + E((u*y)^2)/2"

# Names that may stay symbols, or get a value with --a 1.
# Signs: ">0", ">=0", "real", "nonzero", "(0,1]", "[0,1)", or a range as "(-1,2]".
[hyperparameters]
a = { sign = ">0", help = "curvature of x's loss" }

# Random numbers, which formulas use inside E(...). Others:
#   { law = "normal", mean = 0, std = 1 }
#   { law = "discrete", values = [0, 1], weights = ["1/3", "2/3"] }
#   { law = "mixture", of = ["u", "v"], weights = ["1/2", "1/2"] }
[distributions]
u = { law = "uniform", low = -1, high = 1 }

# The rest point, one formula in the hyperparameters for each variable.
[equilibrium]
x = 0
y = 0
"""


FIELD = """\
# A vector field for stabcheck, in the place of losses. Every key is described in docs/game.schema.json.
# Formulas are as in a game: + - * / ( ), powers, pi, sin cos tan atan exp log tanh sqrt and others.

name = "my-field"
source = "where it is from"

# x' = v(x): one formula for each variable.
[field]
x = "y"
y = "x - x^3 - a*y"

# Names that may stay symbols, or get a value with --a 1.
[hyperparameters]
a = { sign = ">=0", help = "friction" }

# A rest point, one formula in the hyperparameters for each variable; or a [start] to search from.
[equilibrium]
x = 1
y = 0
"""

MAP = """\
# A map for stabcheck, which is its own step. Every key is described in docs/game.schema.json.

name = "my-map"
source = "where it is from"

# x+ = F(x): one formula for each variable.
[map]
x = "a*x*(1 - x)"

[hyperparameters]
a = { sign = ">0", help = "growth" }

# A fixed point; or a [start] to search from.
[equilibrium]
x = "1 - 1/a"
"""

MATRIX = """\
# A matrix for stabcheck: the field x' = A x, or with of = "map" the map x+ = A x.

name = "my-matrix"
source = "where it is from"

[matrix]
rows = [[0, -1], [1, "-a"]]
names = ["x", "y"]
of = "field"

[hyperparameters]
a = { sign = "real", help = "damping" }
"""

TEMPLATES = MappingProxyType({"game": TEMPLATE, "field": FIELD, "map": MAP, "matrix": MATRIX})


def new(
    *,
    path: Annotated[Path, typer.Argument(help="where to write it, my_game.toml for instance")],
    kind: Annotated[str, typer.Option("--kind", help=", ".join(TEMPLATES))] = "game",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a small game file with comments, to start a game, field or map of one's own from.

    Examples:

      stabcheck new my_game.toml

      stabcheck eigen --game my_game.toml --a 1

      stabcheck new my_field.toml --kind field
    """
    text = TEMPLATES[one_of("kind", kind, tuple(TEMPLATES))]
    write(ready(path, (".toml",), force=force), text, force=force)
    emit(f"wrote {path}; next: stabcheck eigen --game {shlex.quote(str(path))} --a 1")
