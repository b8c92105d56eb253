"""``symmix check``: exit codes, what is printed, and what is said of targets that cannot be checked."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from symmix.cli import main

SOURCE = """
import numpy as np

def mix(x, y, alpha=1.0):
    lam, partner = np.random.beta(alpha, alpha), np.random.permutation(len(x))
    return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]

def labels_kept(x, y):
    return mix(x, y)[0], y

def step(z, y, W, b, lam, partner):
    lam = np.reshape(lam, (-1, 1))
    return np.mean((lam * y + (1 - lam) * y[partner] - (lam * z + (1 - lam) * z[partner]) @ W.T - b) ** 2)

def wrong_step(z, y, W, b, lam, partner):
    return step(z, y, W, 2 * b, lam, partner)

class Transforms:
    mixed = staticmethod(mix)

number = 3
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "checked_module.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "checked_module", raising=False)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["mix"], 0, "PASSED checked_module:mix"),
        (["Transforms.mixed"], 0, "PASSED checked_module:Transforms.mixed"),
        (["mix", "--shape", "3,4,4", "--seed", "5"], 0, "seed 5"),
        (["labels_kept"], 1, "labels are not mixed: features are mixed, labels come back as they went in"),
        (["mix", "--labels", "indices"], 1, "class ids are averaged"),
        (["step"], 0, "convention squared loss without 1/2, labels mixed, mean over N k"),
        (["step", "--kind", "step", "--labels", "one-hot"], 0, "PASSED"),
        (["wrong_step"], 1, "the bias is added twice"),
    ],
)
def test_verdict_and_exit_code_agree(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert main(["check", f"checked_module:{arguments[0]}", *arguments[1:]]) == code
    out = capsys.readouterr().out
    assert words in out
    assert out.splitlines()[-1].startswith(("PASSED", "FAILED")[code])


@pytest.mark.parametrize(("name", "code", "kind"), [("mix", 0, "mixing"), ("wrong_step", 1, "step")])
def test_json_is_one_document(capsys: pytest.CaptureFixture[str], name: str, code: int, kind: str) -> None:
    assert main(["check", f"checked_module:{name}", "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert document["kind"] == kind
    assert document["verdict"] == ("passed", "failed")[code]
    assert len(document["findings"]) == code
    assert document["not seen"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["checked_module"], "required: MODULE:FUNCTION"),
        (["no_such_module:mix"], "No module named 'no_such_module'"),
        (["checked_module:no_such_function"], "no attribute 'no_such_function'"),
        (["checked_module:number"], "arrived: checked_module:number, a int"),
        (["checked_module:step", "--kind", "mixing"], "a function that can be called as mix(x, y)"),
        (["checked_module:mix", "--kind", "step"], "step(z, y, W, b, lam, partner)"),
        (["checked_module:step", "--shape", "3,4"], "arrived: --shape with a step"),
    ],
)
def test_usage_errors_exit_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["check", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_it_takes_about_a_second() -> None:
    start = time.perf_counter()
    main(["check", "checked_module:mix"])
    assert time.perf_counter() - start < 5
