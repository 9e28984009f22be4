"""The source that a result depends on, digested without what only its readers see."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sources:
    """The modules of a package that the imports of one of them lead to.

    Attributes:
        entry: the module that the results come from, by its full name.
        root: the folder of the package.
    """

    entry: str
    root: Path = Path(__file__).parent.parent

    def as_written(self) -> str:
        """SHA-256 over the names and contents of all files of the package: quick, and more than is needed."""
        total = hashlib.sha256(self.entry.encode())
        for path in sorted(self.root.rglob("*.py")):
            content = path.read_bytes()
            total.update(f"\0{path.relative_to(self.root).as_posix()}\0{len(content)}\0".encode() + content)
        return total.hexdigest()

    def digest(self) -> str:
        """SHA-256 over the modules reached, without comments, docstrings and imports for types alone."""
        total = hashlib.sha256()
        for name, tree in sorted(self.reached().items()):
            total.update(f"{name}\0{ast.dump(tree)}\0".encode())
        return total.hexdigest()

    def reached(self) -> dict[str, ast.Module]:
        """Each module that the entry imports, wherever in its text and however far, by name.

        Where a package is imported itself, all within belongs to it: its modules are found by walking.
        """
        modules: dict[str, ast.Module] = {}
        waiting = [self.entry, *_above(self.entry)]
        while waiting:
            name = waiting.pop()
            path = self._path(name)
            if path is not None and name not in modules:
                modules[name] = tree = _Bare().visit(ast.parse(path.read_bytes()))
                for each in _imported(tree):
                    waiting += [*_above(each), *self._within(each)]
        return modules

    def _path(self, name: str) -> Path | None:
        """The file of a module; `None` for what is no module of the package."""
        place = self._place(name)
        candidates = () if place is None else (place / "__init__.py", place.with_suffix(".py"))
        return next((path for path in candidates if path.is_file()), None)

    def _place(self, name: str) -> Path | None:
        package, *others = name.split(".")
        return self.root.joinpath(*others) if package == self.root.name else None

    def _within(self, name: str) -> Iterator[str]:
        """The name, and where it is that of a package below the root those of all its modules."""
        yield name
        place = self._place(name)
        if place is not None and place != self.root and place.is_dir():
            for path in place.rglob("*.py"):
                yield ".".join([name, *path.relative_to(place).with_suffix("").parts])


class _Bare(ast.NodeTransformer):
    """Leaves out strings that stand alone, and what only a type checker reads."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        alone = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if alone else node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        typing = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return node.orelse if typing else node


def _above(name: str) -> Iterator[str]:
    """The packages that a module is in, which are imported before it."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _imported(tree: ast.Module) -> Iterator[str]:
    """What the imports of a module name, which may be modules or names in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)
