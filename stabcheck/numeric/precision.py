"""How JAX computes here, said once: in double precision, compiled quickly and once for all values."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import jax

KEPT = 64
"""How many compiled functions of a kind are kept."""

P = ParamSpec("P")
T = TypeVar("T")


def double() -> AbstractContextManager[Any]:
    """Inside, numbers of JAX have 64 bits."""
    return jax.enable_x64(True)  # noqa: FBT003 (their name for the switch)


def compiled(fn: Callable[..., Any], fixed: tuple[int, ...] = ()) -> Callable[..., Any]:
    """`fn` compiled for the shapes of its arguments; quickly, as most are run a few times only.

    Args:
        fn: a function of arrays.
        fixed: which arguments are no arrays; it is compiled anew for each value of these.
    """
    return jax.jit(fn, static_argnums=fixed, compiler_options={"xla_backend_optimization_level": 0})


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """`build`, with what it built for the last arguments; anew each time for those that have no hash."""
    cached = lru_cache(maxsize=KEPT)(build)

    @wraps(build)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            hash(args)
        except TypeError:
            return build(*args, **kwargs)
        return cached(*args, **kwargs)

    return called
