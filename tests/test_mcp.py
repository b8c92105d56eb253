"""A program asks over the protocol, as its client does: a process on stdio, by the official SDK."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from symmix.cli import mcp as ours

needs_sdk = pytest.mark.skipif(find_spec("mcp") is None, reason="mcp is not installed: no program can ask")
RIDGE = "let X: n x d, w: d, y: n, mu\nL := 1/2 |X w - y|^2 + mu/2 |w|^2"


def asked(*calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Return what a server of its own answers."""
    from mcp import Client, StdioServerParameters  # noqa: PLC0415

    async def talk() -> list[Any]:
        server = StdioServerParameters(command=sys.executable, args=["-m", "symmix", "mcp"])
        async with Client(server) as client:
            return [await client.list_tools(), *[await client.call_tool(name, given) for name, given in calls]]

    return asyncio.run(talk())


@needs_sdk
def test_a_client_is_told_what_there_is_and_gets_verdicts_witnesses_and_gradients() -> None:
    tools, right, wrong, gradient, code, unread = asked(
        ("check", {"text": f"{RIDGE}\ndL/dw = X^T (X w - y) + mu w"}),
        ("refute", {"context": RIDGE, "statement": "dL/dw = X^T (X w - y)"}),
        ("derive", {"context": RIDGE, "objective": "L", "symbols": ["w"]}),
        ("derive", {"context": RIDGE, "objective": "L", "symbols": ["w"], "format": "numpy"}),
        ("check", {"text": "A = B"}),
    )
    assert {tool.name for tool in tools.tools} == {"check", "refute", "derive"}
    assert all(tool.output_schema and tool.description for tool in tools.tools)
    assert right.structured_content["passed"] is True
    assert [found["verdict"] for found in right.structured_content["findings"]] == ["proved"]
    assert wrong.structured_content["refuted"] is True
    assert wrong.structured_content["finding"]["witness"]["sizes"]
    assert "mu w" in gradient.structured_content["text"]
    assert compile(code.structured_content["text"], "gradient", "exec")
    assert unread.structured_content["findings"][0]["verdict"] == "not understood"


@needs_sdk
def test_what_cannot_be_done_is_an_error_of_its_call_and_the_server_goes_on() -> None:
    _, *refused, after = asked(
        ("derive", {"context": RIDGE, "objective": "M", "symbols": ["w"]}),
        ("derive", {"context": RIDGE, "objective": "L", "symbols": []}),
        ("derive", {"context": RIDGE, "objective": "L", "symbols": ["--help"]}),
        ("derive", {"context": RIDGE, "objective": "../../etc/passwd", "symbols": ["w"]}),
        ("refute", {"context": RIDGE, "statement": "w = w\nw = 0"}),
        ("refute", {"context": RIDGE, "statement": "w ="}),
        ("refute", {"context": "let w: (", "statement": "w = w"}),
        ("check", {"text": "x" * 70_000}),
        ("check", {}),
        ("check", {"text": f"{RIDGE}\nX w = X w"}),
    )
    assert [answer.is_error for answer in refused] == [True] * len(refused)
    texts = [answer.content[0].text for answer in refused]
    assert all("required" in text or "text" in text for text in texts), texts
    assert not any("Traceback" in text for text in texts)
    assert after.structured_content["passed"] is True


@pytest.mark.parametrize(
    ("context", "statement", "verdict"),
    [
        ("let A: n x n, B: n x n", "A B = B A", "refuted"),
        ("let A: n x n, B: n x n", "tr(A B) = tr(B A)", "proved"),
        ("let A: n x n, B: n x n\ngiven A B = I_n", "B A = I_n", "proved"),
        ("let A: n x n, B: n x m", "A B = B A", "shapes do not fit"),
        ("let A: n x n, B: n x n", "A B = B A = B A", "refuted"),
        ("let x", "(x^2 - 2)^2 > 0", "undecided"),
    ],
)
def test_a_statement_is_judged_as_a_line_is(context: str, statement: str, verdict: str) -> None:
    found = asyncio.run(ours.refute(context, statement))
    assert (found.verdict, found.refuted) == (verdict, verdict == "refuted")


