"""What each kind of result shows of itself, by its type; the other side of the door in `core`.

`line` is its `repr`, `text` for a terminal, `html` and `maths` for notebooks, `latex` for papers, `data`
for programs, `derivation` the steps that the other views read, and `formulas` those of the record.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from stabcheck.judge import record
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.derivation.data import Derivation
from stabcheck.judge.derivation.given import derive
from stabcheck.judge.floating import FloatAnalysis
from stabcheck.judge.result import Result
from stabcheck.judge.verification import Verification
from stabcheck.report import comparison, floats
from stabcheck.report import derivation as steps
from stabcheck.report import latex as papers
from stabcheck.report import text as terminal
from stabcheck.study.compare import Comparison


def _none(result: Any) -> Any:
    raise TypeError(f"a {type(result).__name__} has no such view")


line, text, html, maths, latex, data, derivation, formulas = (singledispatch(_none) for _ in range(8))

line.register(Analysis, steps.one_line)
text.register(Analysis, terminal.plain)
html.register(Result, lambda result: steps.compact(record.recorded(result)))
maths.register(Analysis, steps.eigenvalues_only)
latex.register(Analysis, papers.fragment)
data.register(Analysis, record.as_data)
derivation.register(Analysis, derive)
formulas.register(Analysis, steps.formulas)

line.register(FloatAnalysis, floats.line)
text.register(FloatAnalysis, lambda result: floats.text(record.recorded(result)))
maths.register(FloatAnalysis, floats.maths)
latex.register(FloatAnalysis, floats.latex)

text.register(Derivation, steps.text)
html.register(Derivation, steps.html)
maths.register(Derivation, steps.display)

text.register(Verification, terminal.verification_line)

text.register(Comparison, comparison.plain)
html.register(Comparison, comparison.as_html)
latex.register(Comparison, comparison.as_latex)
data.register(Comparison, comparison.as_data)
