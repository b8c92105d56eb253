"""The report of a run for continuous integration: JUnit's XML, one case for each theorem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

from symmix.cli.files import write_whole
from symmix.confirmation import Confirmation
from symmix.publish.report import report
from symmix.theorems import Outcome
from symmix.verdict import Proved


def write_report(
    path: Path, outcomes: Sequence[Outcome], confirmations: Mapping[str, Confirmation], *, force: bool
) -> None:
    """Write the report; a theorem that is not proved, or that numbers contradict, is a failure.

    Raises
    ------
    UsageError
        If the file is there already and ``force`` is not given, or cannot be written.
    """
    suite = Xml.Element("testsuite", name="symmix", tests=str(len(outcomes)), errors="0", skipped="0")
    failures = 0
    for outcome in outcomes:
        confirmation = confirmations.get(outcome.script.id)
        seconds = outcome.seconds + (confirmation.seconds if confirmation else 0)
        case = Xml.SubElement(
            suite, "testcase", name=outcome.script.id, classname=outcome.script.path.stem, time=f"{seconds:.3f}"
        )
        if problem := _problem(outcome, confirmation):
            failures += 1
            failure = Xml.SubElement(case, "failure", message=problem)
            failure.text = "\n".join([report(outcome), *([str(confirmation)] if confirmation else [])])
        elif confirmation is not None:
            Xml.SubElement(case, "system-out").text = str(confirmation)
    suite.set("failures", str(failures))
    Xml.indent(suite)
    text = Xml.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
    write_whole(path.absolute().parent, {path.name: _readable(text)}, force=force)


def _problem(outcome: Outcome, confirmation: Confirmation | None) -> str:
    """Return what is wrong, in a line; empty if nothing is."""
    if outcome.disagreement:
        return f"the deciders disagree: {outcome.disagreement}"
    if not isinstance(outcome.verdict, Proved):
        return f"{outcome.script.id} is {outcome.verdict.word}"
    if confirmation is None or confirmation.agrees:
        return ""
    (_, remark), *_ = [*confirmation.disagreements, (None, "nothing could be compared")]
    return f"numbers do not confirm it: {remark}"


def _readable(text: str) -> str:
    """Leave out what XML does not allow in a text."""
    return "".join(letter for letter in text if letter in "\t\n" or letter >= " ")
