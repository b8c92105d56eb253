"""Papers of other people, into which fragments are put: their class, their packages and their environments."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from symmix.publish.classes import Page

NEURIPS = r"""\ProvidesPackage{ourneurips}  % the geometry of the conference's style: 5.5in of Times at 10pt
\RequirePackage[letterpaper,textwidth=5.5in,textheight=9in,top=1in,headsep=0.25in]{geometry}
\RequirePackage{times}
\renewcommand{\normalsize}{\fontsize{10}{11}\selectfont}\normalsize
\setlength{\parindent}{0pt}\setlength{\parskip}{5.5pt}
\endinput
"""
PACKAGES = r"\usepackage{amsmath,amssymb,amsthm,bm,graphicx,xcolor}"
LINKS = r"\usepackage[colorlinks,allcolors=black]{hyperref}\usepackage{cleveref}"


@dataclass(frozen=True)
class Host:
    """A paper: what it begins with, and the page that fragments are written for."""

    name: str
    page: Page
    preamble: str
    requires: tuple[str, ...]  # files of TeX that have to be there
    slides: bool = False

    def document(self, fragments: Iterable[str], words: str = "") -> str:
        """Return the paper around some fragments."""
        inputs = [rf"\input{{{name}}}" for name in fragments]
        if self.slides:
            inputs = [
                f"\\begin{{frame}}[allowframebreaks=0.85]\\footnotesize\n{line}\n\\end{{frame}}" for line in inputs
            ]
            words = f"\\begin{{frame}}{words}\\end{{frame}}"
        body = "\n".join([*inputs, words])
        return f"{self.preamble}\n\\input{{symmix-macros}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


HOSTS = {
    host.name: host
    for host in (
        Host(
            "bare article",
            Page(width=345.0),
            "\\documentclass{article}\n\\usepackage{amsmath,amssymb}",
            ("article.cls",),
        ),
        Host(
            "article with sections",
            Page(),
            "\\documentclass[11pt]{article}\n\\usepackage[a4paper,margin=28mm]{geometry}\n"
            + PACKAGES + LINKS
            + "\n\\newtheorem{lemma}{Lemma}[section]\\newtheorem{theorem}[lemma]{Theorem}"
            + "\\numberwithin{equation}{section}",
            ("cleveref.sty",),
        ),
        Host(
            "article in two columns",
            Page(columns=2),
            "\\documentclass[10pt,twocolumn]{article}\n\\usepackage[a4paper,margin=18mm]{geometry}\n"
            + PACKAGES + LINKS + "\n\\newtheorem{theorem}{Theorem}\\allowdisplaybreaks",
            ("cleveref.sty",),
        ),
        Host(
            "amsart",
            Page("amsart"),
            "\\documentclass{amsart}\n\\usepackage{bm,graphicx,xcolor}" + LINKS
            + "\n\\theoremstyle{plain}\\newtheorem{thm}{Theorem}[section]\\newtheorem{prop}[thm]{Proposition}"
            + "\\crefname{thm}{Theorem}{Theorems}\\Crefname{thm}{Theorem}{Theorems}",
            ("amsart.cls", "cleveref.sty"),
        ),
        Host(
            "amsart with a name of its own",
            Page("amsart"),
            "\\documentclass{amsart}\n\\usepackage{bm}\n\\newtheorem{satz}{Satz}\\newtheorem{vermutung}{Vermutung}\n"
             "\\newcommand{\\sxtheoremenv}{satz}\\newcommand{\\sxclaimenv}{vermutung}\\newcommand{\\sxmix}{\\alpha}",
            ("amsart.cls",),
        ),
        Host(
            "IEEEtran",
            Page("IEEEtran", 2),
            "\\documentclass[journal]{IEEEtran}\n\\usepackage{amsmath,amssymb,bm,graphicx,xcolor}" + LINKS
            + "\n\\newtheorem{theorem}{Theorem}\\interdisplaylinepenalty=2500",
            ("IEEEtran.cls", "cleveref.sty"),
        ),
        Host(
            "NeurIPS",
            Page("neurips"),
            "\\documentclass[10pt]{article}\n\\usepackage{ourneurips}\n" + PACKAGES + LINKS
            + "\n\\newtheorem{theorem}{Theorem}\\newtheorem{claim}[theorem]{Claim}",
            ("times.sty", "ptmr7t.tfm", "cleveref.sty"),
        ),
        Host(
            "beamer",
            Page("beamer"),
            "\\documentclass[11pt]{beamer}\n\\usefonttheme[onlymath]{serif}\\usepackage{bm}\n"
             "\\newcommand{\\sxsmall}{\\scriptsize}\\newcommand{\\sxsmaller}{\\scriptsize}\\allowdisplaybreaks",
            ("beamer.cls", "pgfcore.sty"),
            slides=True,
        ),
    )
}  # fmt: skip


def require_tex(*files: str) -> None:
    """Skip a test, or fail it where everything has to be there, if TeX or one of its files is missing."""
    missing = [] if shutil.which("pdflatex") else ["pdflatex"]
    if not missing:
        found = subprocess.run(["kpsewhich", *files], capture_output=True, text=True, check=False).stdout.splitlines()
        missing = [file for file in files if file not in {Path(line).name for line in found}]
    if missing and os.environ.get("SYMMIX_EVERY_PAGE"):
        pytest.fail(f"{', '.join(missing)}: install what .ci/run names")
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed here")


def compiled(folder: Path, main: str = "main.tex") -> str:
    """Compile a document until its labels are at rest, and return the log of the last pass, its lines unbroken."""
    environment = {**os.environ, "max_print_line": "10000"}
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", main]
    log = (folder / main).with_suffix(".log")
    for again in range(1, 5):
        run = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment)
        assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-3000:]
        if again > 1 and not re.search(r"Warning: .*(?:Rerun|have changed)", log.read_text(encoding="latin-1")):
            break
    return log.read_text(encoding="latin-1")


def complaints(log: str) -> list[str]:
    """Return every overfull box, and every warning about labels, references, citations and fonts that are missing."""
    boxes = re.findall(r"^Overfull .*", log, re.MULTILINE)
    return boxes + re.findall(
        r"^(?:LaTeX|Package cleveref|Package hyperref|Package amsmath) Warning: .*", log, re.MULTILINE
    )


def lay_out(folder: Path, files: Mapping[str, str], document: str) -> None:
    """Write what is compiled."""
    for name, text in {**files, "main.tex": document, "ourneurips.sty": NEURIPS}.items():
        (folder / name).write_text(text, encoding="utf-8")


def names_of(files: Mapping[str, str], but: Sequence[str]) -> list[str]:
    """Return the names of the fragments among the files of an export."""
    return [name.removesuffix(".tex") for name in files if name.endswith(".tex") and name not in but]
