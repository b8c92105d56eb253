"""What LaTeX does not typeset is no derivation: it neither declares nor states, nor is it missed where it ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symmix import check_derivation

FALSE = r"\[ a = b \] % let c" + "\n" + r"\begin{align} a &= b \\ &= a + b \end{align}"
HIDDEN = [
    *(f"\\begin{{{name}}}\n{FALSE}\n\\end{{{name}}}" for name in ("verbatim", "verbatim*", "lstlisting", "comment")),
    f"\\iffalse {FALSE}\n\\fi",
    f"\\iffalse\n\\ifx\\a\\b {FALSE} \\else \\[ a = b \\] \\fi \\[ b = a \\]\n\\else x \\fi",
    r"\verb|\[ a = b \]| and \verb*!\begin{equation} a = b \end{equation}!, \lstinline+$$ a = b $$+",
    "% \\iffalse\n% \\begin{comment}",
    r"a line break \\verb | and \\iffalse",
]
TRUE = [
    r"\[ a + b = b + a \]",
    r"\begin{equation} a b = b a \end{equation}",
    r"$$ 2 a = a + a $$",
    "prose with $a = b$ in it",
]
HEAD = "% let a, b\n"


@given(st.lists(st.sampled_from([*HIDDEN, *TRUE]), max_size=8), st.sampled_from(["", "\n\\end{document}\n" + FALSE]))
def test_what_is_not_typeset_changes_no_verdict(parts: list[str], ending: str) -> None:
    whole = check_derivation(HEAD + "\n".join(parts) + ending, form="tex").findings
    shown = check_derivation(HEAD + "\n".join(part for part in parts if part in TRUE), form="tex").findings
    assert [(one.text, one.word) for one in whole] == [(one.text, one.word) for one in shown]
    assert all(one.word == "proved" for one in whole)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [(r"\begin{comment}", r"\end{comment}"), (r"\iffalse", r"\fi"), (r"\iffalse \iftrue \fi", r"\fi")],
)
def test_what_is_never_closed_is_said_where_it_begins(opening: str, closing: str) -> None:
    (found,) = check_derivation(f"{HEAD}  {opening}\n{FALSE}\n", form="tex").findings
    assert (found.line, found.column, found.word) == (2, 3, "not understood")
    assert found.problem is not None
    assert found.problem[0] == f"{closing} behind this"


def test_nothing_declared_where_it_is_not_typeset_is_known() -> None:
    found = check_derivation("\\iffalse\n% let a\n\\fi\n\\[ a = a \\]", form="tex").findings
    assert {one.word for one in found} == {"not understood"}
