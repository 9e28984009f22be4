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

from functools import cache

from stabcheck.literature.blocks import block_claims
from stabcheck.literature.claim import ANY_METHOD as ANY_METHOD
from stabcheck.literature.claim import BY_HAND as BY_HAND
from stabcheck.literature.claim import KINK as KINK
from stabcheck.literature.claim import MESCHEDER_2018 as MESCHEDER_2018
from stabcheck.literature.claim import NAGARAJAN_2017 as NAGARAJAN_2017
from stabcheck.literature.claim import Claim as Claim
from stabcheck.literature.claim import asked as asked
from stabcheck.literature.claim import call as call
from stabcheck.literature.gans import gan_claims
from stabcheck.literature.maps import map_claims
from stabcheck.literature.methods import method_claims


@cache
def claims() -> tuple[Claim, ...]:
    """Every claim."""
    return (*gan_claims(), *method_claims(), *block_claims(), *map_claims())
