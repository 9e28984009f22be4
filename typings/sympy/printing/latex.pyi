"""The printer of LaTeX."""

from typing import Any, ClassVar

tex_greek_dictionary: dict[str, str]

class LatexPrinter:
    _default_settings: ClassVar[dict[str, Any]]
    _settings: dict[str, Any]
    def __init__(self, settings: dict[str, Any] | None = None) -> None: ...
    def _print(self, expr: Any, **kwargs: Any) -> str: ...
    def doprint(self, expr: Any) -> str: ...
