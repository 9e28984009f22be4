"""An operator linearised where the game rests: the refusals of what does not rest there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

from stabcheck.core.errors import MovesRestPoint
from stabcheck.declare.methods.method import Operator
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.update import Linearisation, linearise


def linearised(
    model: Model, operator: Operator, values: Mapping[str, sp.Expr] = MappingProxyType({})
) -> Linearisation:
    """The operator to first order at an equilibrium, which it leaves where it is.

    Args:
        model: the game.
        operator: a method, or a flow.
        values: numbers for some of the open names, `f1` and `f2` of the loss included.

    Raises:
        NotSmooth, Undecidable: as `Linearisation.derived`.
        NotAnEquilibrium: if the declared point does not rest at these values.
        MovesRestPoint: if the operator does not leave it where it is.
    """
    if (there := model.specialised(values)) is not model:
        model, values = there, {**there.germ_values(values), **values}
    model.confirm_rest(values)
    linearisation = linearise(model, operator, values)
    if any(linearisation.drift):
        raise MovesRestPoint(*linearisation.drift[: linearisation.jet.size], discrete=operator.discrete)
    return linearisation.derived()
