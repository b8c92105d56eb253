"""What is printed for Coq is read back: each side of each statement has the value that SymPy's scalars give it.

Coq shows that what is printed is true; here it is seen to be what was stated. No side, premise or hypothesis that is
printed is left out. The conditions of a theorem (``s > 0``) have nothing to be compared with: they are not printed.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.export.coq import theory
from symmix.language.nodes import At, Gradient, MatrixExpectation, ScalarExpectation
from symmix.notation import d, h, k, n, p
from symmix.statements import Equivalence, Identity, Statement, Vanishing
from symmix.theorems import Script, expressions_of
from tests.catalogue import SCRIPTS
from tests.coq_reader import (
    SPACES,
    Choice,
    Document,
    Env,
    Fact,
    Families,
    Family,
    Infix,
    Kind,
    Law,
    Maps,
    Name,
    Parser,
    Proposition,
    ReadError,
    Sample,
    Samples,
    Space,
    Term,
    applications,
    built,
    read,
    sentences,
)
from tests.oracle import Point, occurring
from tests.test_coq import IN_PART, WHOLE, needs_coq

SIZES = ({h: 2, k: 4, n: 3, p: 5, d: 6}, {h: 3, k: 5, n: 2, p: 4, d: 6})


# -- what was meant ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Values:
    """The values of expressions at a point, by SymPy's scalars, each worked out once."""

    point: Point
    known: dict[sp.Basic, Any] = field(default_factory=dict)

    def of(self, expression: sp.Basic) -> Any:
        """Return the entries of an expression, along the axes that are longer than 1."""
        if expression not in self.known:
            entries = self._entries(expression)
            shape = [1 + max(axis) for axis in zip(*entries, strict=True)]
            fractions = np.array([fraction(x) for x in entries.values()], dtype=object)
            self.known[expression] = fractions.reshape([size for size in shape if size > 1])
        return self.known[expression]

    def _entries(self, expression: sp.Basic) -> Mapping[tuple[int, ...], Any]:
        if isinstance(expression, ArraySymbol):
            return self.point.arrays[expression]
        explicit = self.point.explicit(expression)
        return {place: explicit[place] for place in product(*map(range, explicit.shape))}

    @cached_property
    def elsewhere(self) -> Values:
        """The values at another point of the same sizes."""
        scalars = {symbol: 2 * x + 1 for symbol, x in self.point.scalars.items()}
        matrices = {symbol: x.applyfunc(lambda entry: entry + 1) for symbol, x in self.point.matrices.items()}
        return Values(replace(self.point, scalars=scalars, matrices=matrices))


