"""A derivation as a LaTeX document or as the steps of a proof, with its references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stabcheck.judge.derivation.data import Derivation, Sentence, Source, Step
from stabcheck.judge.summary import caveats, hyperparameters, summary
from stabcheck.report.escape import ascii_only, escaped
from stabcheck.report.latex import Setter, environment, fragment, rows

if TYPE_CHECKING:
    import sympy as sp

    from stabcheck.judge.analysis import Analysis

PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage{amsmath}
\usepackage{amssymb}
\allowdisplaybreaks
\setlength{\emergencystretch}{3em}
\setcounter{MaxMatrixCols}{40}"""


def document(result: Analysis, *, proof: bool) -> str:
    """A complete file, references included, for one run of pdflatex.

    Args:
        result: what it is about.
        proof: every step with its sentences; else the formulas alone.
    """
    body = (
        steps(result.derivation) if proof else "\n\n".join([_summary(result), fragment(result), _end(result)])
    )
    cited = references(result.derivation)
    head = rf"\section*{{{escaped(result.derivation.title)}}}"
    blocks = [
        f"{PREAMBLE}\n{_numbers(result.derivation)}\\begin{{document}}",
        head,
        body,
        *cited,
        r"\end{document}",
    ]
    return "\n\n".join(blocks)


def steps(derivation: Derivation) -> str:
    """Every step: a heading, its sentences, its equations; sources are cited by their keys."""
    return "\n\n".join(_step(derivation, step) for step in derivation.steps)


def _step(derivation: Derivation, step: Step) -> str:
    setter = Setter(derivation)
    says = [_sentence(sentence, setter) for sentence in step.says]
    heading = rf"\paragraph{{{escaped(step.title[:1].upper() + step.title[1:])}.}}"
    lines = environment(rows(derivation, step.equations))
    return "\n".join(filter(None, [heading, "\\par\n".join(says), lines]))


def _sentence(sentence: Sentence, setter: Setter) -> str:
    return "".join(_piece(piece, setter) for piece in sentence)


def _piece(piece: str | sp.Basic | Source, setter: Setter) -> str:
    if isinstance(piece, Source):
        return _citation(piece.text)
    return escaped(piece) if isinstance(piece, str) else f"${setter.write(piece)}$"


def _citation(source: str) -> str:
    """The keys of the works that a source names; its own words where the list has none of them."""
    from stabcheck.literature.bibliography import entries

    keys = ",".join(entry.key for entry in entries(source))
    return rf"\cite{{{keys}}}" if keys else f"[{escaped(source)}]"


def _summary(result: Analysis) -> str:
    given = ", ".join(f"{name} = {value}" for name, value in hyperparameters(result).items())
    lines = [*summary(result), *([("at", given)] if given else [])]
    items = "\n".join(rf"  \item[{escaped(name)}] {escaped(text)}" for name, text in lines)
    return f"\\begin{{description}}\n{items}\n\\end{{description}}"


def _end(result: Analysis) -> str:
    verdict = rf"\noindent\textbf{{{escaped(result.verdict)}}}: {escaped(result.finding.reason)}."
    return " ".join([verdict, *(f"Caveat: {escaped(text)}" for text in caveats(result))])


def _numbers(derivation: Derivation) -> str:
    """The numbers of the references for a first run of LaTeX, which has no file to read them from."""
    from stabcheck.literature.bibliography import cited

    citations = "".join(
        rf"\@ifundefined{{b@{entry.key}}}{{\bibcite{{{entry.key}}}{{{number}}}}}{{}}%" + "\n"
        for number, entry in enumerate(cited(derivation.sources), 1)
    )
    return f"\\makeatletter\n\\AtBeginDocument{{%\n{citations}}}\n\\makeatother\n" if citations else ""


def references(derivation: Derivation) -> Iterator[str]:
    """The list of the works cited; nothing where there is none."""
    from stabcheck.literature.bibliography import cited

    items = [rf"\bibitem{{{entry.key}}} {ascii_only(entry.latex)}" for entry in cited(derivation.sources)]
    if items:
        yield "\n".join([r"\begin{thebibliography}{99}", *items, r"\end{thebibliography}"])


def bibtex(derivation: Derivation) -> str:
    """The works cited, for a BibTeX file."""
    from stabcheck.literature.bibliography import cited

    return "\n\n".join(entry.bibtex for entry in cited(derivation.sources))
