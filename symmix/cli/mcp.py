"""``symmix mcp``: a server of the Model Context Protocol, for programs that write mathematics.

It remembers nothing. What arrives is text, which is read and never evaluated; each request is worked on by a process of
its own (:mod:`symmix.cli.limited`), in an empty folder, with limits to its time, memory and output, so that no input
can stop the server. The process of a call that is cancelled is ended.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from symmix import __version__
from symmix.cli.codes import FINE
from symmix.cli.limited import SECONDS
from symmix.errors import SymmixError, UsageError
from symmix.reading import lines_of

MAX_CHARACTERS = 65_536
MAX_SYMBOLS = 100
_TURNS = 2  # processes at a time; more would only wait for each other
_COMMAND = ("-m", "symmix.cli.limited")
_NAME = "given.txt"
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}[+~-]?'{0,9}")
_WORST = ("refuted", "shapes do not fit", "undecided", "proved")
_INSTRUCTIONS = (
    "Decides statements of matrix calculus for all sizes. Text is written as `symmix guide check-a-derivation` says:"
    " declarations (let W: k x h, z: h, y: k), definitions (r := W z - y), hypotheses (given W^T W = I_h), and chains"
    " (d(1/2 |r|^2)/dz = W^T r). A verdict of proved holds in every dimension; undecided is no verdict."
)


@dataclass
class Checked:
    """A verdict for every line, as ``symmix check --json`` documents it."""

    format: str
    passed: bool
    findings: list[dict[str, Any]]


@dataclass
class Refutation:
    """What is known of one statement: ``finding`` has the witness where it is refuted."""

    verdict: str
    refuted: bool
    finding: dict[str, Any]


@dataclass
class Derived:
    """Gradients, in the order of the symbols, or the code of one function that returns them."""

    format: str
    text: str


class RefusedError(SymmixError):
    """What a request asks for cannot be done."""


class RelayedError(Exception):
    """What a command said in its process."""


def run(options: argparse.Namespace) -> int:
    """Run the server on stdin and stdout until its client leaves."""
    del options
    if find_spec("mcp") is None:
        raise UsageError("the official SDK of the protocol", "a Python without mcp", "pip install 'symmix[mcp]'")
    server().run("stdio")
    return FINE


def server() -> Any:
    """Return the server with its tools; what a tool refuses is an error of that call alone.

    Raises
    ------
    ImportError
        Where the extra ``mcp`` is not installed.
    """
    from mcp.server import MCPServer  # noqa: PLC0415
    from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415

    turns = asyncio.Semaphore(_TURNS)

    def told(function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Let the client read why something is refused; what else is raised, the SDK takes for a crash and hides."""

        @wraps(function)
        async def answer(**given: Any) -> Any:
            try:
                async with turns:
                    return await function(**given)
            except (RefusedError, RelayedError) as error:
                raise ToolError(str(error)) from None

        return answer

    made = MCPServer("symmix", version=__version__, instructions=_INSTRUCTIONS, log_level="ERROR")
    for tool in (check, refute, derive):
        made.tool(description=(tool.__doc__ or "").partition("\n")[0])(told(tool))
    return made


async def check(text: str) -> Checked:
    """Return a verdict for every line of a derivation; a wrong one has a witness and often its likely cause.

    Raises
    ------
    RefusedError
        If it is too long, or takes more time or memory than allowed. What is not understood is a finding of its line.
    """
    code, printed, said = await _worked(text, "check", "--json", _NAME)
    try:
        document = json.loads(printed)
        (file,) = document["derivations"]
    except (ValueError, KeyError) as error:
        raise RelayedError(said.strip() or f"symmix check stopped with {code}") from error
    return Checked(document["schema"], file["passed"], file["findings"])


