"""The grammar of the command line: it is known without what the commands work with, and says what they know."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

from symmix.checking.forms import FORMS
from symmix.cli import _FILES, DERIVATIONS, derive, export, grammar
from symmix.cli.check import OPTIONS
from symmix.objectives import OBJECTIVES
from symmix.publish import classes
from symmix.publish.code.dialects import DIALECTS
from symmix.publish.guides import GUIDES

ROOT = Path(__file__).parent.parent
COMMANDS = ("prove", "list", "derive", "check", "export", "figure", "experiment", "guide", "mcp", "verify")
HEAVY = ("sympy", "numpy", "rich", "hypothesis", "markdown_it", "torch")


def loaded(arguments: Sequence[str], folder: Path = ROOT) -> list[str]:
    """Return which of the heavy packages, and which modules of scripts, a command has loaded when it ends."""
    code = (
        "import sys\nfrom symmix.cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "scripts = [name for name in sys.modules if name.startswith('symmix_script_') and 'init' not in name]\n"
        f"print('LOADED', *(name for name in {HEAVY!r} if name in sys.modules), *scripts)"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )
    return done.stdout.splitlines()[-1].split()[1:]


def test_the_grammar_names_what_the_commands_know() -> None:
    assert tuple(f".{form}" for form in FORMS) == DERIVATIONS
    assert tuple(OBJECTIVES) == grammar.OBJECTIVES
    assert GUIDES == grammar.GUIDES
    assert tuple(export._WRITERS) == grammar.FORMATS
    assert classes.NAMES == grammar.CLASSES
    assert tuple(derive.FORMULAS) == grammar.FORMULAS
    assert tuple(DIALECTS) == grammar.FRAMEWORKS
    assert tuple(OPTIONS) == ("mixing", "step")
    known = vars(grammar.parser().parse_args(["check", "a:b"]))
    assert {name for names in OPTIONS.values() for name in names} <= known.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_file_that_runs_it(command: str) -> None:
    assert callable(import_module(f"symmix.cli.{_FILES.get(command, command)}").run)
    with pytest.raises(SystemExit) as ended:
        grammar.parser().parse_args([command, "--help"])
    assert ended.value.code == 0


def test_every_command_is_tried_here(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        grammar.parser().parse_args(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("    ") and line[4] != " "] == list(COMMANDS)


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], *([command, "--help"] for command in COMMANDS), ["guide"], ["nonsense"]]
)
def test_what_needs_nothing_loads_nothing(arguments: list[str]) -> None:
    assert loaded(arguments) == []


def test_a_guide_in_a_pipe_is_not_drawn() -> None:
    assert loaded(["guide", "write-a-theorem"]) == []


def test_checking_a_function_needs_numpy_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def mix(x, y):\n    return x, y\n")
    assert loaded(["check", "mine:mix", "--draws", "2"], tmp_path) == ["numpy"]


def test_deriving_needs_sympy_alone() -> None:
    assert loaded(["derive", "erm", "W"]) == ["sympy"]


def test_proving_a_theorem_executes_its_script_alone() -> None:
    package, script = loaded(["prove", "-k", "mixed_residual_is"])
    assert package == "sympy"
    assert script.endswith("proofs_mixed_residual_is_mixture_of_residuals_py")


def test_verifying_needs_the_standard_library_alone(tmp_path: Path) -> None:
    assert loaded(["verify", str(tmp_path)]) == []
