"""The command line: exit codes, streams, documents; through ``main`` and through real processes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from symmix import __version__
from symmix.catalogue import chapters
from symmix.cli import main
from symmix.theorems import Script
from tests.cli_scripts import IDS, STEP, TRUE, write

# -- prove ---


@pytest.mark.slow
def test_the_catalogue_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert (
        out.splitlines()[-1]
        == f"PROVED {len(IDS)} of {len(IDS)} theorems by the kernel, and anew by the second checker"
    )
    assert [line.split()[0] for line in out.splitlines()[1:-1]] == IDS  # the chapters' order
    assert "near misses refuted" in out.splitlines()[0]


def test_one_theorem_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "-k", "four_terms"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "gradient_has_four_terms"
    assert out.splitlines()[-1] == "PROVED gradient_has_four_terms"
    assert "chain rule" in out


def test_several_ids_are_united(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "-k", "four_terms", "-k", "vanishes_at_fit"]) == 0
    assert (
        capsys.readouterr().out.splitlines()[-1]
        == "PROVED 2 of 2 theorems by the kernel, and anew by the second checker"
    )


@pytest.mark.parametrize("command", ["prove", "list"])
def test_nothing_selected_is_five(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "-k", "no_such_theorem"]) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert "no_such_theorem" in err


@pytest.mark.slow
@pytest.mark.usefixtures("proved_once")
def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["symmix"] == __version__
    assert [entry["id"] for entry in found["theorems"]] == IDS
    for entry in found["theorems"]:
        assert entry["verdict"] == "proved"
        assert entry["near_misses"]
        assert all(miss["verdict"] == "refuted" and miss["witness"]["values"] for miss in entry["near_misses"])
        assert all(step["verdict"] == "proved" and step["by"] for chain in entry["proof"] for step in chain["steps"])


def test_json_of_a_failure_is_one_document_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--json", str(write(tmp_path, "wrong", right="W * z"))]) == 1
    (entry,) = json.loads(capsys.readouterr().out)["theorems"]
    assert entry["verdict"] == "refuted"
    assert entry["claims"][0]["witness"]["values"]["left"] != entry["claims"][0]["witness"]["values"]["right"]


def test_a_script_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(write(tmp_path))]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "PROVED mine"


def test_a_folder_of_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "one")
    write(tmp_path, "two", right="W * z")
    (tmp_path / "_private.py").write_text("raise RuntimeError")
    assert main(["prove", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "FAILED two: proved 1 of 2 theorems"
    assert "left over   W z'" in out


@pytest.mark.parametrize(
    ("right", "middle", "word"),
    [("W * z", STEP, "REFUTED"), (TRUE, "W * z - W * zp", "REFUTED")],
    ids=["claim", "step"],
)
def test_what_is_wrong_is_one(
    right: str, middle: str, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prove", str(write(tmp_path, "bad", right, middle))]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"{word} bad"


def test_certificates_are_not_overwritten_and_not_even_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["prove", str(write(tmp_path)), "--certificates", str(tmp_path / "out")]
    assert main(arguments) == 0
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"mine.json", "manifest.json"}
    (tmp_path / "out" / "mine.json").write_text("kept", encoding="utf-8")
    with monkeypatch.context() as nothing_proved:
        nothing_proved.setattr(Script, "prove", lambda _: pytest.fail("proved in vain"))
        capsys.readouterr()
        assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "required: files that do not exist yet" in err
    assert "mine.json" in err
    assert (tmp_path / "out" / "mine.json").read_text(encoding="utf-8") == "kept"
    assert main([*arguments, "--force"]) == 0
    assert (tmp_path / "out" / "mine.json").read_text(encoding="utf-8") != "kept"


BROKEN = {
    "syntax error": ("def (", "SyntaxError"),
    "error while it runs": ("1 / 0", "ZeroDivisionError"),
    "missing module": ("import no_such_module", "ModuleNotFoundError"),
    "no theorem": ("x = 1", "at least one theorem"),
    "no docstring": (
        "from symmix import theorem\n@theorem(answers='?')\ndef bare():\n    return None",
        "a docstring",
    ),
    "no near miss": (
        (
            "from symmix import *\nfrom symmix.notation import z\n@theorem(answers='?')\n"
            "def bare():\n    'Words.'\n    return Theorem(claim=Identity(z, z), near_misses={})"
        ),
        "at least one near miss",
    ),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_script_is_two(content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.py"
    path.write_text(content)
    assert main(["prove", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.startswith(("symmix: required: ", "symmix: in: "))


GIVEN = """
import sympy as sp

from symmix import Identity, Lemma, Theorem, theorem
from symmix.notation import W, lam, z, zp

mu = sp.Symbol("mu", positive=True)
s = sp.Symbol("s")


