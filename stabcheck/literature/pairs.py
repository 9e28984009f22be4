"""Words and formulas that the statements on bilinear pairs share.

`v = (-c psi, c theta)`, with `c` never 0, has a Jacobian with the eigenvalues `± i c`. A step with
matrix `H = diag(h_g, h_d)` sees `± i a` with `a^2 = h_g h_d c^2`.
"""

from __future__ import annotations

from typing import Any

ZHANG_YU = "Zhang & Yu 2020, arXiv:1908.05699"
VIP = "Gidel et al. 2019, arXiv:1802.10551"
NEGATIVE_MOMENTUM = "Gidel et al. 2019, arXiv:1807.04740"
CGD = "Schäfer & Anandkumar 2019, arXiv:1905.12103"
ICR = "Schäfer et al. 2020, arXiv:1910.05852"
ODE_GAN = "Qin et al. 2020, arXiv:2010.15040"
CONDITION = "the condition derived by hand"

BILINEAR = ("dirac", "bilinear")
COMMON = (("h", "common"),)
NO_SPEEDS = (("tau", "1"),)


def pair(z: Any, real: Any, square: Any) -> Any:
    """The polynomial with the roots `real ± i sqrt(square)`."""
    return (z - real) ** 2 + square
