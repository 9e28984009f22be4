"""What stabcheck answered before its modules were put in rooms; `python -m tests.golden` writes it anew.

A record is compared, never trusted: an intended change is made by running this module again, and
its lines are read in the difference.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).with_name("golden.json")
KEPT = (
    "vector_field", "map", "equilibrium", "jacobian", "update_matrix", "spectral_map",
    "characteristic_polynomial", "closed_form", "conditions", "conditions_here", "stable_where", "germ",
    "eigenvalues", "memory", "spectral_abscissa", "spectral_radius", "radius_per_step", "verdict", "reason",
    "classification", "without_formulas",
)  # fmt: skip
LONGEST = 300
TYPED = """
eigen --reg gp --gamma 1
eigen --reg gp --method simgd
eigen --reg gp --gamma 1/10 --method simgd --h 2/5
eigen --reg gp --gamma 1/10 --method simgd --h 0.39
eigen --reg gp --gamma 1/10 --method simgd --h 0.41
eigen --loss wgan --method altgd --h 1/10
eigen --game examples/shifted_uniform.toml --method simgd --h 1
eigen --game dirac-square --loss wgan --t 1
eigen --matrix "0,-1;1,-gamma" --domain "gamma=>0"
eigen --matrix "1/2,a;-a,1/2" --discrete --a 1/2
eigen --method heavy-ball --alternating --h 1 --beta -1/2
eigen --game tests/cases/may-model.toml --a 1 --d 1/10 --b 1/10
eigen --game tests/cases/forsaken.toml
eigen --game tests/cases/bilinear-with-a-bump.toml --method ogda --h 1/2
eigen --game tests/cases/hill-switch.toml --v 2 --K 1 --d 1
eigen --game tests/cases/sir-with-births.toml
eigen --game tests/cases/discrete-prey-map.toml --method simgd --h 1
"""
PRINTED = """
equilibria --game quadratic --a 1 --b 2 --d 1
equilibria --game tests/cases/eight-critical-points.toml
theorem --k-dg "1;2" --k-dd="-1,0;0,-2"
audit examples/consensus.py:field --reg consensus
audit examples/printed.toml --reg gp
compare --game bilinear --alpha 1,3,6 --methods simgd,lcgd,sga,ogda,cgd
derive --reg gp --method altgd
latex --reg gp --method altgd
atlas --reg gp --method ogda --no-cache
"""


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def questions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each part of the registry in two combinations, by name."""
    from stabcheck.declare.combination import Combination
    from stabcheck.declare.registry import declarations

    def named(**parts: Any) -> tuple[str, dict[str, Any]]:
        return " ".join(str(v) for v in parts.values() if v), {"combination": Combination(**parts)}

    for game in declarations("game"):
        yield named(game=game)
        yield named(game=game, method="altgd")
    for loss in declarations("loss"):
        yield named(game="dirac", loss=loss)
        yield named(game="gaussian", loss=loss, method="ogda")
    for penalty in declarations("penalty"):
        yield named(game="dirac", penalties=(penalty,))
        yield named(game="dirac", loss="nsgan", penalties=(penalty,), method="simgd")
    for method in declarations("method"):
        yield named(game="dirac", penalties=("gp",), method=method)
        yield named(game="quadratic", method=method)


def of_question(combination: Any) -> dict[str, Any]:
    """In general and at typical values; a refusal by its words."""
    from stabcheck.core.errors import StabcheckError
    from stabcheck.declare.combination import assemble
    from stabcheck.declare.question import Question
    from stabcheck.judge.analysis import Analysis

    try:
        parts = assemble(combination)
        general = Analysis(parts.game, parts.operator).at(**parts.values)
        return {
            "general": kept(general.to_dict()),
            "typical": kept(general.at(**Question.of(combination).typical).to_dict()),
        }
    except StabcheckError as refusal:
        return {"refused": str(refusal)}


def kept(data: dict[str, Any]) -> dict[str, Any]:
    return {key: short(data[key]) for key in KEPT if key in data}


def short(value: Any) -> Any:
    """Long texts by their digest: what changed is then asked of the two versions."""
    text = json.dumps(value)
    return value if len(text) <= LONGEST or _has_float(value) else hashlib.sha256(text.encode()).hexdigest()


def _has_float(value: Any) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, float) or any(map(_has_float, inside))


def printed(line: str) -> str:
    from stabcheck.cli.app import run

    with redirect_stdout(StringIO()) as out:
        run(shlex.split(line))
    return out.getvalue()


def of_line(line: str) -> dict[str, Any]:
    return kept(json.loads(printed(f"{line} --no-verify --format json")))


def answers() -> dict[str, Any]:
    """Everything, by question. In the root of the checkout: the lines name files there."""
    found: dict[str, Any] = {name: of_question(**how) for name, how in questions()}
    found |= {line: of_line(line) for line in lines(TYPED)}
    return found | {line: printed(line) for line in lines(PRINTED)}


def main() -> None:
    found = answers()
    body = ",\n".join(f"{json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found))
    RECORD.write_text(f"{{\n{body}\n}}\n")


if __name__ == "__main__":
    main()
