"""Quotients inside of quotients, and such as cancel: both deciders divide by the same, and tell the same points."""

from __future__ import annotations

from random import Random

import pytest

from symmix import check_derivation
from symmix.checking import Report

DECLARED = "let A: n x n, B: n x n, x: n, s, t, a, b, c, d\n"
TRUE = {
    "identity": ("", "A x + d x = d x + A x"),
    "a hypothesis": ("given s = t\n", "s A = t A"),
    "a norm": ("given |x|^2 = 1\n", "d |x|^2 = d"),
    "a product": ("given A^2 = B\n", "A^3 x = A B x"),
    "an equivalence": ("", "s (a^2 + 1) = t (a^2 + 1) if and only if s = t"),
    "squares": ("", "|x|^2/(s^2 + 1) >= 0"),
    "squares, a hypothesis": ("given A x = s x\n", "|A x|^2/(s^2 + 2) >= 0"),
    "positive coefficients": ("", "s/(s + 1) > 0 for 0 < s < 1"),
    "one scalar": ("", "(s^2 - s + 1)/(s^2 + 5) > 0 for 0 < s < 2"),
}
MANY_TERMS = ("squares", "squares, a hypothesis", "positive coefficients", "one scalar")  # these may stay undecided
POLYNOMIALS = ("a + 1", "b^2 n + n", "c^2 + 2", "d^3 + 1", "a b + 3", "c^3 + n", "b - 1")


def zero(random: Random) -> str:
    """Return a scalar that is zero, whatever it divides by."""
    p, q, r = random.sample(POLYNOMIALS, 3)
    u, v = random.choice("abcd"), random.choice(["", "a ", "n "])
    return random.choice(
        [
            f"({u} - {u} ({q})/({q}))/({p})",
            f"{v}({u}/({p}) - {u} ({q})/({q})/({p}))",
            f"{v}(1 - 2/(2 - {u}/({p}) + {u} ({q})/({q})/({p})))",
            f"{v}(1/({p}) - ({q})/(({q}) ({p})))/({r})",
            f"{v}({u} - (({p}) {u} + {u}/({q}))/({p} + 1/({q})))",
            f"({u}/({p}) + {v}1/({q}) - ({u} ({q}) + {v}({p}))/(({p}) ({q})))/({r})",
        ]
    )


def decided(kind: str, more: str) -> Report:
    """Decide a true statement to whose left side something was added, times what has its shape."""
    given, statement = TRUE[kind]
    shaped = {"identity": " x", "a hypothesis": " A", "a product": " x"}.get(kind, "")
    left = statement.split(" = ")[0] if " = " in statement else statement.split(" >")[0]
    return check_derivation(f"{DECLARED}{given}{left} + {more}{shaped}{statement.removeprefix(left)}", causes="none")


@pytest.mark.parametrize("kind", TRUE)
def test_what_cancels_in_denominators_changes_no_verdict(kind: str) -> None:
    random = Random(f"zeros {kind}")
    for _ in range(3 if kind in MANY_TERMS else 6):
        report = decided(kind, zero(random))
        assert not report.defects, str(report)
        assert not report.count("refuted"), str(report)
        assert kind in MANY_TERMS or report.passed, str(report)


@pytest.mark.parametrize("kind", TRUE)
def test_what_does_not_cancel_is_refuted_by_both(kind: str) -> None:
    random = Random(f"wrong {kind}")
    for _ in range(2):
        report = decided(kind, f"({zero(random)} - {random.choice(['1', 'd^2', '1/(b^2 + n)'])})")
        assert not report.passed, str(report)
        assert not report.defects, str(report)


@pytest.mark.parametrize(
    "line",
    [
        "(A + B)^8 = A/(1 + 1/(a + b))",
        "(A + B)^8 b/(a + c) = A/(1 + 1/(a + b))",
        "(A + B)^8 + A/(a + c) = A/(1 + 1/(a + b)) + A/(a + c)",
        "((A + B)^7 x)/(a + b + 1/(c + d)) = (A + B)^7 x/(a + b) + x/(c + d)",
    ],
)
def test_a_point_that_refutes_large_sums_has_values_of_the_statement_alone(line: str) -> None:
    (finding,) = check_derivation(DECLARED + line, causes="none").findings
    assert finding.word == "refuted"
    assert not finding.disagreement
