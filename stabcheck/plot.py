"""Pictures of results, as the commands of `stabcheck plot` draw them.

Each call gives a `Picture`: `save("a.pdf")` writes it, `csv()` has its numbers, `figure()` is a
Matplotlib figure, and a notebook shows it. Matplotlib is loaded when the first of these names is used.
"""

from __future__ import annotations

import importlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stabcheck.report.pictures.field import field
    from stabcheck.report.pictures.grid import grid
    from stabcheck.report.pictures.locus import locus
    from stabcheck.report.pictures.picture import Picture
    from stabcheck.report.pictures.region import region
    from stabcheck.report.pictures.spectrum import spectrum
    from stabcheck.report.pictures.trajectory import trajectory

__all__ = ["Picture", "field", "grid", "locus", "region", "spectrum", "trajectory"]
HOMES = MappingProxyType({name: name.lower() for name in __all__})


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'stabcheck.plot' has no attribute '{name}'")
    return getattr(importlib.import_module(f"stabcheck.report.pictures.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
