"""The reader of what is printed for Coq reads it as Coq does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.coq_beside import any_of, drawn
from tests.coq_grammar import Parser, ReadError, sentences
from tests.coq_reader import (
    SPACES,
    Kind,
    Maps,
    Space,
    built,
    read,
)
from tests.test_coq import needs_coq


def anything(random: Random, name: str, kind: Kind) -> Any:
    """Return any value of a type; a space has the size that its name ends with."""
    match kind:
        case "Space":
            return Space(int(name[-1]))
        case Maps(source=source, target=target):
            return built(kind, [[drawn(random) for _ in range(source.size)] for _ in range(target.size)])
        case Space(size=size):
            return built(kind, [drawn(random) for _ in range(size)])
    return drawn(random)


def holds(code: str) -> bool:
    """Whether a theorem is true where everything is drawn."""
    document, random = read(code), Random(1)
    (stated,) = document.theorems.values()
    env = document.environment(stated, lambda name, kind: anything(random, name, kind))
    return all(fact.left == fact.right for fact in document.facts(stated.conclusion, env, any_of(random)))


SUMS = ["- 2 ^ 2", "1 - 2 - 3", "12 / 2 / 3 * 4", "- 6 / 2 * 3 + 1", "2 * 3 ^ 2 - - 1", "(2 - 3) ^ 3 * - 2"]
MAP = re.compile(
    r"Definition (\w+) (.*) : Linear U V\.\nProof\.\n *refine {\| app := fun u => (.*); adj := fun v => (.*) \|}"
)
TANGENT = "forall t, f t = f 0 + t * s + t * t * curvature f"


@needs_coq
def test_operators_bind_as_they_do_in_coq(tmp_path: Path) -> None:
    results = [read("").value(Parser(next(sentences(f"{text}."))).term(), {}) for text in SUMS]
    goals = [f"Goal {text} = {x}. Proof. lra. Qed.\n" for text, x in zip(SUMS, results, strict=True)]
    (tmp_path / "sums.v").write_text(f"From Coq Require Import Reals Lra.\nOpen Scope R_scope.\n{''.join(goals)}")
    subprocess.run(["coqc", "-q", "sums.v"], cwd=tmp_path, check=True)


def test_maps_are_those_of_the_prelude() -> None:
    """``plus``, ``times`` and ``outer`` come with proofs; what they do is a term."""
    found = MAP.findall(SPACES)
    assert [name for name, *_ in found] == ["plus", "times", "outer"]
    defined = [f"Definition {name}_app {binders} (u : U) : V := {app}.\n" for name, binders, app, _ in found]
    defined += [f"Definition {name}_adj {binders} (v : V) : U := {adj}.\n" for name, binders, _, adj in found]
    front = f"{''.join(defined)}Theorem t : forall (U2 V3 : Space) (A B : Linear U2 V3) (a v : V3) (b u : U2) (s : R),"
    for name, arguments in (("plus", "A B"), ("times", "s A"), ("outer", "a b")):
        for side, vector in (("app", "u"), ("adj", "v")):
            assert holds(f"{front} {side} ({name} {arguments}) {vector} = {name}_{side} {arguments} {vector}.")


@pytest.mark.parametrize(
    ("line", "slope", "true"),
    [("a + b * x + c * x ^ 2", "b", True), ("a + b * x + c * x ^ 2", "c", False), ("x ^ 3", "1", False)],
)
def test_a_tangent_is_what_the_prelude_defines(line: str, slope: str, true: bool) -> None:  # noqa: FBT001
    assert f"Prop := {TANGENT}" in SPACES
    front, f = "Theorem t : forall (a b c t : R),", f"(fun x => {line})"
    defined = re.sub(r"\b[fs]\b", lambda name: {"f": f, "s": slope}[name[0]], TANGENT.removeprefix("forall t,"))
    assert holds(f"{front} tangent {f} {slope}.") is holds(f"{front} {defined}.") is true


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("Axiom mine : False.", "an unknown command"),
        ("Definition sub (u : R) : R := u.", "defined twice"),
        ("Theorem t : forall (s : R), s = s", "no full stop"),
        ("Theorem t : forall (s : R), s = (s.", r"\) expected"),
        ("Theorem t : forall (s : R), s == s.", "a term expected"),
        ("Theorem t : forall (z : h2), z = z.", "no type"),
        ("Theorem t : forall (s : R), s = t.", "t of 0 arguments is not defined"),
        ("Theorem t : forall (h2 : Space) (z : h2), z + z = z.", "a number expected"),
        ("Theorem t : forall (h2 k3 : Space) (W : Linear h2 k3) (y : k3), app W y = y.", "app of"),
        ("Theorem t : forall (h2 k3 : Space) (z : h2) (y : k3), sub z y = z.", "is not of the type"),
        ("Definition d (s : R) : R := s.\nTheorem t : forall (h2 : Space) (z : h2), d z = 0.", "is not of the type"),
        ("Theorem t : forall (s : R), s ^ s = s.", "a natural number expected"),
        ("Theorem t : forall (s : R), s.", "an equation expected"),
    ],
)
def test_what_is_no_coq_is_not_read(code: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        holds(code)