async def refute(context: str, statement: str) -> Refutation:
    """Look for sizes and entries at which a statement fails, given declarations, definitions and hypotheses.

    Raises
    ------
    RefusedError
        As with :func:`check`; and if the statement is none, more than one line, or not understood.
    """
    lines = [line for line in lines_of(statement) if line.strip()]
    if len(lines) != 1:
        raise RefusedError("a statement in one line", f"{len(lines)} lines", "use check")
    before = lines_of(context)
    place = len(before) + 1
    found = (await check("\n".join([*before, lines[0].strip()]))).findings
    problems = [one for one in found if one["verdict"] == "not understood"]
    here = problems or [one for one in found if one["line"] == place]
    if not here:
        raise RefusedError("a statement, such as A B = B A", "a line that states nothing", "write one")
    if not problems and not _is_from(here[0]["text"], lines[0]):
        raise RefusedError("a context that ends before the statement", here[0]["text"], "complete its last line")
    if problems:
        one = problems[0]
        where = "the statement" if one["line"] == place else f"line {one['line']} of the context"
        arrived = f"{one.get('arrived', one['text'])}, in {where}, column {one['column']}"
        raise RefusedError(one["required"], arrived, one["help"])
    worst = min(here, key=lambda one: _WORST.index(one["verdict"]))  # a chain is as good as its worst step
    if any("disagreement" in one or "defect" in one for one in here):
        raise RefusedError("a verdict of both deciders", "a defect of symmix", "report the statement")
    return Refutation(worst["verdict"], worst["verdict"] == "refuted", worst)


def _is_from(text: str, line: str) -> bool:
    """Whether what was judged stands in a line, and nothing of it in the line above."""
    return "".join(text.removeprefix("not always: ").split()) in "".join(line.split())


async def derive(
    context: str,
    objective: str,
    symbols: list[str],
    format: Literal["text", "latex", "numpy", "torch", "jax"] = "text",  # noqa: A002 - what the command calls it
) -> Derived:
    """Return the gradient of a scalar that the context defines, such as L, by some of its vectors and matrices.

    Raises
    ------
    RefusedError
        As with :func:`check`; and if the context is not understood, or does not define the objective.
    """
    named = [objective, *symbols]
    if not 1 <= len(symbols) <= MAX_SYMBOLS or not all(map(_SYMBOL.fullmatch, named)):
        required = f"names of an objective and of 1 to {MAX_SYMBOLS} symbols"
        raise RefusedError(required, f"{named!r}"[:200], "name what the context has")
    code, printed, said = await _worked(context, "derive", "--format", format, "--", f"{_NAME}:{objective}", *symbols)
    if code != FINE:
        raise RelayedError(said.strip() or f"symmix derive stopped with {code}")
    return Derived(format, printed.rstrip("\n"))


async def _worked(text: str, *arguments: str) -> tuple[int, str, str]:
    """Return exit code, output and messages of a command about a text, from a process that is bounded."""
    if len(text) > MAX_CHARACTERS:
        raise RefusedError(f"at most {MAX_CHARACTERS} characters", f"{len(text)}", "divide it")
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        try:
            (place / _NAME).write_text(text, encoding="utf-8", newline="")
        except UnicodeEncodeError as error:
            raise RefusedError("text in Unicode", f"{error}", "leave out lone surrogates") from None
        out, messages = place / "out", place / "messages"
        with out.open("wb") as stdout, messages.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *_COMMAND, *arguments,
                stdin=asyncio.subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=folder,
            )  # fmt: skip
            try:
                code = await asyncio.wait_for(process.wait(), SECONDS)
            except TimeoutError:
                raise _too_much(f"{SECONDS:.0f} seconds") from None
            finally:  # also if the call is cancelled
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if code < 0 or b"MemoryError" in messages.read_bytes():
            raise _too_much("memory, time or output")
        return code, _text(out), _text(messages)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _too_much(what: str) -> RefusedError:
    return RefusedError(f"what takes no more than the {what} allowed", "more", "ask about fewer lines")