@dataclass(frozen=True)
class Original:
    """A statement and the values of what it is made of; nothing here knows the printer."""

    statement: Identity | Vanishing | Equivalence
    values: Values

    @property
    def equations(self) -> list[tuple[sp.Basic, sp.Basic]]:
        """What is said to be equal."""
        match self.statement:
            case Identity(left=left, right=right):
                return [(left, right)]
            case Vanishing(expressions=expressions):
                zeros = [*expressions]
            case Equivalence(left=left, right=right):
                zeros = [*left, *right]
        return [(expression, sp.ZeroMatrix(*getattr(expression, "shape", (1, 1)))) for expression in zeros]

    @cached_property
    def stated(self) -> list[sp.Basic]:
        """The expressions of the statement, and of the definitions that they use."""
        definitions, found = self.values.point.definitions, expressions_of(self.statement)
        for expression in found:  # it grows on the way
            used = expression.atoms(sp.Symbol, sp.MatrixSymbol) & definitions.keys()
            found += sorted({definitions[symbol] for symbol in used} - {*found}, key=str)
        return found

    @cached_property
    def symbols(self) -> Mapping[str, sp.Basic]:
        """The symbols, by what their names have to look like in Coq."""
        point = self.values.point
        symbols = [s for s in occurring(self.stated, point.definitions) if s not in point.sizes]
        table = {str(s.name).replace("~", "_mixed").replace("+", "_plus").replace("-", "_mean"): s for s in symbols}
        assert len(table) == len(symbols), "two symbols of one name"
        return table

    @cached_property
    def moments(self) -> Mapping[str, Mapping[int, Fraction]]:
        """What is known of each random number, by the name of its law."""
        known: dict[str, dict[int, Fraction]] = {}
        for node in set().union(
            *(expression.atoms(ScalarExpectation, MatrixExpectation) for expression in self.stated)
        ):
            for degree, moment in node.moments.items():
                value = self.values.of(moment).item()
                stated = known.setdefault(f"law_{node.random.name}", {}).setdefault(degree, value)
                assert stated == value, "two laws of one name"
        return known

    @property
    def denominators(self) -> set[Fraction]:
        """What is divided by, but for numbers and sizes: the quotients of its values at two points.

        A number that it is multiplied by makes no difference to them, nor to where it is zero.
        """
        powers = set().union(*(expression.atoms(sp.Pow) for expression in self.stated))
        below = {factor for x in powers if x.exp.is_negative for factor in sp.Mul.make_args(x.base)}
        bases = {factor.as_base_exp()[0] for factor in below} - self.values.point.sizes.keys()
        bases |= {*getattr(self.statement, "provided", ())}
        points = (self.values, self.values.elsewhere)
        return {Fraction(*(values.of(base).item() for values in points)) for base in bases if not base.is_Number}


def differentiated(node: sp.Basic) -> set[sp.Basic]:
    """Return what is differentiated in an expression, with the symbols replaced that are."""
    if isinstance(node, Gradient):
        return {node.differentiated}
    if isinstance(node, At):
        return {At(scalar, node.values) for scalar in differentiated(node.matrix)}
    return set().union(*(differentiated(part) for part in node.args))


def paired(value: Any, chosen: Iterable[Any]) -> Any:
    """Return entries at the chosen samples, or their inner product with the chosen vectors, from the last axis on."""
    for choice in reversed([*chosen]):
        if isinstance(choice, Family):
            value = np.asarray(np.sum(value * np.array(choice.members, dtype=object)))
            continue
        size = choice.among.size if isinstance(choice, Sample) else len(choice)
        axes = [axis for axis, length in enumerate(value.shape) if length == size]
        if not axes:
            raise ReadError(f"{choice} along an axis of {value.shape}")
        vector = [Fraction(place == choice.place) for place in range(size)] if isinstance(choice, Sample) else choice
        value = np.tensordot(value, np.array(vector, dtype=object), (axes[-1], 0))
    plain = np.asarray(value, dtype=object).tolist()
    return tuple(plain) if isinstance(plain, list) else plain


def law(moments: Mapping[int, Fraction]) -> Law:
    """Return the law on as many numbers as it takes that has the given moments, whatever these are.

    Weights may be negative: of an expectation the prelude asks no more than that it is linear, and 1 of 1.
    """
    stated = [moments[degree] for degree in range(1, len(moments) + 1)]
    numbers = [sp.Rational(2 * place + 1, place + 3) for place in range(len(moments) + 1)]
    powers = sp.Matrix([[x**degree for x in numbers] for degree in range(len(numbers))])
    right = [sp.Rational(x.numerator, x.denominator) for x in (Fraction(1), *stated)]
    weights = powers.LUsolve(sp.Matrix(right))
    return Law({fraction(x): fraction(weight) for x, weight in zip(numbers, weights, strict=True)})


def fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))


# -- side by side ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """A value that was printed, and the one that was meant."""

    what: str
    printed: Any
    meant: Any


