"""Several processes: the same results in the same order as with one, and nothing lost when one of them goes."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symmix.cli import main, processes
from symmix.cli.grammar import parser
from symmix.cli.sending import received, sent
from symmix.publish.report import report
from tests.catalogue import EVERY, SCRIPTS, outcome
from tests.cli_scripts import PROOFS, ROOT, run, write

# What a script does in a process that somebody else started, and not in the first one.
ELSEWHERE = "import multiprocessing, os\nif multiprocessing.parent_process() is not None:\n    {}\n"

EXPORTED = ["beta_moments", "mixup_cross_entropy_minimiser_is_finite", "zero_gradient_does_not_imply_fit"]


@pytest.fixture(params=["fork", "spawn"])
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {request.param}")
    monkeypatch.setattr(processes, "_method", lambda: request.param)
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, right in (("a", "W * z"), ("b", "W * z + W * zp"), ("c", "W * z + W * zp"), ("d", "W * zp")):
        write(tmp_path, name, right=right)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main([*map(str, arguments)])
    out, err = capsys.readouterr()
    return code, re.sub(r" +(\d+|ms)$|\"seconds\": .*", "", out, flags=re.MULTILINE), err  # without milliseconds


@pytest.mark.parametrize("command", [["prove"], ["prove", "--json"], ["prove", "-v"], ["list"], ["list", "--json"]])
def test_jobs_change_nothing_that_is_printed(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_method", lambda: multiprocessing.get_all_start_methods()[0])
    alone = printed(capsys, *command, folder)
    assert printed(capsys, *command, folder, "--jobs", "3") == alone


@pytest.mark.parametrize("layout", [["--format", "html"], ["--layout", "note"]])
def test_jobs_change_nothing_that_is_exported(
    layout: list[str], method: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Combinations, squares and points are printed from what others found; their hashes are no use here."""
    scripts = [str(PROOFS / f"{name}.py") for name in EXPORTED]
    folders = [tmp_path / f"{method}{jobs}" for jobs in (1, 2)]
    for jobs, into in enumerate(folders, 1):
        code, _, err = printed(capsys, "export", *scripts, *layout, "-o", into, "--jobs", str(jobs))
        assert (code, err.count(f"{len(EXPORTED)} theorems")) == (0, 1)
    alone, together = ({path.name: path.read_bytes() for path in into.rglob("*.*")} for into in folders)
    assert len(alone) > 1
    assert together == alone


@pytest.mark.parametrize("name", EVERY)
def test_what_another_process_sends_is_what_it_found(name: str) -> None:
    found = outcome(name)
    again = received(sent(SCRIPTS[name], lambda _: found))
    assert str(again.verdict) == str(found.verdict)
    assert report(again) == report(found)
    assert again.certificate() == found.certificate()
    assert again.claims is not found.claims
    assert (again.script.summary, again.script.path) == (found.script.summary, found.script.path)
    assert (again.meanings, again.spelling, again.parts) == (found.meanings, found.spelling, found.parts)
    assert again.theorem.claims.keys() == found.theorem.claims.keys()  # stated here, when it is asked for


def test_jobs_are_done_in_other_processes(method: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = printed(capsys, "prove", folder)
    (folder / "mark.py").write_text("")
    for path in folder.glob("?.py"):
        mark = f"open({str(folder / path.stem)!r}, 'w').close()"
        path.write_text(ELSEWHERE.format(mark) + path.read_text())
    (folder / "mark.py").unlink()
    together = printed(capsys, "prove", *sorted(folder.glob("?.py")), "--jobs", "2")
    assert together == alone
    if method == "spawn":  # a copy of this process has executed the scripts already
        assert {path.name for path in folder.iterdir() if not path.suffix} >= {"a", "b", "c", "d"}


@pytest.mark.usefixtures("method")
def test_an_error_in_one_script_is_what_it_is_without_jobs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "b.py").read_text()
    (folder / "b.py").write_text(text.replace("return Theorem(", "nothing = 1 / 0\n    return Theorem("))
    code, out, err = printed(capsys, "prove", folder)
    assert code == 2
    assert out.splitlines()[-1] == "FAILED a, d, b: proved 1 of 4 theorems"
    assert "ZeroDivisionError in b: division by zero" in err
    assert printed(capsys, "prove", folder, "--jobs", "2") == (code, out, err)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("end", ["os._exit(9)", "os.kill(os.getpid(), 9)", "raise SystemExit(3)"])
def test_nothing_is_lost_with_a_process(end: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = printed(capsys, "prove", folder)
    text = (folder / "b.py").read_text()
    script = folder / "ending" / "b.py"
    script.parent.mkdir()
    script.write_text(
        text.replace(
            "    return Theorem(",
            f"    {ELSEWHERE.format('    ' + end).replace(chr(10), chr(10) + '    ').strip()}\n    return Theorem(",
        )
    )
    paths = [folder / "a.py", script, folder / "c.py", folder / "d.py"]
    assert printed(capsys, "prove", *paths, "--jobs", "2") == alone


def test_a_defect_of_ours_shows_as_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("lost in thought")

    monkeypatch.setattr("symmix.theorems.decide_theorem", broken)
    code, out, err = printed(capsys, "prove", folder, "--jobs", "2")
    assert (code, out) == (3, "")
    assert "a defect of symmix: RuntimeError: lost in thought" in err
    assert "test_cli_jobs.py, line" in err  # where it was raised, not where it was waited for


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way")
@pytest.mark.parametrize(("name", "jobs"), [("prove", "1"), ("prove", "2"), ("export", "2")])
def test_ctrl_c_ends_every_process_at_once(name: str, jobs: str, folder: Path) -> None:
    for path in folder.glob("?.py"):
        text = path.read_text()
        started = f"open({str(folder / path.stem)!r}, 'w').close()"
        path.write_text(
            text.replace(
                "    return Theorem(", f"    import time\n    {started}\n    time.sleep(60)\n    return Theorem("
            )
        )
    # a shell starts what it puts into the background with Ctrl-C ignored, these tests perhaps among it
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    started = f"{heard}; import sys; from symmix.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", started, name, str(folder), "--jobs", jobs]
    command += ["-o", "-"] if name == "export" else []
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        while sum(not path.suffix for path in folder.iterdir()) < int(jobs):
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "", "symmix: interrupted\n")
    with pytest.raises(ProcessLookupError):  # nobody of the group is left
        os.killpg(process.pid, 0)


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5", ""])
def test_the_number_of_jobs_is_checked(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["prove", "--jobs", number])
    assert ended.value.code == 2
    assert "a number from 1 on, or auto, is needed" in capsys.readouterr().err


def test_auto_is_a_process_for_each_core() -> None:
    assert 1 <= parser().parse_args(["prove", "--jobs", "auto"]).jobs <= (os.cpu_count() or 1)
    assert parser().parse_args(["list"]).jobs == 1


def test_one_document_comes_of_several_processes(folder: Path) -> None:
    done = run("-m", "symmix", "prove", "--json", "--jobs", "2", str(folder))
    assert [entry["id"] for entry in json.loads(done.stdout)["theorems"]] == ["a", "b", "c", "d"]
