"""What is written is read as it stands, or refused at its place; nothing is guessed."""

from __future__ import annotations

import pytest

from symmix.printing.text import TextPrinter
from symmix.reading import Chain, read_derivation
from symmix.terms import nodes as t

LET = (
    "let A: k x k, B: k x k, u: k, v: k, lam, mu, E: n x k, T: k x k x n, L, e-: k, e: k, x: n\nlet i < n\n"
    "random lam: E[lam] = mu, E[lam^2] = 1/2\n"
)
PRINTER = TextPrinter()


def side(text: str) -> t.Expression:
    derivation = read_derivation(f"{LET}{text} = 0")
    assert not derivation.faults, derivation.faults[0]
    (chain,) = derivation.parts
    assert isinstance(chain, Chain)
    found = chain.links[0].expression
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "A u + B v",
        "A + (B + A)",
        "-A + B",
        "lam (1 - lam) A",
        "lam A/n",
        "1/2 A",
        "-1/2 |u - v|^2",
        "A^T B^T",
        "(A B)^T",
        "(A^T)^T",
        "A^-1 B",
        "A^2 u",
        "tr(A B)",
        "diag(u) A",
        "diag(A)",
        "lam (u o v)",
        "E[i,:] u",
        "E[i,:]^T",
        "sum_{j<k} u[j] v[j]",
        "(sum_{j<k} u[j]) A",
        "dL/du",
        "(dL/du)^T A",
        "d(u^T A u)/du",
        "d(dL/du)/dv",
        "u {v := lam e}",
        "e- - e",
        "lam (-3)",
        "(-2)^2 lam",
        "(lam/mu)^2",
    ],
)
def test_what_is_printed_is_read_back_as_the_same_text(text: str) -> None:
    assert PRINTER.print(side(text)) == text


def test_an_accent_is_a_minus_where_no_such_name_is_declared() -> None:
    assert side("u-v") == side("u - v")
    assert side("e-") == t.Symbol("e-", ("k", "1"))


def test_a_bare_identity_gets_its_size_from_what_stands_around() -> None:
    assert side("A + mu I") == side("A + mu I_k")
    assert side("I u") == side("I_k u")


WRONG = [
    ("A + q", 5, "a declared name", "q"),
    ("A +", 5, "an expression", "'='"),
    ("A u v", 5, "inner sizes", "k x 1 before k x 1"),
    ("(A u", 1, "')'", ""),
    ("A^Tu", 3, "T or a whole number", "Tu"),
    ("A^x", 3, "T or a whole number", "x"),
    ("dL/du^T", 6, "brackets around a derivative", "'^'"),
    ("A u o v", 5, "brackets", "'o'"),
    ("|u|", 3, "'|^2'", "'|'"),
    ("u/v", 1, "a scalar to divide by", "k x 1"),
    ("tr(E)", 1, "a square matrix", "n x k"),
    ("A[j,j]", 3, "an index", "'j'"),
    ("A[i,i]", 2, "an index over the size of its axis", "n"),
    ("A $ B", 3, "ASCII", "'$'"),
    ("λ A", 1, "ASCII", "'λ'"),
    ("I + lam", 5, "one shape", "the first is ? x ?"),
    ("tr(I)", 1, "a size", ""),
    ("A + - B", 5, "one sign", "'-'"),
    ("lam/0", 1, "not zero", "0"),
    ("A^1000", 3, "", "1000"),
    ("E_q[lam]", 1, "random", "q"),
]


@pytest.mark.parametrize(("text", "column", "required", "arrived"), WRONG)
def test_what_is_not_understood_has_its_line_and_column(text: str, column: int, required: str, arrived: str) -> None:
    faults = read_derivation(f"{LET}{text} = A").faults
    assert faults
    fault = faults[0]
    assert fault.place.line == 4
    if required != "')'":
        assert fault.place.column == column
    assert required in fault.required
    assert arrived in fault.arrived


DECLARATIONS = [
    "let A: k x k",
    "let q: A x k",
    "let where",
    "let q: k x x",
    "let q in [1,0]",
    "let u in [0,1]",
    "let E symmetric",
    "let q: k x h x n x m",
    "let I_k",
    "L := L",
    "L := A",
    "u := E v",
    "q := q2",
    "given A = u",
    "random q: E[q] = 1",
    "random mu: E[mu] = mu",
    "random x: E[x[i]] = 0",
    "let a b",
    "let 3: k",
]


@pytest.mark.parametrize("line", DECLARATIONS)
def test_a_declaration_that_says_nothing_clear_is_refused(line: str) -> None:
    use = "\nE_mu[mu] = 1" if line.startswith("random mu") else ""
    assert read_derivation(LET + line + use).faults[0].place.line in (4, 5)


def test_a_hostile_text_is_refused_and_not_worked_on() -> None:
    deep = "(" * 3000 + "A" + ")" * 900
    towers = "A" + "^T" * 1500
    for text in (deep, towers, "A " * 3000, "1" * 3000, "a" * 100, "sum_{i<k} " * 60 + "lam", "-" * 2000):
        assert read_derivation(f"{LET}{text} = A").faults


def test_no_text_is_evaluated() -> None:
    for text in ("__import__('os')", "lambda: 0", "exec(1)", "A.T", "(yield)", "f'{A}'"):
        assert read_derivation(f"{LET}{text} = A").faults


def test_a_line_may_go_on_in_the_next() -> None:
    assert not read_derivation(LET + "A u +\n  B v = (A u\n + B v)").faults
