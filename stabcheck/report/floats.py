"""A result in floating point alone, for people, papers and notebooks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stabcheck.core.errors import StabcheckError
from stabcheck.core.visible import visible
from stabcheck.judge.result import ALONE
from stabcheck.report.escape import escaped

if TYPE_CHECKING:
    from stabcheck.judge.floating import FloatAnalysis
    from stabcheck.judge.record import Record

DIGITS = ".6g"


def twelve(e: Mapping[str, Any]) -> str:
    """Twelve digits of an eigenvalue of a record; infinite where float64 overflows."""
    value = e.get("value", e)
    real, imaginary = (math.inf if value[part] is None else value[part] for part in ("re", "im"))
    return f"{real:.12g}" + (f" {imaginary:+.12g}i" if imaginary else "")


def line(result: FloatAnalysis) -> str:
    """`<FloatAnalysis sines under simgd at c = 1: stable>`; the refusal where there is one."""
    about = f"{result.game.label} under {result.operator.chain}"
    try:
        given = f" at {_given(result)}" if result.values else ""
        return visible(f"<FloatAnalysis {about}{given}: {result.verdict}>")
    except StabcheckError as refusal:
        return visible(f"<FloatAnalysis {about}: {refusal}>")


def text(record: Record) -> str:
    """For a terminal."""
    data, word = record.data, record.outline.verdict
    period, radius = data["period"], data["spectral_radius"]
    name, rate = ("abscissa", data["spectral_abscissa"]) if radius is None else ("radius", radius)
    per_step = f" per cycle of {period} steps, {data['radius_per_step']:.12g} per step" if period > 1 else ""
    spectrum, memory = _rows(data["eigenvalues"]), _rows(data["memory"])
    unfelt = f"\nmemory{memory[6:]}   (not felt by the players)" if memory else ""
    given = ", ".join(f"{name} = {value}" for name, value in data["hyperparameters"].items())
    return (
        f"game          {data['game']}\n"
        f"method        {data['method']}\n"
        f"at            {given or 'the values declared'}\n"
        f"eigenvalues{spectrum.removeprefix(' ' * 11)}{unfelt}\n"
        f"{name:<14}{rate:.12g}{per_step}\n"
        f"verdict       {word}, in floating point alone: the losses are written in JAX, so\n"
        "              that there is no formula and no exact witness"
    )


def latex(result: FloatAnalysis) -> str:
    """The matrix and its spectrum as displayed formulas, in six digits."""
    return f"\\[ {_matrix(result)} \\]\n% {_comment(result)}\n"


def maths(result: FloatAnalysis) -> str:
    """The matrix, for notebooks."""
    return rf"$\displaystyle {_matrix(result)}$"


def _matrix(result: FloatAnalysis) -> str:
    rows = r" \\ ".join(" & ".join(_number(entry) for entry in row) for row in result.matrix.tolist())
    return rf"M \approx \begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _number(entry: float) -> str:
    digits, _, power = f"{entry:{DIGITS}}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits


def _comment(result: FloatAnalysis) -> str:
    return escaped(f"{result.game.label} under {result.operator.chain}: {result.verdict}, {ALONE}")


def _given(result: FloatAnalysis) -> str:
    return ", ".join(f"{name} = {value}" for name, value in result.values.items())


def _rows(spectrum: Sequence[Mapping[str, float]]) -> str:
    return "\n".join(f"              {z['re']:.12g} {z['im']:+.12g}i" for z in spectrum)
