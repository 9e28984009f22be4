"""The only way up: what a result asks of rooms that come after its own, by name.

A result prints itself and has itself verified. How is said in `report` and in `verify`, by the type
of the result; no other module of stabcheck imports a room that comes after its own.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

VIEWS, WITNESSES = "stabcheck.report.views", "stabcheck.verify.results"


def shown(result: Any, view: str) -> Any:
    """What `report.views` shows of a result: `line`, `text`, `html`, `maths` or `latex`."""
    return getattr(import_module(VIEWS), view)(result)


def verified(result: Any, *, points: int, seed: int) -> Any:
    """What the witnesses of `verify` say of a result."""
    return import_module(WITNESSES).verified(result, points=points, seed=seed)
