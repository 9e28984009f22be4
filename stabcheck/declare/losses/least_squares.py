"""The least-squares GAN with its labels as hyperparameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import REAL, hyper
from stabcheck.core.oracle import Ops, Scalar
from stabcheck.declare.losses.loss import MAO, GeneralSum


@dataclass(frozen=True)
class LeastSquaresLabels(GeneralSum):
    """`L_D = E (D(x) + b)^2/2 + E (D(G(z)) + a)^2/2`, `L_G = E (D(G(z)) + c)^2/2`.

    The paper's critic is high on data and learns the label `b` there and `a` on generated samples,
    while the generator wants it to say `c`; for a critic that is high on generated samples `-D`
    stands in the place of `D`. The paper has `a, b, c = -1, 1, 0` (Pearson's chi^2) and `0, 1, 1`.
    Where the laws agree the best critic is `-(a + b)/2`: it is at rest at `D = 0` whatever the data
    iff `a + b = 0`, and on data at 0 without a bias for all labels.

    Args:
        label_a: the label of generated samples.
        label_b: the label of data.
        label_c: what the generator wants the critic to say.

    Source: Mao et al. 2017.
    """

    label_a: Scalar = hyper(
        "label_a", domain=REAL, default=-1, help="label of generated samples, D high on data", tex="a"
    )
    label_b: Scalar = hyper("label_b", domain=REAL, default=1, help="label of data, D high on data", tex="b")
    label_c: Scalar = hyper(
        "label_c", domain=REAL, default=0, help="label that the generator aims at, D high on data", tex="c"
    )

    name: ClassVar[str] = "lsgan-mao"
    formula: ClassVar[str] = (
        "L_D = E (D(x) + b)^2/2 + E (D(G(z)) + a)^2/2, L_G = E (D(G(z)) + c)^2/2; a, b, c = -1, 1, 0"
    )
    source: ClassVar[str] = MAO

    def on_real(self, xp: Ops, value: Scalar) -> Scalar:
        del xp
        return (value + self.label_b) * (value + self.label_b) / 2

    def on_fake(self, xp: Ops, value: Scalar) -> Scalar:
        del xp
        return (value + self.label_a) * (value + self.label_a) / 2

    def made(self, xp: Ops, value: Scalar) -> Scalar:
        del xp
        return (value + self.label_c) * (value + self.label_c) / 2
