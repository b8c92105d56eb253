"""The exact checker reads files from strangers: whatever is in them, it ends soon, and says why on one line."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from symmix import checker
from symmix.checker import MAX_BYTES, MAX_WORK
from tests.checker_documents import (
    EQUAL,
    add,
    at,
    certificate,
    combination,
    expected,
    identity,
    mul,
    neg,
    num,
    over,
    power,
    size,
    statement,
    sym,
    term,
    total,
    transposed,
    vanishing,
    ways,
    witness,
)
from tests.slow import slow_but

s, t, lam, A, B, x, P = map(sym, ("s", "t", "lam", "A", "B", "x", "P"))
SECONDS = 4  # on a busy machine; alone it is one


def refused(document: Any) -> str:
    """Return why a document is rejected, soon and on one printable line, or "" if it is accepted soon."""
    begun = time.process_time()
    report = checker.check_text(document if isinstance(document, str) else json.dumps(document))
    assert time.process_time() - begun < SECONDS
    assert report.reason.isprintable()
    assert report.reason.isascii()
    assert len(report.reason) < 700
    return report.reason


def stated(*claims: Any, **parts: Any) -> Any:
    return certificate(statement(*claims, **parts), *(EQUAL for _ in claims))


def nested_means(depth: int) -> Any:
    """Return a small document whose expectations square what is inside."""
    inner: Any = add(lam, s, t)
    for _ in range(depth):
        inner = expected(power(add(inner, lam), 4), "lam", **{f"m{d}": power(add(s, t), d) for d in range(1, 30)})
    return inner


def doubled(depth: int) -> Iterator[list[Any]]:
    """Yield definitions, each the product of the one before with a sum of two."""
    before = "d0"
    yield [before, add(at_sum("x"), at_sum("y"))]
    for n in range(1, depth):
        yield [f"d{n}", mul(sym(before), add(sym(before), num(1)))]
        before = f"d{n}"


def at_sum(name: str) -> Any:
    return total(at(sym(name), "i", "0"), i="n")


def ring(order: list[int], name: str = "A") -> Any:
    """Return the sum over a closed walk along all indices, in some order."""
    pairs = zip(order, [*order[1:], order[0]], strict=True)
    return mul(*(at(sym(name), f"i{a}", f"i{b}") for a, b in pairs))


def over_all(body: Any, count: int) -> Any:
    return total(body, **{f"i{n}": "n" for n in range(count)})


def complete(count: int) -> Any:
    """Return the sum over the complete graph: every numbering looks alike."""
    edges = [at(sym("A"), f"i{a}", f"i{b}") for a in range(count) for b in range(count) if a != b]
    return over_all(mul(*edges), count)


def paley(count: int) -> Any:
    """Return the sum over a graph all of whose vertices look alike, but for their neighbours' neighbours."""
    squares = {k * k % count for k in range(1, count)}
    edges = [at(sym("A"), f"i{a}", f"i{b}") for a in range(count) for b in range(count) if (a - b) % count in squares]
    return over_all(mul(*edges), count)


