"""Claims as LaTeX: brackets where they are needed, and the names of hyperparameters as formulas have them."""

from __future__ import annotations

import pytest

from stabcheck import R1, Dirac, SimGD, analyse
from stabcheck.core.stability import DISC, HALF_PLANE
from stabcheck.declare.claim.reading import parse
from stabcheck.report.claim import Typeset
from stabcheck.symbolic.printing import latex

NAMES = analyse(Dirac() + R1("gamma"), SimGD("h")).names


def typeset(text, region=DISC):
    return parse(text).at(Typeset(lambda e: latex(e, NAMES), region)).tex


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("h <= 1/2", r"h \le \frac{1}{2}"),
        ("2 gamma h >= (h + 1)^2", r"2 \gamma h \ge \left(h + 1\right)^{2}"),
        ("h (gamma - 1) != -h", r"h \left(\gamma - 1\right) \ne -h"),
        ("h - (gamma - 1) = 2*3", r"h - \left(\gamma - 1\right) = 2 \cdot 3"),
        ("sqrt(h) < abs(gamma)/2", r"\sqrt{h} < \frac{\left|\gamma\right|}{2}"),
        ("h > 0 implies (stable iff h < 1)", r"h > 0 \implies \left(\text{stable} \iff h < 1\right)"),
        (
            "(h > 0 or stable) and not neutral",
            r"\left(h > 0 \text{ or } \text{stable}\right) \text{ and } \text{not } \text{neutral}",
        ),
        ("rate < 1/2", r"\rho < \frac{1}{2}"),
    ],
)
def test_claims_as_latex(text, tex):
    assert typeset(text) == tex


def test_the_rate_of_a_flow_is_its_abscissa():
    assert typeset("rate < 0", HALF_PLANE) == r"\max \operatorname{Re} \lambda < 0"