@dataclass(frozen=True)
class SideBySide:
    """A printed theorem, and the statement that it was printed from."""

    document: Document
    stated: Proposition
    original: Original

    @property
    def comparisons(self) -> Iterator[Comparison]:
        """Run through premises, hypotheses and equations."""
        facts = zip(self._divisors, self._elsewhere._divisors, strict=True)
        quotients = {Fraction(one.left - one.right, other.left - other.right) for one, other in facts}
        yield Comparison("denominators", quotients, self.original.denominators)
        known = [(Name(name), x) for name, moments in self.original.moments.items() for x in moments.values()]
        yield Comparison("moments", self._moments, {(name, x, x) for name, x in known})
        yield from self._hypotheses
        yield from self._conclusion

    @cached_property
    def env(self) -> Env:
        """What is quantified at the front: the original's point."""
        point, symbols = self.original.values.point, self.original.symbols
        sizes = {str(size.name): x for size, x in point.sizes.items()}
        places = iter(point.at.values())  # free samples come in the theorem's order, under names of their own

        def given(name: str, kind: Kind) -> Any:
            match kind:
                case "Space":
                    return Space(sizes[name])
                case "Samples":
                    return Samples(sizes[name])
                case "Expectation":
                    return law(self.original.moments[name])
                case Samples():
                    return Sample(kind, next(places))
            symbol = symbols[name if name in symbols else name.removesuffix("_")]  # a word of Coq's has one more
            return built(kind, self.original.values.of(symbol).tolist())

        return self.document.environment(self.stated, given)

    def _facts(self, term: Term, choose: Choice) -> list[Fact]:
        return [*self.document.facts(term, self.env, choose)]

    # -- premises ---

    def _premises(self, sort: str) -> list[Term]:
        """Return the premises of one sort: on a moment, on a denominator, or a hypothesis."""

        def sort_of(term: Term) -> str:
            inequation = isinstance(term, Infix) and term.operator == "<>"
            return "denominator" if inequation else "moment" if any(applications(term, "moment")) else "hypothesis"

        return [term for term in self.stated.premises if sort_of(term) == sort]

    @property
    def _elsewhere(self) -> SideBySide:
        return replace(self, original=replace(self.original, values=self.original.values.elsewhere))

    @property
    def _divisors(self) -> list[Fact]:
        return [fact for term in self._premises("denominator") for fact in self._facts(term, every)]

    @property
    def _moments(self) -> set[tuple[Term, Fraction, Fraction]]:
        """The laws, the moments that they have, and what is said of these."""
        uses = [(use.arguments[0], term) for term in self._premises("moment") for use in applications(term, "moment")]
        return {(name, fact.left, fact.right) for name, term in uses for fact in self._facts(term, every)}

    @property
    def _hypotheses(self) -> Iterator[Comparison]:
        given, where = self._premises("hypothesis"), self.original.statement.where
        yield Comparison("hypotheses", len(given), len(where))
        for number, (term, expression) in enumerate(zip(given, where, strict=False), start=1):
            for fact in self._facts(term, every):
                meant = paired(self.original.values.of(expression), fact.chosen)
                yield Comparison(f"hypothesis {number}", difference(fact), meant)

    # -- equations ---

    @property
    def _conclusion(self) -> Iterator[Comparison]:
        equations = self.original.equations
        yield Comparison("equations", len(self.stated.parts), len(equations))
        if len(self.stated.parts) == len(equations):
            for part, sides in zip(self.stated.parts, equations, strict=True):
                yield from self._equation(part, *sides)

    def _equation(self, part: Term, left: sp.Basic, right: sp.Basic) -> Iterator[Comparison]:
        """Compare the sides; their slopes have to be of lines that are parabolas, and start at what is differentiated.

        Where that starts tells objectives apart whose slopes agree.
        """
        of = self.original.values.of
        means = left.atoms(MatrixExpectation) | right.atoms(MatrixExpectation)
        numbers = [of(mean.random).item() for mean in means][:1]  # one number is random, and has one value at the point
        facts = self._facts(part, any_of(Random("directions"), numbers))
        slopes, lines = ({use.arguments for use in applications(part, word)} for word in ("slope", "quadratic"))
        yield Comparison("slopes", slopes, lines)
        parabolas = [fact for fact in facts if fact.relation == "quadratic"]
        start = {of(scalar).item() for side in (left, right) for scalar in differentiated(side)}
        yield Comparison("what is differentiated", {fact.left[0] for fact in parabolas}, start)
        yield from (Comparison("a parabola", fact.left, fact.right) for fact in parabolas)
        equations = [fact for fact in facts if fact.relation == "="]
        assert len(equations) + len(parabolas) == len(facts) > len(parabolas)
        for fact in equations:
            yield Comparison("left", fact.left, paired(of(left), fact.chosen))
            yield Comparison("right", fact.right, paired(of(right), fact.chosen))


