"""What the literature says, typed from it and never derived by our own code.

A claim is plain arithmetic: its formulas run on SymPy expressions, fractions, floats and NumPy
polynomials alike, so that each interpreter can be held against them. Letters: `f1`, `f2` for
`f'(0)`, `f''(0)`; `c` for the coupling of two players, which is `f1` on the Dirac-GAN; `h_g`,
`h_d`, `tau_g`, … for the first and the second player of whatever game; other hyperparameters go
by their own names, and by these with their owner's behind, as `k_lookahead`. Signs follow the
conventions of stabcheck (state `(theta, psi)`, field of descent), whatever the paper's were.

Lemma numbers are given only where they were read in the paper at hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from stabcheck.literature.claim import BY_HAND as BY_HAND
from stabcheck.literature.claim import COUPLING as COUPLING
from stabcheck.literature.claim import Claim as Claim
from stabcheck.literature.gans import gan_claims
from stabcheck.literature.methods import method_claims


def claims() -> Iterator[Claim]:
    """Every claim."""
    yield from gan_claims()
    yield from method_claims()
