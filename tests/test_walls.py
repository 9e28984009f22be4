"""Rooms import only from the rooms above them, held in a fresh process."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import stabcheck
from stabcheck.declare import registry

ROOT = Path(stabcheck.__file__).parent
MODULES = [info.name for info in pkgutil.walk_packages([str(ROOT)], "stabcheck.")]


def imported(statement):
    code = f"import sys\n{statement}\nprint(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def modules(*rooms):
    return [m for m in MODULES if m.split(".")[1] in rooms and not m.endswith("__main__")]


def test_declarations_import_no_interpreter():
    rooms = modules("core", "declare", "literature")
    assert len(rooms) > 15
    assert not {"sympy", "jax", "numpy", "flint"} & imported(f"import {', '.join(rooms)}")


def test_symbolic_imports_no_jax():
    assert "jax" not in imported(f"import {', '.join(modules('symbolic'))}, stabcheck.verify.claims")


def test_numeric_imports_no_sympy():
    assert "sympy" not in imported(f"import {', '.join(modules('numeric'))}")


def test_package_and_command_line_are_light():
    loaded = imported("import stabcheck, stabcheck.cli.app\nstabcheck.cli.app.build()")
    assert not {"sympy", "jax", "numpy", "flint", "matplotlib"} & loaded


def test_eigen_without_verification_never_imports_jax():
    loaded = imported(
        "import stabcheck.cli.app as app\napp.run(['eigen', '--reg', 'gp', '--gamma', '1', '--no-verify'])"
    )
    assert "sympy" in loaded
    assert "jax" not in loaded


def test_public_names_are_lazy_and_exist():
    for name in stabcheck.__all__:
        assert getattr(stabcheck, name) is not None
    assert set(stabcheck.__all__) <= set(dir(stabcheck))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = stabcheck.nothing


def test_every_declaration_is_public():
    names = {cls.__name__ for kind in registry.KINDS for cls in registry.declarations(kind).values()}
    assert names <= set(stabcheck.__all__)


PARTS = [
    path for kind in ("games", "losses", "penalties", "methods") for path in ROOT.glob(f"declare/{kind}/*.py")
]


@pytest.mark.parametrize("path", sorted(PARTS), ids=lambda p: p.stem)
def test_no_float_in_a_declaration(path):
    tree = ast.parse(path.read_text())
    floats = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    assert not floats


def test_library_never_evaluates_text():
    names = {"eval", "exec", "parse_expr", "literal_eval", "lambdify"}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called == "sympify":
                # SymPy's own numbers and expressions are let through; text is refused by `strict`.
                assert any(k.arg == "strict" for k in node.keywords), f"{path}:{node.lineno}"
            else:
                assert called not in names, f"{path}:{node.lineno} calls {called}"
