"""Types are checked in every file, and the stubs of SymPy promise nothing that SymPy lacks."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path
from typing import NamedTuple

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyRing
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

import stabcheck

FILES = sorted(Path(stabcheck.__file__).parent.rglob("*.py"))
STUBS = Path(__file__).parents[1] / "typings"
X = sp.Symbol("x")
RING = PolyRing(["x"], sp.QQ)
EXAMPLES = {
    "_Singletons": [sp.S],
    "Domain": [sp.QQ[X], sp.QQ.frac_field(X), sp.QQ.algebraic_field(sp.sqrt(2))],
    "DomainMatrix": [DomainMatrix.eye(1, sp.ZZ)],
    "LatexPrinter": [LatexPrinter()],
    "MatrixBase": [sp.eye(1)],
    "PolyElement": [RING.one],
    "PolyRing": [RING],
    "StrPrinter": [StrPrinter()],
}
"""Objects of the classes whose attributes are not those of the class."""


def lines(file):
    return file.read_text(encoding="utf-8").splitlines()


def is_loose(file):
    headers = [line for line in lines(file) if line.startswith("# pyright:")]
    return any("basic" in line or "=false" in line for line in headers)


def test_type_checking_is_switched_off_in_no_file():
    assert not [file for file in FILES if is_loose(file)]


def test_an_exception_names_its_rule():
    bare = [f"{file}:{n}" for file in FILES for n, line in enumerate(lines(file), 1) if is_bare(line)]
    assert not bare


def is_bare(line):
    return "# pyright: ignore" in line and "# pyright: ignore[" not in line


class Promise(NamedTuple):
    """One name that a stub says SymPy has."""

    module: str
    owner: str | None
    node: ast.AnnAssign | ast.ClassDef | ast.FunctionDef

    @property
    def name(self):
        return ast.unparse(self.node.target) if isinstance(self.node, ast.AnnAssign) else self.node.name

    @property
    def decorators(self):
        return {ast.unparse(e) for e in getattr(self.node, "decorator_list", [])}

    @property
    def is_called(self):
        return not isinstance(self.node, ast.AnnAssign) and "property" not in self.decorators

    def holders(self):
        """What has the name: a module, a class, or objects of it."""
        module = importlib.import_module(self.module)
        if self.owner is None:
            return [module]
        return EXAMPLES.get(self.owner) or [getattr(module, self.owner)]

    def found(self):
        return [getattr(holder, self.name) for holder in self.holders() if hasattr(holder, self.name)]

    def call(self):
        """A call that the stub allows, with every optional argument by its name."""
        given = self.node.args
        first = len(given.posonlyargs) + len(given.args) - len(given.defaults) + bool(given.vararg)
        bound = "classmethod" in self.decorators or self.owner in EXAMPLES
        optional = given.args[len(given.args) - len(given.defaults) :] if given.args else []
        return [None] * (first - bound), {a.arg: None for a in (*optional, *given.kwonlyargs)}


def promises():
    for file in sorted(STUBS.rglob("*.pyi")):
        module = ".".join(file.relative_to(STUBS).with_suffix("").parts).removesuffix(".__init__")
        yield from promised(ast.parse(file.read_text(encoding="utf-8")).body, module)


def promised(body, module, owner=None):
    """Names with one underscore at a module's top are the stub's own."""
    for node in body:
        if isinstance(node, ast.AnnAssign | ast.ClassDef | ast.FunctionDef):
            promise = Promise(module, owner, node)
            own = owner is None and promise.name.startswith("_")
            yield from [] if own else [promise]
            if isinstance(node, ast.ClassDef) and (not own or node.name in EXAMPLES):
                yield from promised(node.body, module, node.name)


PROMISES = [p for p in promises() if (p.owner, p.name) != ("MatrixBase", "__iter__")]
"""A matrix can be iterated over, but by its `__getitem__`."""


def label(promise):
    return ".".join(filter(None, (promise.module, promise.owner, promise.name)))


def test_sympy_has_every_name_of_the_stubs():
    assert len(PROMISES) > 300
    assert not [label(p) for p in PROMISES if not p.found()]


def test_what_the_stubs_call_is_called():
    assert all(callable(e) for p in PROMISES if p.is_called for e in p.found())
    assert not [label(p) for p in PROMISES if not p.is_called and any(map(inspect.isroutine, p.found()))]


def test_sympy_takes_the_arguments_of_the_stubs():
    called = [p for p in PROMISES if p.is_called and isinstance(p.node, ast.FunctionDef)]
    assert not [label(p) for p in called if not all(takes(e, *p.call()) for e in p.found())]


def takes(function, arguments, keywords):
    try:
        inspect.signature(function).bind(*arguments, **keywords)
    except TypeError:
        return False
    return True