@pytest.mark.parametrize(
    ("context", "statement"),
    [
        ("let A: n x n, B: n x n\nA +", "B = B + A"),
        ("let A: n x n, B: n x n\nA + (B", ") = B + A"),
        ("let A: n x n, B: n x n\nA = B", "= B + A"),
        ("let A: n x n, B: n x n\nclaim:", "A = B"),
        ("let A: n x n, B: n x n\ngiven A =", "B = 0"),
    ],
)
def test_no_verdict_is_about_what_the_context_left_open(context: str, statement: str) -> None:
    if statement == "A = B":
        assert asyncio.run(ours.refute(context, statement)).finding["text"] == statement
        return
    with pytest.raises(ours.RefusedError, match=r"before the statement|states nothing|end of the line"):
        asyncio.run(ours.refute(context, statement))


@pytest.mark.parametrize(
    "name", ["", " ", "-o", "--help", "L:L", "a/b", "../a", "a.py:b", "a\nb", "a\0", "\ud800", "a" * 101]
)
def test_what_is_no_name_never_gets_to_a_command(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "_worked", None)
    for objective, symbols in ((name, ["w"]), ("L", [name]), ("L", ["w", name])):
        with pytest.raises(ours.RefusedError, match="names of an objective"):
            asyncio.run(ours.derive(RIDGE, objective, symbols))
    with pytest.raises(ours.RefusedError, match="1 to 100"):
        asyncio.run(ours.derive(RIDGE, "L", ["w"] * 101))


def test_the_process_of_a_call_that_is_cancelled_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What it would write, did it go on, is never written."""
    program = "import sys, time; open(sys.argv[-2], 'w').close(); time.sleep(600)"
    monkeypatch.setattr(ours, "_COMMAND", ("-c", program, str(tmp_path / "begun")))
    begun: list[Any] = []
    made = asyncio.create_subprocess_exec

    async def watched(*words: str, **options: Any) -> Any:
        begun.append(await made(*words, **options))
        return begun[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)

    async def talk() -> int:
        call = asyncio.create_task(ours._worked("text", "check"))
        while not (tmp_path / "begun").exists():
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        return int(await begun[0].wait())

    assert asyncio.run(talk()) < 0


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "SECONDS", 0.01)
    with pytest.raises(ours.RefusedError, match="0 seconds"):
        asyncio.run(ours.check(RIDGE))


def test_a_process_is_limited() -> None:
    program = (
        "import resource as r, json; from symmix.cli.limited import limit; limit();"
        "print(json.dumps([r.getrlimit(k)[0] for k in (r.RLIMIT_CPU, r.RLIMIT_AS, r.RLIMIT_FSIZE, r.RLIMIT_CORE)]))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout) == [60, 4 << 30, 8 << 20, 0]


def test_without_the_sdk_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from symmix.cli import main  # noqa: PLC0415

    monkeypatch.setattr(ours, "find_spec", lambda _: None)
    assert main(["mcp"]) == 2
    printed = capsys.readouterr()
    assert "pip install 'symmix[mcp]'" in printed.err
    assert printed.out == ""


def test_a_chain_is_as_good_as_its_worst_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [{"line": 1, "column": 1, "verdict": word, "text": "A = B"} for word in ("undecided", "proved")]

    async def check(_: str) -> ours.Checked:
        return ours.Checked("symmix-check/1", passed=False, findings=steps)

    monkeypatch.setattr(ours, "check", check)
    assert asyncio.run(ours.refute("", "A = B = C")).verdict == "undecided"
    steps[1]["disagreement"] = "it does not follow"
    with pytest.raises(ours.RefusedError, match="a defect of symmix"):
        asyncio.run(ours.refute("", "A = B = C"))
