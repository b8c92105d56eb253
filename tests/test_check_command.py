"""``symmix check``: exit codes, what is printed, and what is said of targets that cannot be checked."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from symmix.cli import main
from symmix.cli.recognition import framework_of

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

def batches(batch):
    mixed, labels = mix(batch["image"], batch["label"])
    return {"image": mixed, "label": labels}

def unexplained(z, y, W, b, lam, partner):
    return np.float64(np.sum(np.sin(z)) + np.sum(np.sin(z[partner] - z) * lam ** 3))
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
        (["mix", "--expect", "ratio=beta,1.0", "--expect", "per=batch", "--draws", "40"], 0, "40 draws"),
        (["mix", "--expect", "pairing=flip"], 1, "not as expected: how partners are chosen: 'random permutation'"),
        (["batches", "--batch", "image,label", "--classes", "4", "--samples", "8", "--sizes", "5,1"], 0, "8 samples"),
        (["step", "--criterion", "squared", "--ratios", "one a batch", "--rounds", "1"], 0, "ratios     one a batch"),
        (["unexplained"], 1, "not decided: 28 batches"),
    ],
)
def test_verdict_and_exit_code_agree(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert main(["check", f"checked_module:{arguments[0]}", *arguments[1:]]) == code
    out = capsys.readouterr().out
    assert words in out
    assert out.splitlines()[-1].startswith(("PASSED", ("FAILED", "NOT DECIDED"))[code])


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
        (["checked_module:mix", "--rounds", "3"], "arrived: --rounds with a mixing"),
    ],
)
def test_usage_errors_exit_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["check", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "framework"),
    [
        ("def mix(x, y):\n    return {0}.flip(x, 0), y", "torch"),
        ("def helper(x):\n    return library.flip(x)\n\ndef mix(x, y):\n    return helper(x), y", "torch"),
        ("def mix(x: '{0}.Tensor', y):\n    return x, y", "torch"),
    ],
)
def test_the_framework_is_that_of_what_a_function_calls(body: str, framework: str) -> None:
    """Told without the library, by a module of its name."""
    module = types.ModuleType("torch")
    scope: dict[str, object] = {}
    source = body.format("torch")
    exec(source, scope | {"torch": module, "library": module}, scope)  # noqa: S102  # three functions that we wrote
    function = scope["mix"]
    assert callable(function)
    function.__globals__.update(scope)  # type: ignore[attr-defined]  # a function has them
    assert framework_of(function) == framework
    assert framework_of(lambda x, y: (np.flip(x), y)) == "numpy"
