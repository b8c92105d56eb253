"""The command line where streams, files and terminals are not as one would wish; nothing of it ends in a traceback."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from symmix.cli import main
from symmix.cli.files import LIST, write_whole
from symmix.cli.running import guarded

ROOT = Path(__file__).parent.parent
FULL = Path("/dev/full")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, "-m", "symmix", *arguments], env=env, capture_output=True, check=False)


def seen(columns: int, *arguments: str) -> str:
    """Return what a command shows on a terminal of so many columns, without colours."""
    outer, inner = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "TERM": "xterm"}
    with subprocess.Popen([sys.executable, "-m", "symmix", *arguments], env=env, stdout=inner, stderr=-3) as process:
        os.close(inner)
        shown = b""
        while True:
            try:
                piece = os.read(outer, 4096)
            except OSError:  # the terminal is closed where the process has ended
                break
            if not piece:
                break
            shown += piece
        assert process.wait() == 0
    os.close(outer)
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", shown.decode()).replace("\r", "")


# -- streams ---


@pytest.mark.skipif(not FULL.exists(), reason="this machine has no device that is always full")
@pytest.mark.parametrize(
    "command",
    [("prove", "-k", "four"), ("list", "-k", "four"), ("derive", "erm", "b"), ("export", "-k", "four", "-o", "-")],
    ids=lambda command: command[0],
)
def test_a_full_device_is_said(command: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "symmix", *command], env=env, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert b"required: output that can be written" in done.stderr
    assert b"Traceback" not in done.stderr


ACCENTED = '''
from symmix import Identity, Theorem, theorem
from symmix.notation import W, z, zp


@theorem(answers="ist Cissés Matrix linear?")
def accented() -> Theorem:
    """Es ist linear, für alle z."""
    return Theorem(claim=Identity(W * (z + zp), W * z + W * zp), near_misses={"é": Identity(W * z, W * zp)})
'''


@pytest.mark.parametrize("command", [("list",), ("prove", "-v"), ("list", "--format", "markdown")], ids=" ".join)
def test_a_terminal_that_is_not_utf8_shows_what_it_can(command: tuple[str, ...], tmp_path: Path) -> None:
    script = tmp_path / "accented.py"
    script.write_text(ACCENTED, encoding="utf-8")
    done = run(*command, str(script), PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"f\\xfcr alle z" in done.stdout


def broken() -> int:
    raise KeyError("what")


def test_a_defect_of_ours_is_no_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYMMIX_TRACEBACK", raising=False)
    assert guarded(broken) == 3
    message = capsys.readouterr().err
    assert "a defect of symmix: KeyError: 'what'" in message
    assert "test_cli_streams.py, line" in message
    monkeypatch.setenv("SYMMIX_TRACEBACK", "1")
    with pytest.raises(KeyError):
        guarded(broken)


def test_help_is_about_what_users_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "load" not in capsys.readouterr().out


# -- narrow terminals ---


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 200])
def test_verdicts_are_whole_at_any_width(columns: int) -> None:
    shown = seen(columns, "prove", "-k", "softmax_fit", "-k", "four_terms")
    assert "…" not in shown
    assert len(re.findall(r"\bproved\b", shown)) == 2
    assert shown.endswith("PROVED 2 of 2 theorems by the kernel, and anew by the second checker\n")
    assert "softmax_is_the_gradient_of_log_sum_exp" in re.sub(r"\s", "", shown)  # what is given is never left out


# -- derive ---

OBJECTIVES = """
import sympy as sp

from symmix import squared_norm