def difference(fact: Fact) -> Any:
    """Return left - right, of numbers or vectors."""
    assert fact.relation == "="
    if isinstance(fact.left, tuple):
        return tuple(x - y for x, y in zip(fact.left, fact.right, strict=True))
    return fact.left - fact.right


def every(kind: Kind) -> list[Any]:
    """Return all samples, or a basis of a space."""
    match kind:
        case Samples(size=size):
            return [Sample(kind, place) for place in range(size)]
        case Space(size=size):
            return [tuple(Fraction(place == one) for place in range(size)) for one in range(size)]
    raise ReadError(f"all of {kind}")


def any_of(random: Random, numbers: Iterable[Fraction] = ()) -> Choice:
    """Return what draws a direction, one vector or a family of them, but takes every sample, and the given numbers."""

    def choose(kind: Kind) -> list[Any]:
        match kind:
            case Space(size=size):
                return [tuple(drawn(random) for _ in range(size))]
            case Families(among=among, of=Space() as space):
                return [Family(among, tuple(choose(space)[0] for _ in range(among.size)))]
            case "R":
                return [*numbers]
        return every(kind)

    return choose


def drawn(random: Random) -> Fraction:
    """Return a fraction that is not zero, nor likely to be drawn again."""
    return random.choice((-1, 1)) * Fraction(random.randint(1, 19), random.choice((1, 2, 3, 5)))


# -- the catalogue -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A claim or a near miss of the catalogue, and where it stands in what was printed."""

    script: Script
    label: str
    statement: Statement
    code: str
    name: str

    def differences(self, case: int = 0) -> list[Comparison]:
        """Return in what the text and the statement differ, for every free sample, at the sizes of a case."""
        document = read(self.code)
        assert isinstance(self.statement, Identity | Vanishing | Equivalence)
        symbols = set().union(*(expression.free_symbols for expression in expressions_of(self.statement)))
        free = [index for index in self.script.theorem.indices if index in symbols]
        found: list[Comparison] = []
        for places in product(*(range(SIZES[case][self.script.theorem.indices[index]]) for index in free)):
            original = Original(self.statement, values(self.script.id, case, tuple(zip(free, places, strict=True))))
            beside = SideBySide(document, document.theorems[self.name], original)
            found += [one for one in beside.comparisons if one.printed != one.meant]
        return found


@cache
def printed(identifier: str) -> list[Printed]:
    """Return all that is printed of a theorem: claims are in one file, each near miss has its own."""
    one, theorem = theory(SCRIPTS[identifier]), SCRIPTS[identifier].theorem
    missed = [label for label in theorem.near_misses if f"near miss, {label}" not in one.outside]
    files = [f"{identifier}__near_miss_{place}.v" for place in range(1, len(missed) + 1)]
    assert [*one.files] == [f"{identifier}.v", *files]
    claims = [
        Printed(one.script, label, theorem.claims[label], one.files[f"{identifier}.v"], f"claim_{place}")
        for place, label in enumerate(one.claims, start=1)
    ]
    near_misses = [
        Printed(one.script, f"near miss, {label}", theorem.near_misses[label], one.files[file], "near_miss_1")
        for label, file in zip(missed, files, strict=True)
    ]
    return [*claims, *near_misses]


