"""Every source that a declaration or a claim names leads to a complete reference."""

from __future__ import annotations

import re

import pytest

from stabcheck.declare import registry
from stabcheck.literature import BY_HAND, claims
from stabcheck.literature.bibliography import WORKS, cited, entries

DECLARED = {cls.source for kind in registry.KINDS for cls in registry.declarations(kind).values()}
SOURCES = sorted(DECLARED | {claim.source for claim in claims()})
OUR_OWN = ("a test of every law on a game without symmetry, 2026", BY_HAND)


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_its_reference(source):
    if source in OUR_OWN:
        assert not entries(source)
        return
    years = re.findall(r"\b(1[89]\d\d|20[0-2]\d)\b(?!\.)", re.sub(r"arXiv:\S+", "", source))
    works = entries(source)
    assert sorted(str(e.year) for e in works) == sorted(years)
    # The family name that the source gives is the entry's first one.
    assert all(e.authors[0].partition(",")[0] in source for e in works)


def test_every_work_is_named_somewhere():
    assert {e.key for e in cited(SOURCES)} == {e.key for e in WORKS}
    assert len({e.key for e in WORKS}) == len(WORKS)


@pytest.mark.parametrize("entry", WORKS, ids=lambda e: e.key)
def test_bibtex_is_balanced_and_ascii_keyed(entry):
    assert re.fullmatch(r"@misc\{[a-z0-9-]+,\n(  \w+ = \{.*\},?\n)+\}", entry.bibtex)
    assert entry.bibtex.count("{") == entry.bibtex.count("}")
    assert not re.search(r"(?<!\\)[&%$#_]", entry.bibtex.partition(",")[2])
    assert str(entry.year) in entry.latex


def test_a_reference_in_full():
    (entry,) = entries("Schäfer & Anandkumar 2019, arXiv:1905.12103; the condition derived by hand")
    assert entry.latex == (
        r"Florian Schäfer and Anima Anandkumar. \emph{Competitive Gradient Descent}. arXiv:1905.12103, 2019."
    )
    (several,) = entries("Yazici et al. 2019, arXiv:1806.04498")
    assert several.latex.startswith("Yasin Yazici et al. ")
    assert "eprint = {1905.12103}" in entry.bibtex
    assert "author = {Schäfer, Florian and Anandkumar, Anima}" in entry.bibtex
