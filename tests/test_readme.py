"""Everything that the README shows is executed, what it names exists, and it is short."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import symmix
from symmix.catalogue import load

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
FILES: dict[str, str] = dict(
    re.findall(r"`(\w+\.(?:py|txt))`:\n\n```(?:python|symmix)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
)


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCKS if found == language]


def run(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(symmix.__file__).parents[1])}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, source in FILES.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    return tmp_path


def shown(text: str) -> Iterator[tuple[str, list[str]]]:
    """Run through the commands of a console block, each with the lines that are shown below it."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[0] == 0
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start].removeprefix("$ "), lines[start + 1 : end]


def agrees(expected: list[str], printed: list[str]) -> bool:
    """Compare line by line; a line ``...`` stands for any number of lines, at the end of one for its rest."""

    def line_of(line: str) -> str:
        return re.escape(line.removesuffix("...")) + (r".*\n" if line.endswith("...") else r"\n")

    pattern = "".join(r"(?:.*\n)*?" if line == "..." else line_of(line) for line in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def test_nothing_is_shown_that_is_not_executed() -> None:
    assert {language for language, _ in BLOCKS} == {"sh", "python", "symmix", "console"}
    assert sorted(FILES.values()) == sorted(blocks("python") + blocks("symmix"))
    shown_commands = " ".join(command for text in blocks("console") for command, _ in shown(text))
    assert all(name.removesuffix(".py") in shown_commands for name in FILES)
    assert README.count("```") == 2 * len(BLOCKS)


@pytest.mark.parametrize(("command", "expected"), [pair for text in blocks("console") for pair in shown(text)], ids=str)
def test_command_prints_what_is_shown(folder: Path, command: str, expected: list[str]) -> None:
    program, *arguments = shlex.split(command)
    start = {"symmix": [sys.executable, "-m", "symmix"], "python": [sys.executable]}[program]
    result = run(folder, [*start, *arguments])
    printed = [line.rstrip() for line in result.stdout.splitlines()]
    assert agrees(expected, printed), f"{command} prints\n{result.stdout}{result.stderr}"
    assert result.returncode == (1 if expected and expected[-1].startswith("FAILED") else 0)


def test_script_is_run_by_python_as_by_the_command(folder: Path) -> None:
    with (folder / "mine.py").open("a", encoding="utf-8") as script:
        script.write("\n\nif __name__ == '__main__':\n    from symmix import prove\n\n    prove(__file__)\n")
    by_python = run(folder, [sys.executable, "mine.py"])
    by_command = run(folder, [sys.executable, "-m", "symmix", "prove", "mine.py"])
    assert (by_python.returncode, by_python.stdout) == (by_command.returncode, by_command.stdout)
    assert by_python.returncode == 0


@pytest.mark.parametrize(
    ("expected", "printed", "agree"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a", "c"], False),
        (["a"], ["a", "b"], False),
        (["a", "..."], ["a", "b", "c"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["a", "...", "c"], ["a", "c"], True),
        (["a", "...", "d"], ["a", "b", "c"], False),
        (["a.c"], ["abc"], False),
    ],
)
def test_comparison_says_no(expected: list[str], printed: list[str], agree: bool) -> None:  # noqa: FBT001
    assert agrees(expected, printed) is agree


def test_ci_takes_the_two_commands_from_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    taken = subprocess.run(["bash", str(script), "--readme-commands"], capture_output=True, text=True, check=True)
    prove, test = blocks("sh")
    assert taken.stdout == prove + test
    assert prove.endswith("symmix prove\n")
    assert test.endswith("pytest -n auto\n")
    source = script.read_text(encoding="utf-8")
    assert prove.strip() not in source
    assert test.strip() not in source


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 200


def test_links_and_pictures_exist() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert len(targets) >= 6
    for target in targets:
        assert (ROOT / target).is_file(), target


def test_the_number_of_theorems_is_right() -> None:
    said = re.findall(r"theorems here, (\d+) of them", README)
    assert said == [str(len(load()))]


def test_paths_that_are_named_exist() -> None:
    layout = re.findall(r"^    ([\w/]+/) {2,}", README, flags=re.MULTILINE)
    scripts = re.findall(r"`python ([\w/]+/\w+\.py)`", README)
    assert len(layout) >= 4
    assert scripts
    for name in layout + scripts:
        assert (ROOT / name).exists(), name


def test_the_trusted_base_has_the_lines_that_are_said() -> None:
    rows = re.findall(r"^\| ((?:`[\w./]+`(?:, )?)+) \| ([\d,]+) \|", README, flags=re.MULTILINE)
    assert len(rows) == 4
    for parts, said in rows:
        paths = [(ROOT / "symmix" / part.removeprefix("symmix/")) for part in re.findall(r"`([\w./]+)`", parts)]
        files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]
        assert all(path.exists() for path in paths)
        counted = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
        assert abs(counted - int(said.replace(",", ""))) <= counted / 20, (parts, counted)
