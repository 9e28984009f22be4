"""The declarations in the modules of a package."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from types import ModuleType

from stabcheck.core.hyper import D


def declared(package: ModuleType, base: type[D]) -> dict[str, type[D]]:
    """The final declarations of a kind in the modules of a package, by registry name."""
    return dict(_within(package, base, tuple(package.__path__)))


@cache
def _within(package: ModuleType, base: type[D], folders: tuple[str, ...]) -> dict[str, type[D]]:
    return {
        cls.name: cls
        for info in pkgutil.iter_modules(folders, f"{package.__name__}.")
        for _, cls in inspect.getmembers(importlib.import_module(info.name), inspect.isclass)
        if issubclass(cls, base) and cls.name and cls.__module__ == info.name
    }
