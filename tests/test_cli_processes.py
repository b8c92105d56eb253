"""The command as a real process: by Python, as a module, in a pipe, without assertions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from symmix import __version__
from symmix.cli import main
from symmix.cli.terminal import progress
from tests.cli_scripts import IDS, PROOFS, ROOT, run, write


def test_a_script_run_by_python_says_what_the_command_says() -> None:
    path = str(PROOFS / "mixed_residual_is_mixture_of_residuals.py")
    by_python, by_command = run(path), run("-m", "symmix", "prove", path)
    assert by_python.returncode == by_command.returncode == 0
    assert by_python.stdout == by_command.stdout
    assert by_python.stdout.splitlines()[-1] == "PROVED mixed_residual_is_mixture_of_residuals"
    assert by_python.stderr == by_command.stderr == ""


@pytest.mark.slow
def test_the_folder_run_as_a_module_proves_the_catalogue() -> None:
    done = run("-m", "proofs")
    assert done.returncode == 0
    assert (
        done.stdout.splitlines()[-1]
        == f"PROVED {len(IDS)} of {len(IDS)} theorems by the kernel, and anew by the second checker"
    )


@pytest.mark.slow
def test_optimised_python_gives_the_same_verdicts(tmp_path: Path) -> None:
    """``python -O`` drops every assert: nothing that decides may be one."""
    write(tmp_path, "right")
    write(tmp_path, "wrong", right="W * z")
    write(tmp_path, "leap", middle="W * z")
    plain, optimised = (run(*flags, "-m", "symmix", "prove", "--json", str(tmp_path)) for flags in ([], ["-O"]))
    assert plain.returncode == optimised.returncode == 1
    verdicts = [{e["id"]: e["verdict"] for e in json.loads(done.stdout)["theorems"]} for done in (plain, optimised)]
    assert verdicts[0] == verdicts[1] == {"leap": "refuted", "right": "proved", "wrong": "refuted"}


def test_a_failing_script_fails_as_a_process(tmp_path: Path) -> None:
    done = run(str(write(tmp_path, "wrong", right="W * z")))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "REFUTED wrong"


@pytest.mark.slow
@pytest.mark.parametrize("arguments", ["list -k four_terms", "derive manifold_mixup theta"])
def test_a_closed_pipe_is_no_error(arguments: str) -> None:
    """As behind ``| head``: the reader is gone before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "symmix", *arguments.split()]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as process:
        os.close(writing)
        _, err = process.communicate()
    assert process.returncode == 0
    assert err == b""


@pytest.mark.slow
def test_no_colour_goes_into_a_pipe_or_where_it_is_not_wanted() -> None:
    environments: list[dict[str, str]] = [{}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}]
    for environment in environments:
        done = run("-m", "symmix", "prove", "-k", "residual", "-k", "at_fit", environment=environment)
        assert done.returncode == 0
        assert "\x1b[3" not in done.stdout
        assert "proved" in done.stdout


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    progress("[1/2] x")
    assert "[1/2] x" in capsys.readouterr().err
    monkeypatch.setenv("TERM", "dumb")
    progress("[1/2] x")
    assert capsys.readouterr().err == ""


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"symmix {__version__}\n"
