"""The least domain of given numbers."""

from typing import Any, overload

from sympy.polys.domains import Domain

@overload
def construct_domain(
    obj: list[Any], *, field: bool = False, extension: bool = False
) -> tuple[Domain, list[Any]]: ...
@overload
def construct_domain(obj: Any, *, field: bool = False, extension: bool = False) -> tuple[Domain, Any]: ...
