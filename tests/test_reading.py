"""What is written is read as it stands, or refused at its place; nothing is guessed."""

from __future__ import annotations

import pytest

from symmix.printing.text import TextPrinter
from symmix.reading import Chain, read_derivation
from symmix.reading.spellings import spelling
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


HELPED = [
    ("0.5 A", "1/2 for 0.5"),
    ("A 12.75", "51/4 for 12.75"),
    ("A.T", "A^T"),
    ("\N{GREEK SMALL LETTER LAMDA} A", "write lam"),
    ("\N{GREEK SMALL LETTER ALPHA} A", "write alpha"),
    ("\N{GREEK CAPITAL LETTER DELTA} A", "write Delta"),
    ("A\N{MODIFIER LETTER CAPITAL T}", "write ^T"),
    ("A\N{SUPERSCRIPT TWO}", "write ^2"),
    ("A\N{SUPERSCRIPT FIVE}", "write ^5"),
    ("A\N{MIDDLE DOT}B", "a space"),
    ("A \N{LESS-THAN OR EQUAL TO} B", "write <="),
    ("A \N{MINUS SIGN} B", "write -"),
    ("u\N{SUBSCRIPT ONE}", "z_1"),
    ("\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL E}[lam]", "write E"),
    ("\N{SNOWMAN}", "ASCII letters"),
    ("Au + Bv", "write A u"),
    ("lamAB u", "write lam A B"),
    ("a u", "write A"),
    ("Q u", "let Q: k x h"),
    ("u^T v A u", None),
    ("u^T v u", "(u^T v)"),
    ("A v^T u u", "(v^T u)"),
    ("sum_{i<n} u[j]", "another name than i"),
    ("u[j]", "let j < n"),
    ("0_q", "let q size"),
    ("dQ/du", "Q := ..."),
    ("Q (A + B)", "let Q: k x h"),
    ("Q(A + B)", "let Q: k x h"),
    ("Au(lam)", "write A u"),
    ("dL/dQ", "define it, Q := ..."),
    ("exp(lam) A", "no function exp"),
    ("sum_i u[i]", "sum_{i<n}"),
    ("A**2", "A^2"),
    ("sum_{m<n} E[m,:]^T E[m,:]", "X^T X"),
    ("q3[9]", "from 0 to 2"),
    ("q3[3]", "count from 0"),
    ("u[3]", "as a number"),
    ("d(u o u)/dA", None),
]


@pytest.mark.parametrize(("text", "told"), HELPED)
def test_the_help_says_what_to_write(text: str, told: str | None) -> None:
    faults = read_derivation(f"{LET}let q3: 3\n{text} = A").faults
    assert faults
    assert told is None or told in f"{faults[0].required}; {faults[0].remedy}"
    assert "symmix guide" not in faults[0].remedy


def test_every_sign_that_is_none_of_the_grammar_has_a_spelling_in_ascii() -> None:
    for sign in map(chr, (*range(33, 0x2500), *range(0x1D400, 0x1D800))):
        told = spelling(f"A {sign} B", 2)
        assert told.isascii(), sign
        assert len(told) > 6, sign


DECLARED_BADLY = [
    ("random q: E[q] = 1", "or let q for a scalar"),
    ("given for all i<n: x[i] = 0", "another name than i"),
    ("x = 0 where x = x, at this j", "let j < n"),
    ("random lam: F[lam] = 1", "E[lam] = m"),
    ("let q in 0", "let q in [0,1]"),
    ("given", "given A = 0"),
    ("let", "let W: k x h"),
    ("E_mu[mu] = lam", "random mu: E[mu] = m"),
    ("given u^T A u != 0", "let s, and write: given s = w^T S w, s != 0"),
    ("p := u^T u\ngiven p != 0", "given s = w^T S w"),
    ("given u != 0", "by a scalar"),
    ("given mu > 0, mu > u^T v", "let s"),
    ("p := |A u|^2\nA := 0_{k x k}", "before that of p"),
    ("de/du := A\ne := A u", "leave out de/du"),
    ("lam := 1/2", "leave one out"),
    ("p := 2 mu\nrandom p: E[p] = 1", "leave one out"),
    ("dL/du := v^T", "let L: 1"),
    ("e := A u\nde/du := A", "follows from e := A u"),
    ("u := A v\nde/du := A", "given u = A v, instead of u := A v"),
    ("dA/du := A", "let J: k x k x k"),
    ("dx/du := A", "transpose"),
    ("dmu/dlam := u", "transpose"),
    ("du/dA := u", "u := ..."),
    ("du/du := A", "leave it out"),
    ("de/du := A\nde/du := B", "leave one out"),
    ("p := T[0,1,:] u", "[T[i,j,m]]_{m<n}"),
]


@pytest.mark.parametrize(("line", "told"), DECLARED_BADLY)
def test_the_help_says_what_to_declare(line: str, told: str) -> None:
    (fault,) = read_derivation(LET + line).faults
    assert told in fault.remedy


def test_declared_derivatives_that_can_be_used_are_taken() -> None:
    lines = ["let l: 1", "dl/du := v^T", "dE/de := S", "de/du := A", "dA/dmu := B", "dL/dmu := lam", "dx/du := E"]
    assert not read_derivation(LET + "let S: n x k x k\n" + "\n".join(lines)).faults


@pytest.mark.parametrize("line", [f"{text} = A" for text, *_ in WRONG])
def test_no_help_is_a_pointer_to_the_guide_alone(line: str) -> None:
    assert all(not fault.remedy.startswith("see ") for fault in read_derivation(LET + line).faults)


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