SCALARS: dict[str, Any] = {"symbols": {f"a{n}": [] for n in range(4000)}}
BOMBS: dict[str, Any] = {
    "nested means": lambda: stated(identity(nested_means(4), num(1))),
    "a polynomial of 20,000 terms": lambda: certificate(
        statement(vanishing(s, where=[s])),
        ways(combination(term(0, add(*(power(s, n) for n in range(1, 10_000)))))),
    ),
    "a flat sum of 10,000 terms": lambda: stated(
        identity(add(*(mul(num(n), power(s, n % 97)) for n in range(1, 10_000))), t)
    ),
    "4,000 denominators": lambda: stated(identity(add(*(over(num(1), add(s, num(n))) for n in range(4000))), t)),
    "4,000 names below": lambda: stated(
        identity(add(*(over(num(1), add(sym(f"a{n}"), num(1))) for n in range(4000))), t), **SCALARS
    ),
    "a product of 4,000 names": lambda: stated(
        identity(power(mul(*(sym(f"a{n}") for n in range(4000))), 7), t), **SCALARS
    ),
    "a power of a sum": lambda: stated(identity(power(add(s, t, num(1)), 10_000), t)),
    "a power of powers": lambda: stated(identity(power(power(power(num(2), 10_000), 10_000), 10_000), t)),
    "a power of a matrix": lambda: stated(identity(power(add(A, B), 10_000), A)),
    "powers of sums": lambda: stated(identity(power(power(add(at_sum("x"), at_sum("y")), 60), 60), t)),
    "definitions that double": lambda: stated(
        identity(sym("d40"), t), definitions=list(doubled(41)), symbols={f"d{n}": [] for n in range(41)}
    ),
    "long numbers": lambda: stated(identity(mul(*(num("9" * 999) for _ in range(3000))), t)),
    "fractions that do not cancel": lambda: stated(
        identity(add(*(num(f"1/{10**990 + n}") for n in range(1, 2000))), t)
    ),
    "a complete graph": lambda: stated(identity(complete(40), t)),
    "a product of many entries": lambda: stated(identity(power(at(x, "i", "0"), 9999), t), indices=[["i", "n"]]),
    "an inverse of inverses": lambda: stated(identity(inverses(100), A)),
    "a product of sums": lambda: stated(
        identity(mul(*(add(*(sym(f"a{10 * n + k}") for k in range(10))) for n in range(50))), t), **SCALARS
    ),
    "a point of size 1000": lambda: certificate(
        statement(["Fails", identity(power(A, 5), A)]), witness({"n": 1000}, A=[["1"] * 1000] * 1000)
    ),
    "ones of size 1000": lambda: certificate(
        statement(["Fails", identity(power(ones("n"), 9), mul(power(size("n"), 8), ones("n")))]),
        witness({"n": 1000}),
    ),
    "nested sums at a point": lambda: certificate(
        statement(["Fails", identity(complete(9), s)]), witness({"n": 9}, s="1", A=[["1"] * 9] * 9)
    ),
    "moments at a point": lambda: certificate(
        statement(["Fails", identity(expected_of_many(9), s)]), witness({"n": 30}, s="1")
    ),
    "claims": lambda: stated(*(identity(power(add(s, t), 9), power(add(s, num(n)), 9)) for n in range(3000))),
    "deltas": lambda: certificate(
        statement(vanishing(x, where=[x])),
        ways(combination(term(0, mul(*(["Delta", "row", "of row"] for _ in range(5000)))))),
    ),
    "reciprocals of reciprocals": lambda: certificate(
        statement(vanishing(s, where=[mul(t, s)])), ways(combination(term(0, reciprocals(100))))
    ),
}


def test_a_closed_walk_at_a_point_is_contracted_index_by_index() -> None:
    walk, ones = ["Fails", identity(over_all(ring(list(range(9))), 9), s)], [["1"] * 9] * 9
    assert not refused(certificate(statement(walk), witness({"n": 9}, s="1", A=ones)))
    assert "not false" in refused(certificate(statement(walk), witness({"n": 9}, s=str(9**9), A=ones)))


def inverses(depth: int) -> Any:
    tree: Any = A
    for _ in range(depth):
        tree = ["Inverse", add(tree, B)]
    return tree


def ones(n: str) -> Any:
    return ["Ones", n, n]


def reciprocals(depth: int) -> Any:
    tree: Any = t
    for _ in range(depth):
        tree = over(num(1), add(tree, t))
    return tree


def expected_of_many(degree: int) -> Any:
    names = [f"i{n}" for n in range(degree)]
    return ["Expectation", power(mul(transposed(P), P), 2), sym("P"), [[degree, names, num(1)]]]


@pytest.mark.parametrize("name", slow_but(list(BOMBS)[::3], BOMBS))
def test_a_document_that_would_cost_much_is_refused_soon(name: str) -> None:
    assert refused(BOMBS[name]())


