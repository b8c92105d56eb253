"""The report of a run for continuous integration: JUnit's XML, one case for each theorem."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

from symmix.cli.files import write_whole
from symmix.cli.shown import Broken, Shown


def write_report(path: Path, theorems: Sequence[Shown], broken: Sequence[Broken], *, force: bool) -> None:
    """Write the report: what is not proved, or contradicted by numbers, is a failure; what cannot be read, an error.

    Raises
    ------
    UsageError
        If the file is there already and ``force`` is not given, or cannot be written.
    """
    suite = Xml.Element(
        "testsuite", name="symmix", tests=str(len(theorems) + len(broken)), errors=str(len(broken)), skipped="0"
    )
    failures = 0
    for theorem in theorems:
        confirmation = theorem.confirmation
        seconds = theorem.seconds + (confirmation.seconds if confirmation else 0)
        case = Xml.SubElement(suite, "testcase", name=theorem.id, classname=theorem.file, time=f"{seconds:.3f}")
        if problem := _problem(theorem):
            failures += 1
            failure = Xml.SubElement(case, "failure", message=problem)
            failure.text = "\n".join([theorem.report, *([str(confirmation)] if confirmation else [])])
        elif confirmation is not None:
            Xml.SubElement(case, "system-out").text = str(confirmation)
        elif theorem.remembered:
            Xml.SubElement(
                case, "system-out"
            ).text = "proved in an earlier run (cached), and by the second checker in this"
    for one in broken:
        case = Xml.SubElement(suite, "testcase", name=one.id or Path(one.file).name, classname=one.file, time="0.000")
        Xml.SubElement(case, "error", message=_arrived(one.error)).text = one.error
    suite.set("failures", str(failures))
    Xml.indent(suite)
    text = Xml.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
    write_whole(path.absolute().parent, {path.name: _readable(text)}, force=force)


def _arrived(error: str) -> str:
    """Return the line of an error that says what arrived, or else its first."""
    lines = [line.strip() for line in error.splitlines()]
    return next((line for line in lines if line.startswith("arrived:")), lines[0]).removeprefix("arrived: ")


def _problem(theorem: Shown) -> str:
    """Return what is wrong, in a line; empty if nothing is."""
    if theorem.disagreement:
        return f"the deciders disagree: {theorem.disagreement}"
    if not theorem.proved:
        return f"{theorem.id} is {theorem.word}"
    confirmation = theorem.confirmation
    if confirmation is None or confirmation.agrees:
        return ""
    (_, remark), *_ = [*confirmation.disagreements, (None, "nothing could be compared")]
    return f"numbers do not confirm it: {remark}"


def _readable(text: str) -> str:
    """Leave out what XML does not allow in a text."""
    return "".join(letter for letter in text if letter in "\t\n" or letter >= " ")
