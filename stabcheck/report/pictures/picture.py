"""What all pictures share: the style, the caption, and files that are the same byte for byte."""

from __future__ import annotations

import csv
import io
import logging
import textwrap
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import matplotlib.style
import numpy as np
from matplotlib.figure import Figure

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput
from stabcheck.core.files import PICTURES, ready, write
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.result import ALONE, Result
from stabcheck.judge.summary import hyperparameters, question, signs, summary, titled

if TYPE_CHECKING:
    from matplotlib.artist import Artist

R = TypeVar("R", bound=Result)

# No dates, and no version of the program that drew it: the same numbers make the same file.
METADATA: MappingProxyType[str, Mapping[str, Any]] = MappingProxyType(
    {
        ".svg": {"Date": None, "Creator": None},
        ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
        ".png": {"Software": None},
    }
)
STYLE: MappingProxyType[str, Any] = MappingProxyType(
    {
        "svg.hashsalt": "stabcheck",
        "font.size": 9,
        "axes.titlesize": 9,
        "axes.labelsize": 9,
        "legend.fontsize": 8,
        "legend.frameon": False,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "mathtext.fontset": "cm",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.7,
        "lines.linewidth": 1.4,
        "savefig.dpi": 200,
        # TrueType outlines: conferences refuse Type 3 fonts.
        "pdf.fonttype": 42,
        "ps.fonttype": 42,
    }
)
SIZES = (
    "font.size",
    "axes.titlesize",
    "axes.labelsize",
    "legend.fontsize",
    "xtick.labelsize",
    "ytick.labelsize",
)
# The palette of Okabe and Ito, which colour-blind readers tell apart, in the order of use; the greys
# of these differ, too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
STABLE, UNSTABLE, NEUTRAL = "#0072B2", "#D55E00", "#666666"
LINE_HEIGHT, CHARACTERS_PER_INCH, CAPTION_SIZE = 0.135, 18.5, 7
TITLE_LETTERS_PER_INCH, HEADED = 13.5, 0.8
"""Of titles, which take this part of the width at most."""
LETTERS = 0.9
"""Inches of the height that titles, names of axes and legends take."""
NARROW, GAP = 4.5, 0.05
"""Inches: the width for two things side by side, and what is between axes and a legend under them."""
LAYOUTS, STILL = 6, 2e-3
"""How often a layout is done at most, and what it may still move, in parts of the page."""
STACKED = (3.3, 5.2)
"""The size of a narrow picture of two things, one above the other, with a legend under them."""


@dataclass(frozen=True)
class Look:
    """How a picture is set into a page.

    Attributes:
        title: above it; empty for none but its own.
        captioned: with the caption beneath it.
        width: in inches, the height in proportion where there are no letters; `None` for its own.
        font_size: in points, of the axes; what is smaller is so in proportion.
    """

    title: str = ""
    captioned: bool = True
    width: float | None = None
    font_size: float = STYLE["font.size"]

    @property
    def scale(self) -> float:
        """The size of letters in units of the style's."""
        return self.font_size / STYLE["font.size"]

    @contextmanager
    def styled(self) -> Iterator[None]:
        """Matplotlib's defaults with the style of these pictures, whatever its user has set."""
        sizes = {name: STYLE[name] * self.scale for name in SIZES}
        with matplotlib.style.context(["default", {**STYLE, **sizes}]):
            yield