@cache
def values(identifier: str, case: int, at: tuple[tuple[sp.Symbol, int], ...]) -> Values:
    """Return a theorem's point, with fractions for all symbols."""
    random, theorem = Random(case), SCRIPTS[identifier].theorem
    expressions = [expression for one in printed(identifier) for expression in expressions_of(one.statement)]
    anywhere = dict.fromkeys(theorem.indices, 0)
    point = Point.drawn(SIZES[case], *expressions, at=anywhere, definitions=theorem.definitions)

    def entry(*_: Any) -> sp.Rational:
        x = drawn(random)
        return sp.Rational(x.numerator, x.denominator)

    scalars = {symbol: entry() for symbol in point.scalars}
    matrices = {symbol: x.applyfunc(entry) for symbol, x in point.matrices.items()}
    arrays = {symbol: {place: entry() for place in table} for symbol, table in point.arrays.items()}
    return Values(replace(point, scalars=scalars, matrices=matrices, arrays=arrays, at=dict(at)))


@pytest.mark.parametrize("case", range(len(SIZES)))
@pytest.mark.parametrize("identifier", [*WHOLE, *IN_PART])
def test_what_is_printed_is_what_was_stated(identifier: str, case: int) -> None:
    for one in printed(identifier):
        assert one.differences(case) == [], one.label


# -- what is printed wrongly is noticed, also where it is true ---------------------------------------------------------

