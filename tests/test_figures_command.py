"""The command that draws figures, as far as it needs no Matplotlib: the list, and what it says is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from symmix.cli import main
from symmix.figures import FIGURES

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("arguments", [[], ["--list"]])
def test_command_lists_the_figures(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figure", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [line for line in out.splitlines() if line and line[0] != " "] == list(FIGURES)
    words = " ".join(out.split())
    for figure in FIGURES.values():
        assert figure.title in words
        assert figure.caption in words
        assert f"theorems: {', '.join(figure.theorems)}" in words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gradient-flor"], "did you mean gradient-floor?"),
        (["Mona Lisa"], f"one of the figures {', '.join(FIGURES)}"),
        (["unseen-loop", "-o", "loop.jpeg"], "a file whose name ends in .svg, .pdf, .png"),
        (["unseen-loop", "-o", "loop"], "no ending"),
        (["unseen-loop", "--list"], "either a figure to draw, or the list"),
        (["-o", "loop.svg"], "either a figure to draw, or the list"),
        (["pair-average", "--width", "page"], "a width that pair-average has: column"),
    ],
)
def test_command_says_what_is_wrong(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["figure", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_the_command_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for module in [key for key in sys.modules if key.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["figure", "unseen-loop"]) == 2
    err = capsys.readouterr().err
    assert "pip install 'symmix[figures]'" in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_numbers_need_no_matplotlib() -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from symmix.figures import FIGURES\n"
        "print(*(len(figure.data()) for figure in FIGURES.values()), 'sympy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split()[-1] == "False"
    assert all(int(count) > 5 for count in run.stdout.split()[:-1])
