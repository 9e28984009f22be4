"""Exact rest points of a field: where `v = 0`."""

from stabcheck.symbolic.algebraic import Root
from stabcheck.symbolic.rest.near import both_near, exact_near, field_at
from stabcheck.symbolic.rest.solve import RestPoints, rest_points

__all__ = ["RestPoints", "Root", "both_near", "exact_near", "field_at", "rest_points"]