SLIPS = [
    pytest.param(
        "zero_gradient_does_not_imply_fit",
        "exactly when",
        {"scale (1 - lam) (e' W": "scale lam (e' W"},
        {"left"},
        id="another equation on one side of an equivalence",
    ),
    pytest.param(
        "zero_gradient_does_not_imply_fit",
        "exactly when",
        {"lam <> 0": "1 - lam <> 0"},
        {"denominators"},
        id="an equivalence given something else",
    ),
    pytest.param(
        "expected_gradient_vanishes_iff_fit",
        "by z",
        {"scale m2 (adj W": "scale m (adj W"},
        {"right"},
        id="another moment beside an expected gradient",
    ),
    pytest.param(
        "expected_gradient_vanishes_iff_fit",
        "by z",
        {"expect law_lam (fun lam => slope": "expect law_lam (fun lam => lam * slope"},
        {"left"},
        id="an expectation of something else",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {"add (scale lam (e W": "sub (scale lam (e W"},
        {"right"},
        id="a sign",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {
            "sub (sub (add": "sub (add",
            "z')))) b.": "z'))).",
            "sub (sub y": "sub y",
            "z)) b.": "z).",
            "z')) b.": "z').",
        },
        {"left", "right"},
        id="no bias on both sides, which is true as well",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {"(scale lam y) (scale (1 - lam) y')": "(scale (1 - lam) y) (scale lam y')"},
        {"left"},
        id="the targets are mixed the other way round, in a definition",
    ),
    pytest.param(
        "gradient_has_four_terms",
        "near miss, W for its transpose, at k = h",
        {"adj K (app V": "adj K (adj V"},
        {"right"},
        id="the adjoint for the map",
    ),
    pytest.param(
        "gradient_has_four_terms",
        "",
        {"move step z' (app J' dir)": "z'"},
        {"left"},
        id="the second feature stays where it is",
    ),
    pytest.param(
        "partner_error_moves_the_feature",
        "the feature gradient",
        {"(move step z dir) z'": "z (move step z' dir)"},
        {"left"},
        id="the other symbol moves",
    ),
    pytest.param(
        "partner_error_moves_the_feature",
        "where the second point is fitted",
        {"(e' W z' b y' = zero)": "(e W z b y = zero)"},
        {"hypothesis 1"},
        id="another hypothesis",
    ),
    pytest.param(
        "gradient_vanishes_at_fit",
        "",
        {"(e W z b y = zero) ->": ""},
        {"hypotheses", "hypothesis 1"},
        id="a hypothesis is lost",
    ),
    pytest.param(
        "gradient_vanishes_at_fit",
        "",
        {"(forall (dir : h), tangent (fun step => L W (move step z dir) z' b y y' lam) 0) /\\": ""},
        {"equations"},
        id="an equation is lost",
    ),
    pytest.param(
        "loss_ignores_flatness",
        "reparametrised features",
        {"app B (app A column)": "app A (app B column)"},
        {"hypothesis 1"},
        id="an inverse from the other side",
    ),
    pytest.param(
        "own_terms_are_regression_gradients",
        "the own terms",
        {"quadratic (fun step => l W (move step z (app J dir)) b y) /\\": ""},
        {"slopes", "what is differentiated"},
        id="nothing says that a line is quadratic",
    ),
    pytest.param(
        "own_terms_are_regression_gradients",
        "the regression gradient",
        {"move step z (app J dir)": "move step z (scale step (app J dir))"},
        {"left", "a parabola"},
        id="a line that is bent",
    ),
    pytest.param(
        "input_mixup_separates_for_affine_encoders",
        "four terms",
        {"outer row column": "outer (app A column) (adj A row)"},
        {"left"},
        id="another direction",
    ),
    pytest.param(
        "beta_moments",
        "Beta(a, q): cross",
        {"a + q + 1 <> 0 ->": ""},
        {"denominators"},
        id="a denominator that may be zero",
    ),
    pytest.param(
        "beta_moments",
        "own",
        {"moment law_lam 2 = (a + 1)": "moment law_lam 2 = (a + 2)"},
        {"moments"},
        id="another moment",
    ),
    pytest.param(
        "pair_average_is_erm_minus_variance",
        "",
        {"((count n) ^ 2)": "(count n)"},
        {"left"},
        id="a sum over all pairs, divided by the number of samples",
    ),
    pytest.param(
        "pair_average_is_erm_minus_variance",
        "near miss, one pair stands for all",
        {"(Z j)": "(Z i)"},
        {"left"},
        id="another sample",
    ),
    pytest.param(
        "mixing_graph_removes_dirichlet_energy",
        "row-stochastic",
        {"P i3 j3": "P j3 i3"},
        {"hypothesis 1"},
        id="columns for rows",
    ),
    pytest.param(
        "cross_terms_average_to_mean_residual_gradient",
        "all four",
        {"(app (JZ i1) dir)": "(app (JZ i1) (scale 2 dir))"},
        {"right"},
        id="features that move twice as far",
    ),
    pytest.param(
        "linear_head_mixup_is_erm",
        "bias",
        {"(move step b dir) Z Y": "(move step b (scale 2 dir)) Z Y"},
        {"left", "right"},
        id="twice the gradient on both sides, which is true as well",
    ),
    pytest.param(
        "folding_the_ratio_changes_nothing",
        "symmetric pairing",
        {"S_ i j + S_ j i": "S_ i j + S_ i j"},
        {"left"},
        id="a pairing that need not be symmetric",
    ),
    pytest.param(
        "temporal_linearization_gradient_at_fit",
        "last",
        {"(app W (add (scale lam z)": "(app W (add (scale lam z')"},
        {"what is differentiated"},
        id="another objective with the same derivative",
    ),
    pytest.param(
        "temporal_linearization_gradient_at_fit",
        "middle",
        {"(scale 2 z__plus)) dir": "(scale 2 z)) dir"},
        {"right"},
        id="another symbol",
    ),
]


@pytest.mark.parametrize(("identifier", "label", "slips", "noticed"), SLIPS)
def test_a_slip_is_noticed(identifier: str, label: str, slips: Mapping[str, str], noticed: set[str]) -> None:
    (one,) = (one for one in printed(identifier) if one.label == label)
    code = " ".join(one.code.split())
    assert replace(one, code=code).differences() == []
    for right, wrong in slips.items():
        assert right in code
        code = code.replace(right, wrong)
    assert {difference.what for difference in replace(one, code=code).differences()} == noticed


# -- the reader itself -------------------------------------------------------------------------------------------------


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
