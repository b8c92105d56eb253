"""Notes and booklets for the tests: the core of the post, the catalogue, theorems of a user."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from symmix.catalogue import chapters, located, text
from symmix.publish.article import layouts
from symmix.publish.article.article import Article
from tests.catalogue import IDS, outcome

CORE = (
    "gradient_has_four_terms",
    "gradient_vanishes_at_fit",
    "loss_ignores_flatness",
    "input_mixup_adds_the_interpolation_gap",
    "zero_gradient_does_not_imply_fit",
    "softmax_fit_is_not_stationary",
    "expected_gradient_vanishes_iff_fit",
    "pair_average_is_erm_minus_variance",
    "linear_head_mixup_is_erm",
)


@cache
def note() -> Article:
    main = [outcome(identifier) for identifier in CORE]
    found, lemmas = layouts.with_lemmas(main, located(), lambda some: [outcome(place.id) for place in some])
    return layouts.note(found, lemmas, abstract=text("abstract"))


@cache
def booklet() -> Article:
    outcomes = [outcome(identifier) for identifier in IDS]
    return layouts.booklet(outcomes, chapters(), introduction=text("introduction"), story=text("story"))


@cache
def source(article: str) -> str:
    return layouts.single({"note": note, "booklet": booklet}[article]())


def labels(tex: str) -> list[str]:
    return re.findall(r"\\label\{([^}]*)\}", tex)


def referenced(tex: str) -> set[str]:
    """Return the labels that the document refers to; macros may, to any."""
    tex = tex.partition(r"\begin{document}")[2]
    return set(re.findall(r"\\(?:eq|page)?ref\{([^}]*)\}", tex)) | set(re.findall(r"\\hyperref\[([^]]*)\]", tex))


def keys(tex: str) -> set[str]:
    """Return the keys that the document cites."""
    body = tex.partition(r"\begin{document}")[2]
    return {key for listed in re.findall(r"\\cite\{([^}]*)\}", body) for key in listed.split(",")}


def receipts(tex: str) -> list[str]:
    """Return words that say how a machine went about it where a reader wants to know why."""
    words = ("normal form, with", "The hypotheses make every term vanish", "Machine check", "i_0", "@RATIO", "@END")
    return [word for word in words if word in tex.partition(r"\begin{document}")[2]]


def compiled(files: Mapping[str, str | bytes], document: str, folder: Path) -> str:
    """Return the log of pdflatex after three runs; skips without it, unless on a server."""
    if shutil.which("pdflatex") is None:
        if os.environ.get("CI"):
            pytest.fail("pdflatex is missing: install texlive-latex-base and texlive-latex-recommended")
        pytest.skip("pdflatex is not installed here")
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (folder / name).write_bytes(data)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", document]
    for _ in range(3):
        run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-2000:]
    return (folder / document).with_suffix(".log").read_text(encoding="latin-1")


def pages(log: str) -> int:
    found = re.search(r"Output written on \S+ \((\d+) pages?", log.replace("\n", ""))
    assert found, "no output"
    return int(found[1])


def complaints(log: str) -> list[str]:
    """Return what an author would have to mend: what is undefined, or defined twice, or too wide."""
    wide = re.findall(r"Overfull \\hbox \((?:[1-9]|\d\d+)\.\d+pt.*", log)
    return wide + re.findall(r"LaTeX Warning: (?:.*undefined|.*multiply).*", log)