n, d = sp.symbols("n d", integer=True, positive=True)
X, w, y = sp.MatrixSymbol("X", n, d), sp.MatrixSymbol("w", d, 1), sp.MatrixSymbol("y", n, 1)
mu = sp.Symbol("mu", real=True)
fit = squared_norm(X * w - y) / 2
ridge = fit + mu * squared_norm(w) / 2
"""


@pytest.fixture
def objectives(tmp_path: Path) -> Path:
    path = tmp_path / "objectives.py"
    path.write_text(OBJECTIVES)
    return path


def test_a_files_objective_is_derived(objectives: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", f"{objectives}:ridge", "w"]) == 0
    assert capsys.readouterr().out == "mu w + X^T X w - X^T y\n"


def test_the_only_objective_of_a_file_needs_no_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.py"
    path.write_text("from symmix import erm\n\npair = erm()\n")
    assert main(["derive", str(path), "z"]) == 0
    assert capsys.readouterr().out == "W^T e\n"


@pytest.mark.parametrize(
    ("name", "symbol", "named"),
    [
        ("{}", "w", "name one of fit, ridge"),
        ("{}:lasso", "w", "name one of fit, ridge"),
        ("{}:ridge", "v", "X, w, y"),
        ("{}x.py:ridge", "w", "no file"),
        ("{}:mu", "w", "name one of fit, ridge"),
    ],
)
def test_what_a_file_does_not_state_is_said(
    name: str, symbol: str, named: str, objectives: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", name.format(objectives), symbol]) == 2
    assert named in capsys.readouterr().err


def test_a_files_gradients_are_printed_as_a_function(objectives: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", f"{objectives}:ridge", "w", "X", "--format", "numpy", "--name", "slopes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "def slopes(w: Array, X: Array, y: Array, mu: float) -> tuple[Array, Array]:" in lines
    assert lines[-4:] == [
        "    t1 = y - X @ w",
        "    dw: Array = mu * w - X.T @ t1",
        "    dX: Array = -np.outer(t1, w)",
        "    return dw, dX",
    ]


def test_a_ratio_of_each_sample_and_names_as_code_has_them_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    batch = [part for name in ("z", "z_prime", "y", "yp", "lam") for part in ("--batch", name)]
    assert main(["derive", "manifold_mixup", "W", "--format", "numpy", *batch]) == 0
    assert "z_prime\n        Shape (samples, h)." in (out := capsys.readouterr().out)
    assert "lam\n        Shape (samples,)." in out
    assert main(["derive", "manifold_mixup", "W", "--format", "numpy", "--batch", "k"]) == 2
    assert "a symbol of the objective: W, b, lam, theta, y, y', z, z'" in capsys.readouterr().err


def test_a_batch_needs_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "erm", "z", "--batch", "z"]) == 2
    assert "add --format numpy or torch or jax" in capsys.readouterr().err


def test_several_gradients_are_printed_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "erm", "b", "z"]) == 0
    assert capsys.readouterr().out == "e + e'\nW^T e\n"


def test_a_gradient_reads_in_residuals_and_gap(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "input_mixup", "theta"]) == 0
    assert capsys.readouterr().out == "J~^T W^T W gap + lam J~^T W^T e + (1 - lam) J~^T W^T e'\n"


# -- files ---


def test_a_forced_export_leaves_nothing_stale_and_nothing_of_others_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    write_whole(folder, {"one.tex": "1", "sub/two.tex": "2"}, force=False, replaces=True)
    (folder / "mine.tex").write_text("mine")
    write_whole(folder, {"three.tex": "3"}, force=True, replaces=True)
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert left == {LIST, "mine.tex", "three.tex"}


def test_a_list_that_was_tampered_with_removes_nothing_elsewhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("kept")
    folder = tmp_path / "paper"
    write_whole(folder, {"one.tex": "1"}, force=False, replaces=True)
    (folder / LIST).write_text(f"../outside.txt\n{outside}\none.tex\n")
    write_whole(folder, {"two.tex": "2"}, force=True, replaces=True)
    assert outside.read_text() == "kept"
    assert not (folder / "one.tex").exists()


def test_the_command_replaces_an_earlier_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "paper")
    assert main(["export", "--format", "markdown", "-k", "four_terms", "-k", "vanishes_at_fit", "-o", folder]) == 0
    assert main(["export", "--format", "markdown", "-k", "four_terms", "-o", folder, "--force"]) == 0
    assert not (tmp_path / "paper" / "gradient_vanishes_at_fit.md").exists()
    assert (tmp_path / "paper" / "gradient_has_four_terms.md").exists()
    capsys.readouterr()