@pytest.mark.parametrize("depth", [3, 100, 130, 5_000, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    assert refused(deep)
    document = json.dumps(stated(identity(s, t)))
    assert refused(document.replace('["Symbol", "s"]', deep))
    trees = '["Transpose", ' * depth + '["Symbol", "A"]' + "]" * depth
    claim = document.replace('["Identity", ["Symbol", "s"], ["Symbol", "t"]', f'["Vanishing", [{trees}]')
    assert refused(claim)
    assert refused('{"a": ' * depth + "1" + "}" * depth)


def test_trees_as_deep_as_allowed_do_not_break_it() -> None:
    def deep(kind: str, depth: int) -> Any:
        tree: Any = A
        for _ in range(depth):
            tree = [kind, tree] if kind != "Add" else ["Add", [tree, B]]
        return tree

    assert not refused(stated(identity(deep("Transpose", 118), A)))
    assert "differ" in refused(stated(identity(deep("Transpose", 117), A)))
    assert not refused(
        certificate(
            statement(["Fails", identity(deep("Transpose", 115), A)]), witness({"n": 2}, A=[["0", "1"], ["0", "0"]])
        )
    )
    assert "inside of each other" in refused(stated(identity(deep("Transpose", 122), A)))
    assert "differ" in refused(stated(identity(deep("Add", 110), A)))
    sums: Any = at(x, "j", "0")
    for n in range(100):
        sums = total(sums, **{f"i{n}": "n"})
    assert not refused(stated(identity(sums, mul(power(size("n"), 100), at(x, "j", "0"))), indices=[["j", "n"]]))
    definitions = [["d0", s], *([f"d{n}", add(sym(f"d{n - 1}"), num(1))] for n in range(1, 600))]
    long = {"definitions": definitions, "symbols": {f"d{n}": [] for n in range(600)}}
    assert not refused(stated(identity(sym("d599"), add(s, num(599))), **long))
    assert "differ" in refused(stated(identity(sym("d599"), add(s, num(598))), **long))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        '"',
        "1e400",
        "NaN",
        '{"a": 1, "a": 1}',
        "-Infinity",
        "[1.0]",
        "[" + "9" * 5000 + "]",
        '{"schema": "symmix-certificate/3"}',
        "\x00",
        '{"schema": "symmix-certificate/2", "statement": 1, "digest": 2, "text": 3, "evidence": 4}',
        "\ud800",
    ],
)
def test_what_is_no_certificate_is_refused(text: str) -> None:
    assert refused(text)


def test_a_certificate_of_the_old_version_is_told_how_to_be_written_anew() -> None:
    assert "writes it anew" in refused({"schema": "symmix-certificate/1", "theorem": "t"})


def test_a_file_is_not_too_large() -> None:
    assert f"at most {MAX_BYTES} bytes" in refused(" " * (MAX_BYTES + 1))


def test_the_largest_file_is_refused_or_done_within_bounds() -> None:
    terms = [mul(num(n), power(s, n % 9)) for n in range(1, 27_000)]
    document = json.dumps(stated(identity(add(*terms), t)))
    assert MAX_BYTES // 2 < len(document) < MAX_BYTES
    begun = time.process_time()
    report = checker.check_text(document)
    assert not report.accepted
    assert report.work <= MAX_WORK
    assert time.process_time() - begun < 3 * SECONDS


@pytest.mark.parametrize("text", ["a\nCHECKED other", "a\rb", "a\u2028b", "a\u202eb", "\x1b[31m", "\u0000", "a" * 5000])
def test_nothing_in_a_document_writes_lines_of_its_own(text: str) -> None:
    document = statement(identity(s, t))
    document["claims"][0][0] = text
    assert refused(certificate(document, EQUAL))
    for key in ("theorem", "sizes", "symbols"):
        changed = statement(identity(s, t))
        changed[key] = {"theorem": text, "sizes": [text], "symbols": {text: []}}[key]
        assert refused(certificate(changed, EQUAL))
    assert refused(certificate(statement(identity(s, t), lemmas=[[text, "b", "c"]]), EQUAL))


