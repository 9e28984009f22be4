"""Laws with many cases: some of them always, all of them with `-m whole`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def dealt(cases: Iterable[Any], every: int) -> list[Any]:
    """Each `every`-th case runs always, the first among them; the others are `whole`."""
    return [case if k % every == 0 else _whole(case) for k, case in enumerate(cases)]


def _whole(case: Any) -> Any:
    if hasattr(case, "values") and hasattr(case, "marks"):
        return pytest.param(*case.values, marks=(*case.marks, pytest.mark.whole), id=case.id)
    return pytest.param(*(case if type(case) is tuple else (case,)), marks=pytest.mark.whole)
