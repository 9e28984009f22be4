"""Settings of the test session."""

import jax
import pytest
from hypothesis import settings

settings.register_profile("stabcheck", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("stabcheck")


@pytest.fixture(autouse=True)
def untouched_defaults():
    """stabcheck leaves JAX's global precision as it found it."""
    before = jax.config.jax_enable_x64
    yield
    assert jax.config.jax_enable_x64 == before