# -- products that are one but for a bijection of their summed indices ---


@pytest.mark.parametrize("count", [3, 4, 5, 6, 8])
def test_numbering_indices_anew_changes_nothing(count: int) -> None:
    rng = random.Random(count)
    for build in (complete, lambda n: over_all(ring(list(range(n))), n)):
        document = build(count)
        for _ in range(4):
            order = rng.sample(range(count), count)
            shuffled = renamed(document, {f"i{a}": f"j{b}" for a, b in enumerate(order)}, rng)
            assert not refused(stated(vanishing(add(document, neg(shuffled)))))


def renamed(tree: Any, names: dict[str, str], rng: random.Random) -> Any:
    """Rename indices everywhere, and shuffle the factors."""
    if not isinstance(tree, list):
        return names.get(tree, tree)
    found = [renamed(part, names, rng) for part in tree]
    if found and found[0] == "Multiply":
        rng.shuffle(found[1])
    return found


def test_graphs_that_look_alike_are_told_apart() -> None:
    """Two rings of three against one of six: every index is in one edge in and one edge out."""
    two = mul(*(at(A, f"i{a}", f"i{b}") for a, b in ((0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3))))
    assert "differ" in refused(stated(identity(over_all(two, 6), over_all(ring(list(range(6))), 6))))
    assert not refused(stated(identity(over_all(two, 6), power(["Trace", power(A, 3)], 2))))
    assert not refused(stated(identity(over_all(ring(list(range(6))), 6), ["Trace", power(A, 6)])))


@pytest.mark.parametrize("count", [5, 7, 11, 13])
def test_graphs_with_much_symmetry_are_decided_or_refused(count: int) -> None:
    rng = random.Random(1)
    names = {f"i{a}": f"j{b}" for a, b in enumerate(rng.sample(range(count), count))}
    reason = refused(stated(identity(paley(count), renamed(paley(count), names, rng))))
    assert not reason or "more work" in reason


def test_many_factors_that_are_one_another_s_likeness_cost_little() -> None:
    power_of_sum = power(at_sum("x"), 12)
    assert not refused(stated(identity(power_of_sum, mul(power(at_sum("x"), 5), power(at_sum("x"), 7)))))
    star = total(mul(*(at(mul(A, x), "i", "0") for _ in range(6))), i="n")
    assert not refused(stated(identity(star, total(power(at(mul(A, x), "i", "0"), 6), i="n"))))


@pytest.mark.parametrize("width", [20_000, 60_000])
def test_a_tree_that_many_statements_share_is_counted_as_wide_as_it_is(width: int) -> None:
    """One tree stands in a sum very often: it is looked at once, and the sum is run through for each statement."""
    q, numbers = sym("q"), range(2, 1002)
    document = stated(
        *(identity(mul(q, num(k)), mul(num(k), q)) for k in numbers), definitions=[["q", add(*[s] * width)]]
    )
    assert "more work" in refused(json.dumps(document, separators=(",", ":")))


@pytest.mark.parametrize("number", [1_000, 30_000])
def test_many_indices_inside_of_each_other_are_counted(number: int) -> None:
    indices = [[f"a{k}", "n"] for k in range(number)]
    for claim in (identity(["Total", indices, num(1)], s), vanishing(s, where=[["ForAll", indices, s]])):
        assert "more work" in refused(stated(claim))


def test_many_definitions_of_which_each_statement_uses_one_are_counted() -> None:
    names = [f"d{k}" for k in range(4_000)]
    claims = [identity(mul(sym(name), num(2)), mul(num(2), sym(name))) for name in names[:1_500]]
    symbols: Any = {name: [] for name in names}
    assert "more work" in refused(stated(*claims, definitions=[[name, s] for name in names], symbols=symbols))
