"""Everything that the guides show is executed, and each guide says which of its examples is which file."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from symmix.cli import main
from symmix.publish.guides import GUIDES, heading, source
from symmix.publish.html.guides import rendered
from tests.test_readme import ROOT, agrees, run, shown

SLIP = r"`(\.equals\([^`]*(by=\"[^`]*\")\))`"  # the wrong step that a guide speaks of, and its reason

BLOCKS = {name: re.findall(r"^```(\w*)\n(.*?)^```$", source(name), flags=re.MULTILINE | re.DOTALL) for name in GUIDES}
FILES: dict[str, dict[str, str]] = {
    name: dict(
        re.findall(
            r"`([\w-]+\.(?:py|txt|tex))`:\n\n```(?:python|symmix|latex)\n(.*?)^```$",
            source(name),
            flags=re.MULTILINE | re.DOTALL,
        )
    )
    for name in GUIDES
}
COMMANDS = [
    pytest.param(name, text, id=f"{name} {number}", marks=() if name == "write-a-theorem" else pytest.mark.slow)
    for name, blocks in BLOCKS.items()
    for number, text in enumerate(text for language, text in blocks if language == "console")
]


def wrong(name: str) -> dict[str, str]:
    """Return wrong.py, if a guide speaks of a wrong step: mine.py with the step of the same reason replaced."""
    found = re.findall(SLIP, source(name))
    if not found:
        return {}
    ((slip, reason),) = found
    (right,) = [line for line in FILES[name]["mine.py"].splitlines() if reason in line]
    return {"wrong.py": FILES[name]["mine.py"].replace(right.strip(), " ".join(slip.split()))}


def prepared(name: str, folder: Path) -> Path:
    for file, text in {**FILES[name], **wrong(name)}.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def test_the_guides_are_those_that_are_there() -> None:
    assert sorted(path.stem for path in (ROOT / "symmix" / "guide").iterdir()) == sorted(GUIDES)


@pytest.mark.parametrize("name", GUIDES)
def test_nothing_is_shown_that_is_not_executed(name: str) -> None:
    assert {language for language, _ in BLOCKS[name]} <= {"python", "console", "symmix", "latex"}
    assert sorted(FILES[name].values()) == sorted(text for language, text in BLOCKS[name] if language != "console")
    commands = " ".join(
        command for language, text in BLOCKS[name] if language == "console" for command, _ in shown(text)
    )
    for file in {**FILES[name], **wrong(name)}:
        assert file.removesuffix(".py") in commands or file == "test_ours.py"  # which has its test
    assert source(name).count("```") == 2 * len(BLOCKS[name])


@pytest.mark.parametrize(("name", "text"), COMMANDS)
def test_commands_print_what_is_shown(name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMMIX_CACHE", str(tmp_path / ".cache"))
    if "ask.py" in text:
        pytest.importorskip("mcp", reason="mcp is not installed: the guide's client asks nothing")
    folder = prepared(name, tmp_path)
    if "verify site" in text:
        written = run(
            folder, [sys.executable, "-m", "symmix", "export", "--format", "html", "-k", "residual", "-o", "site"]
        )
        assert written.returncode == 0, written.stderr
    for command, expected in shown(text):
        program, *arguments = shlex.split(command)
        start = {"symmix": [sys.executable, "-m", "symmix"], "python": [sys.executable]}[program]
        result = run(folder, [*start, *arguments])
        printed = [line.rstrip() for line in result.stdout.splitlines()]
        assert agrees(expected, printed), f"{command} prints\n{result.stdout}{result.stderr}"
        assert result.returncode == (1 if "wrong" in command else 0), result.stderr


def test_the_example_with_torch_passes(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed: the guide's example with torch is not run")
    folder = prepared("check-an-implementation", tmp_path)
    result = run(folder, [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_ours.py"])
    assert result.returncode == 0, result.stdout + result.stderr
    assert "3 passed" in result.stdout


def test_the_trusted_base_is_the_one_whose_lines_the_readme_counts() -> None:
    row = re.compile(r"^\| (`symmix/[^|]*) \|(?: [\d,]+ \|)? ([^|]*) \|$", flags=re.MULTILINE)
    told = row.findall(source("what-has-to-be-trusted"))
    assert len(told) == 4
    assert told == row.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def test_theorems_and_names_that_are_spoken_of_exist() -> None:
    scripts = {path.stem for path in (ROOT / "proofs").glob("*.py")}
    for name in GUIDES:
        spoken = set(re.findall(r"`([a-z]+(?:_[a-z]+){3,})`", source(name)))
        assert spoken <= scripts, spoken - scripts
        assert set(re.findall(r"\]\(([\w-]+)\.md", source(name))) <= set(GUIDES)


# -- as a page and on a terminal ---


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_rendered(name: str) -> None:
    page = rendered(name)
    assert page.startswith(f"<h1>{heading(name)}</h1>")
    assert page.count("<pre") == len(BLOCKS[name])
    assert ".md" not in re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)
    ids = re.findall(r'<h2 id="([\w-]+)">', page)
    assert len(ids) == len(set(ids)) == source(name).count("\n## ")


def test_guides_are_listed_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(GUIDES)
    assert main(["guide", GUIDES[0]]) == 0
    assert capsys.readouterr().out == source(GUIDES[0])
    assert main(["guide", "no-such-guide"]) == 2
    assert "required: one of the guides" in capsys.readouterr().err