@theorem(answers="what does it rest on?")
def resting_on_a_lemma() -> Theorem:
    'A division and a lemma.'
    return Theorem(
        claim=Identity(W * (mu * z + zp) / s, (mu * W * z + W * zp) / s),
        near_misses={"the sign": Identity(W * z / s, -W * z / s)},
        lemmas=[Lemma("a_lemma", "something else", "somewhere")],
    )
"""


def test_what_a_theorem_rests_on_is_said_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "given.py").write_text(GIVEN)
    write(tmp_path)
    path = str(tmp_path / "given.py")
    assert main(["prove", path]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "PROVED resting_on_a_lemma, given a_lemma"
    assert "  given     mu > 0" in lines
    assert "  for all   sizes k, h; real s, mu; z, z' in R^h; W in R^(k x h)" in lines
    assert "  assuming  s != 0" in lines
    assert main(["prove", "--json", path]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["theorems"]
    assert (entry["given"], entry["assuming"], entry["conditions"]) == (["a_lemma"], ["s != 0"], ["mu > 0"])
    assert main(["prove", str(tmp_path)]) == 0
    assert "a_lemma, s != 0" in capsys.readouterr().out
    for form in ("text", "markdown"):
        assert main(["list", "--format", form, path]) == 0
        assert "proved, given a" in (out := capsys.readouterr().out)
        assert "assuming s != 0; 1 near miss refuted" in out


def test_an_error_names_file_theorem_and_claim(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "given.py"
    path.write_text(GIVEN.replace("-W * z / s", "W * z / s"))
    assert main(["prove", str(path)]) == 2
    err = capsys.readouterr().err
    assert err.startswith("symmix: in: given.py, resting_on_a_lemma, near miss 'the sign'\nrequired: ")


def test_two_theorems_of_one_id_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert main(["prove", str(write(tmp_path / "a")), str(write(tmp_path / "b"))]) == 2
    assert "one theorem for each id" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["no/such/file.py", "no_such_folder"])
def test_a_path_that_does_not_exist_is_two(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", path]) == 2
    assert path in capsys.readouterr().err


def test_a_folder_without_scripts_is_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(tmp_path)]) == 2
    assert "without any .py file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["prove", "--no-such-option"], ["derive", "erm"]], ids=str)
def test_a_wrong_command_line_is_two(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage: symmix" in err


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Script, "prove", interrupted)
    assert main(["prove"]) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "symmix: interrupted\n"


# -- list and derive ---


@pytest.mark.slow
@pytest.mark.usefixtures("proved_once")
def test_the_list_has_chapters_statements_and_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    for title, ids in chapters().items():
        assert title in out
        assert all(name in out for name in ids)
    assert out.count("answers: ") == len(IDS)
    assert main(["list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["theorems"]
    assert [row["id"] for row in rows] == IDS
    assert all(row["statement"] and (row["answers"] or row["quotes"]) and row["source"] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["manifold_mixup", "b"], "lam e + (1 - lam) e'"),
        (["manifold_mixup", "z"], "lam^2 W^T e + lam (1 - lam) W^T e'"),
        (["erm", "zp"], "W^T e'"),
        (["erm", "z'"], "W^T e'"),
        (["erm", "b", "--expand"], "y + y' - W z - W z' - 2 b"),
        (["erm", "b", "--format", "latex"], r"\bm{e} + \bm{e}'"),
    ],
    ids=" ".join,
)
def test_gradients_are_derived(arguments: Sequence[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", *arguments]) == 0
    out, err = capsys.readouterr()
    assert out == line + "\n"
    assert err == ""


def test_srepr_can_be_read_by_sympy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "erm", "b", "--format", "srepr"]) == 0
    assert capsys.readouterr().out.startswith("MatAdd(MatrixSymbol(Str('e')")


@pytest.mark.parametrize("arguments", [["nothing", "z"], ["erm", "nothing"], ["erm", "lam"], ["erm", "Entry"]], ids=str)
def test_what_cannot_be_derived_is_two(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", *arguments]) == 2
    assert capsys.readouterr().err.startswith("symmix: required: ")


@pytest.mark.parametrize(
    ("line", "wanted", "words"),
    [
        ("def made():\n    return OBJECTIVES['erm']()", "", "which are not called: made"),
        ("def made():\n    return OBJECTIVES['erm']()\nloss = inner(y, y)", ":made", "which are not called: made"),
        ("product = y.T * y / 2", "", "matrices of one entry: product"),
        ("first = y", "", "with none"),
    ],
)
def test_what_stands_in_the_place_of_an_objective_is_named(
    line: str, wanted: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The letters of the legend, some of them arrays, are no objectives."""
    file = tmp_path / "mine.py"
    imports = "from symmix import inner\nfrom symmix.notation import *\nfrom symmix.objectives import OBJECTIVES\n"
    file.write_text(f"{imports}\n{line}\n", encoding="utf-8")
    assert main(["derive", f"{file}{wanted}", "y"]) == 2
    assert words in capsys.readouterr().err
