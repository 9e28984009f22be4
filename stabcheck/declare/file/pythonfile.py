"""Python files that a person names: run once as they stand, and the declarations in them."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, StabcheckError
from stabcheck.core.hyper import Declaration
from stabcheck.declare import registry
from stabcheck.declare.games.game import Game, confirm_shape
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.methods.method import Operator, takes_inner

SUFFIX = ".py"
PREFIX = "file_"
"""How the modules that files become are called; also by this their frames are known."""
KEPT = 64
LONGEST = 160
PLURALS = MappingProxyType({"game": "games", "loss": "losses", "penalty": "penalties", "method": "methods"})
BASES = MappingProxyType({"game": "Game", "loss": "Loss", "penalty": "Penalty", "method": "Method"})


def is_python(text: str) -> bool:
    """Whether a text names a Python file or something in one: `FILE.py:Class`."""
    return text.endswith(SUFFIX) or f"{SUFFIX}:" in text


# Running


def run(path: Path) -> ModuleType:
    """The module that a file becomes when it is run; the same one again while the file is the same.

    Nothing is added to the path on which Python looks for modules, and nothing is written beside it.

    Raises:
        BadInput: if there is no such file, or running it fails.
    """
    if not path.exists():
        raise BadInput(f"there is no file {path}")
    if not path.is_file():
        raise BadInput(f"{path} is no file")
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}") from None
    return _ran(str(path), path.resolve(), data)


class _AsRead(SourceFileLoader):
    """Takes the text that was read, never bytecode of an earlier one."""

    def __init__(self, name: str, path: str, data: bytes) -> None:
        super().__init__(name, path)
        self.data = data

    def get_data(self, path: Any) -> bytes:
        del path
        return self.data

    def path_stats(self, path: Any) -> Mapping[str, Any]:
        raise OSError(f"{path} has no bytecode")


@lru_cache(maxsize=KEPT)
def _ran(shown: str, path: Path, data: bytes) -> ModuleType:
    import jax

    mark = sha256(f"{path}\0".encode() + data).hexdigest()[:12]
    name = f"{PREFIX}{''.join(c if c.isalnum() else '_' for c in path.stem)}_{mark}"
    loader = _AsRead(name, shown, data)
    spec = importlib.util.spec_from_file_location(name, shown, loader=loader)
    assert spec is not None
    # Dataclasses look their module up while it runs, and so does pickle later.
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    with jax.enable_x64(True), guarded(shown, shown):  # noqa: FBT003 (their name for the switch)
        loader.exec_module(module)
    return module


@contextmanager
def guarded(label: str, file: str) -> Iterator[None]:
    """Turns whatever a person's code raises into one line; what it prints goes to the error stream."""
    try:
        with redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except StabcheckError as refusal:
        lines = _lines(refusal, lambda frame: _is_of(frame, file))
        if not lines:
            raise
        raise BadInput(f"{label}: {refusal} (line {lines[-1]})") from refusal
    except (Exception, SystemExit) as failure:
        raise BadInput(f"{label} raised {_told(failure, file)}") from failure


def _told(failure: BaseException, file: str) -> str:
    """Type and message of an exception, and the last line of the file that it passed."""
    lines = _lines(failure, lambda frame: _is_of(frame, file))
    message = str(failure)
    if isinstance(failure, SyntaxError):
        message, lines = failure.msg, [failure.lineno]
    where = f" (line {lines[-1]})" if lines else ""
    return f"{_sentence(failure, message)}{where}"


def _is_of(frame: traceback.FrameSummary, file: str) -> bool:
    """Whether a frame is of a file; of a module only the end of its path is known, from a slash on."""
    return frame.filename == file or (file.startswith("/") and frame.filename.endswith(file))


def _lines(failure: BaseException, fits: Callable[[traceback.FrameSummary], bool]) -> list[int | None]:
    return [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if fits(frame)]


def _sentence(failure: BaseException, message: str) -> str:
    first = next(iter(message.splitlines()), "")
    return f"{type(failure).__name__}: {first[:LONGEST]}".rstrip(": ")


def blamed(failure: BaseException) -> str:
    """What code from a file that was run raised, in one line; empty where no such code was running."""
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(failure.__traceback__)
        if str(frame.f_globals.get("__name__", "")).startswith(PREFIX)
        and isinstance(frame.f_globals.get("__loader__"), _AsRead)
    ]
    if not frames:
        return ""
    file, line = frames[-1]
    return f"{file} raised {_sentence(failure, str(failure))} (line {line})"


def place(cls: type) -> str:
    """`FILE.py:Class` of a class that a file which was run declares; empty for others."""
    loader = _loader(cls)
    return f"{loader.path}:{cls.__name__}" if loader else ""


def text(cls: type) -> str:
    """The file that declares a class, as it was when it was run; likewise."""
    loader = _loader(cls)
    return loader.data.decode(errors="replace") if loader else ""


def _loader(cls: type) -> _AsRead | None:
    loader = getattr(sys.modules.get(cls.__module__), "__loader__", None)
    return loader if isinstance(loader, _AsRead) else None


# Declarations