@dataclass(frozen=True)
class Picture:
    """A picture as data; every kind is one final class.

    Attributes:
        caption: game, method, hyperparameters and convention, in words.
        look: how it is set into a page.

    Class attributes: `size`, width and height in inches, without the caption; `suffixes`, the
    formats that it can be written in.
    """

    caption: str
    look: Look = field(default_factory=Look, kw_only=True)
    size: ClassVar[tuple[float, float]] = (5.0, 3.6)
    suffixes: ClassVar[tuple[str, ...]] = PICTURES

    @abstractmethod
    def table(self) -> Mapping[str, Sequence[Any]]:
        """The numbers in the picture: columns of one length by name."""

    @abstractmethod
    def draw(self, figure: Figure) -> None:
        """Put the axes on an empty figure."""

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height without the caption; larger than `size` where there are many panels."""
        return self.size

    @property
    def narrow(self) -> bool:
        """Whether there is room for one thing beside another."""
        return self.look.width is not None and self.look.width / self.look.scale < NARROW

    def keyed(self, figure: Figure, handles: Sequence[Artist]) -> None:
        """A legend beside the axes, or where that leaves them no room under them."""
        if self.narrow:
            beneath(figure, handles)
        else:
            figure.legend(handles=list(handles), loc="outside right upper")

    def figure(self) -> Figure:
        """The picture with its caption beneath it, as a Matplotlib figure of its own."""
        look, (width, height) = self.look, self._scaled
        letters = int(width * CHARACTERS_PER_INCH / look.scale)
        lines = textwrap.wrap(self.caption, letters, break_on_hyphens=False) if look.captioned else []
        line = LINE_HEIGHT * look.scale
        band = line * (len(lines) + 0.6) if lines else 0.0
        with look.styled():
            figure = Figure((width, height + band), layout="constrained")
            share = band / (height + band)
            figure.get_layout_engine().set(rect=(0.01, share, 0.98, 1 - share))  # pyright: ignore[reportOptionalMemberAccess, reportCallIssue]
            self.draw(figure)
            if look.title:
                figure.suptitle(look.title, parse_math=False, size=STYLE["axes.titlesize"] * look.scale)
            figure.text(
                0.01,
                0.3 * line / (height + band),
                "\n".join(lines),
                size=CAPTION_SIZE * look.scale,
                va="bottom",
                color="#333333",
                linespacing=1.25,
            )
        return figure

    @property
    def _scaled(self) -> tuple[float, float]:
        """Width and height in the page, without the caption."""
        width, height = self.inches
        asked = width if self.look.width is None else self.look.width
        return asked, (height - LETTERS) * asked / width + LETTERS * self.look.scale

    def headed(self, title: str) -> str:
        """A title of its own in as many lines as it takes."""
        letters = int(HEADED * self._scaled[0] * TITLE_LETTERS_PER_INCH / self.look.scale)
        return textwrap.fill(title, letters, break_on_hyphens=False)

    def settled(self) -> Figure:
        """The figure with its layout done and rounded.

        The solver of the layout depends, in its last digits, on where objects lie in memory, and
        the names of elements in a file depend on these digits.
        """
        figure = self.figure()
        with self.look.styled():
            _laid_out(figure)
            figure.set_layout_engine("none")
            for ax, place in zip(figure.axes, _places(figure), strict=True):
                left, bottom, width, height = (round(e, 6) for e in place)
                ax.set_position((left, bottom, width, height))
        return figure

    def save(self, path: Path | str, *, force: bool = False) -> None:
        """Write the picture, in the format of the suffix: `.svg`, `.pdf` or `.png`.

        Raises:
            BadInput: for another suffix, and where the file cannot be written.
        """
        target = ready(Path(path), self.suffixes, force=force)
        write(target, self.encoded(target.suffix.lower()), force=force)

    def encoded(self, suffix: str) -> bytes:
        """The picture as the bytes of a file."""
        buffer = io.BytesIO()
        figure = self.settled()
        with self.look.styled(), _quiet("fontTools"):
            figure.savefig(buffer, format=suffix[1:], metadata=dict(METADATA[suffix]))
        return buffer.getvalue()

    def csv(self) -> str:
        """The numbers as comma-separated values, each float in full."""
        buffer = io.StringIO()
        columns = self.table()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
        return buffer.getvalue()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.caption}>"

    def _repr_png_(self) -> bytes:
        return self.encoded(".png")


def _laid_out(figure: Figure) -> None:
    """Do the layout until it stands still: where axes keep their shape, once leaves titles cut off."""
    before = None
    for _ in range(LAYOUTS):
        figure.draw_without_rendering()
        places = _places(figure)
        if before is not None and np.allclose(places, before, rtol=0, atol=STILL):
            return
        before = places


def _places(figure: Figure) -> list[tuple[float, float, float, float]]:
    return [ax.get_position(original=True).bounds for ax in figure.axes]


def beneath(figure: Figure, handles: Sequence[Artist]) -> None:
    """One legend under all axes, in as many columns as the width has room for."""
    engine = figure.get_layout_engine()
    left, bottom, width, height = engine.get()["rect"]  # pyright: ignore[reportOptionalMemberAccess]
    for columns in range(len(handles), 0, -1):
        legend = figure.legend(
            handles=list(handles), loc="lower center", ncols=columns, borderaxespad=0,
            bbox_to_anchor=(left + width / 2, bottom),
        )  # fmt: skip
        taken = legend.get_window_extent().transformed(figure.transFigure.inverted())
        if columns == 1 or taken.width <= width:
            band = taken.height + GAP / figure.get_figheight()
            engine.set(rect=(left, bottom + band, width, height - band))  # pyright: ignore[reportOptionalMemberAccess, reportCallIssue]
            return
        legend.remove()


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Without the remarks of a library, as those on the age of a font."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def caption(result: Result, *, methods: bool = True) -> str:
    """Game, method, hyperparameters, convention and question of a result, in one paragraph.

    Args:
        result: at numbers.
        methods: with the method and the question; without them where a picture shows several.
    """
    left_out = () if methods else {title for title, _ in titled(result.operator)}
    described = [f"{title} {text}" for title, text in summary(result) if title not in left_out]
    values = ", ".join(f"{name} = {value}" for name, value in hyperparameters(result).items())
    held = [f"At {values}"] if values else []
    numeric = [] if isinstance(result, Analysis) else [ALONE]
    sentences = ["; ".join(described), *held, signs(result), *numeric]
    asked = f" Question: {question(result)}." if methods else ""
    return ". ".join(part[0].upper() + part[1:] for part in sentences) + f".{asked}"


def at_numbers(result: R) -> R:
    """The result itself, if every name in it has a value.

    Raises:
        BadInput: if one is open.
    """
    names = hyper.symbols(result.game, result.operator)
    open_names = [name for name in names if name not in result.values]
    if open_names:
        first = open_names[0]
        raise BadInput(
            f"a picture needs numbers: {', '.join(open_names)} left open; give them, {first}=1 say"
        )
    return result