def find(kind: str, text: str) -> type[Declaration]:
    """The class that `FILE.py:Class` names; runs the file.

    Args:
        kind: `game`, `loss`, `penalty` or `method`.
        text: the file as the person typed it, and the class.

    Raises:
        BadInput: if there is no such class of that kind, or none that can be made.
    """
    place, _, name = (text, "", "") if text.endswith(SUFFIX) else text.rpartition(":")
    if not place.endswith(SUFFIX):
        raise BadInput(
            f"'{text[:60]}' names no class of a file; write {registry.OPTIONS[kind]} FILE.py:Class"
        )
    if not Path(place).exists():
        raise BadInput(f"there is no file {place}; write {registry.OPTIONS[kind]} FILE.py:Class")
    return _File(kind, place, run(Path(place))).declaration(name)


@dataclass(frozen=True)
class _File:
    """The classes of one kind in a file.

    Attributes:
        kind: `game`, `loss`, `penalty` or `method`.
        place: the file, as it was typed.
        module: what it became.
    """

    kind: str
    place: str
    module: ModuleType

    def declaration(self, name: str) -> type[Declaration]:
        """The class of that name, which can be made.

        Raises:
            BadInput: as `find`.
        """
        if not name:
            raise BadInput(f"{self.place} names no class; write {self.place}:Class; {self._own_listed()}")
        declared = vars(self.module).get(name)
        if declared is None:
            raise BadInput(f"{self.place} has no class {name[:40]}; {self._near(name)}{self._own_listed()}")
        if not isinstance(declared, type):
            what = f"{self.place}: {name} is no class but of the type {type(declared).__name__}"
            raise BadInput(f"{what}; {self._own_listed()}")
        if not issubclass(declared, self._base):
            raise BadInput(f"{self.place}: {name} {self._instead(declared)}; {self._own_listed()}")
        return _made(f"{self.place}: {name}", self.kind, str(Path(self.place)), declared)

    @property
    def _base(self) -> type[Declaration]:
        return registry.KINDS[self.kind][1]

    def _own(self) -> list[str]:
        """The names of the classes of this kind that the file itself declares."""
        here = {name: value for name, value in vars(self.module).items() if isinstance(value, type)}
        return [
            n for n, v in here.items() if issubclass(v, self._base) and v.__module__ == self.module.__name__
        ]

    def _own_listed(self) -> str:
        own = self._own()
        return f"{PLURALS[self.kind]} there: {', '.join(own)}" if own else f"the file declares no {self.kind}"

    def _near(self, name: str) -> str:
        own = {o.lower(): o for o in self._own()}
        near = get_close_matches(name.lower(), own, n=1, cutoff=0.6)
        return f"did you mean {own[near[0]]}? " if near else ""

    def _instead(self, cls: type) -> str:
        for kind, (_, base) in registry.KINDS.items():
            if issubclass(cls, base):
                return f"is a {kind} and no {self.kind}; give it with {registry.OPTIONS[kind]}"
        return f"is no {self.kind}; derive it from stabcheck.{BASES[self.kind]}"


def _made(label: str, kind: str, file: str, cls: type[Declaration]) -> type[Declaration]:
    """The class itself, which lets itself be made.

    Raises:
        BadInput: if something that it must declare is missing, or a value that no option gives.
    """
    if missing := _missing(cls):
        raise BadInput(
            f"{label} lacks {', '.join(missing)}, which a {kind} must declare; add it to the class"
        )
    with guarded(label, file):
        takes = inspect.signature(cls).parameters
    filled = {name: value for name, value in _examples(cls).items() if name in takes}
    any_number = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = [
        p.name
        for p in takes.values()
        if p.default is p.empty and p.kind not in any_number and p.name not in filled
    ]
    if needed:
        example = f"{needed[0]}: Any = hyper('{needed[0]}', domain='> 0', help='what it is')"
        raise BadInput(
            f"{label} needs {', '.join(needed)}, which no option gives; write {example}, or a default"
        )
    untaken = [
        name for name in (*_examples(cls), *(n for n, _ in hyper.hyper_fields(cls))) if name not in takes
    ]
    if untaken:
        raise BadInput(f"{label}.__init__ takes no {', '.join(untaken)}; leave __init__ to the dataclass")
    with guarded(label, file):
        try:
            made = cls(**filled)
            if isinstance(made, Game):
                confirm_shape(made)
        except BadInput as refusal:
            raise BadInput(f"{file}: {refusal}") from refusal
    return cls


def _missing(cls: type[Declaration]) -> list[str]:
    """What the class leaves to those that derive from it, in the order in which its bases name it."""
    named = dict.fromkeys(name for base in reversed(cls.__mro__) for name in vars(base))
    return [name for name in named if getattr(getattr(cls, name, None), "__isabstractmethod__", False)]


def _examples(cls: type[Declaration]) -> dict[str, Any]:
    """The parts that go into a declaration of this class, with one of the registry for a try."""
    if issubclass(cls, GAN):
        return {"loss": "gan"}
    if issubclass(cls, Operator) and takes_inner(cls):
        return {"inner": registry.find("method", "simgd")()}
    return {}
