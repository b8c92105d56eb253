"""What is given, in words and formulas: a standing setting, and what one theorem has beyond it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from symmix.printing.display import Relation, enumerated
from symmix.printing.layout import width
from symmix.printing.symbols import SIZE
from symmix.printing.wording import Chain, assumptions, chains
from symmix.publish.article.nouns import meaning, noun
from symmix.publish.article.pen import LINE, Pen, filled
from symmix.publish.article.standing import Given
from symmix.publish.functions import as_formula
from symmix.terms import nodes as t
from symmix.terms.functions import functions_of
from symmix.terms.names import ONE_SIZE

SIGNS = {">": r"\gt", ">=": r"\ge", "<": r"\lt", "<=": r"\le", "!=": r"\ne"}


def shape(axes: tuple[str, ...], pen: Pen, field: str = "R") -> str:
    r"""Return ``\mathbb{R}^{k}``; a row keeps that it has one."""
    if all(size == ONE_SIZE for size in axes):
        return rf"\mathbb{{{field}}}"
    kept = axes[:1] if axes[1:] == (ONE_SIZE,) else axes
    exponent = r"\times ".join("1" if size == ONE_SIZE else pen.setter.printer.name(size, SIZE) for size in kept)
    return rf"\mathbb{{{field}}}^{{{exponent}}}"


def sizes(names: Sequence[str], pen: Pen) -> str:
    """Return ``k, h >= 1`` with dollar signs."""
    return rf"${', '.join(pen.setter.printer.name(size, SIZE) for size in names)} \ge 1$"


def named(symbols: Sequence[t.Symbol], pen: Pen) -> str:
    r"""Return ``y, y' \in \mathbb{R}^{k}`` for symbols of one shape, with dollar signs."""
    field = "Z" if symbols[0].name in pen.outcome.document.setting.whole else "R"
    names = ", ".join(pen.setter.printer.name(x.name, x.axes) for x in symbols)
    return rf"${names} \in {shape(symbols[0].axes, pen, field)}$"


def declared(symbols: Sequence[t.Symbol], pen: Pen) -> Iterator[str]:
    """Run through declarations: what a symbol is, if that is known, and its shape.

    Primed twins stand together, and so do symbols of one shape of which nothing is known.
    """
    unknown: dict[tuple[str, ...], list[t.Symbol]] = {}
    for twins in twinned(symbols):
        said = noun(twins[0], pen.outcome, pair=len(twins) > 1)
        own = [words for words in (meaning(x, pen.outcome) for x in twins) if words]
        if said:
            yield said.format(named(twins, pen))
        elif own:
            yield f"{named(twins, pen)} ({pen.words('; '.join(own))})"
        else:
            unknown.setdefault(twins[0].axes, []).extend(twins)
    yield from (named(alike, pen) for alike in unknown.values())


def twinned(symbols: Iterable[t.Symbol]) -> list[list[t.Symbol]]:
    """Return symbols with their primed twins."""
    found: dict[tuple[str, tuple[str, ...]], list[t.Symbol]] = {}
    for symbol in symbols:
        found.setdefault((symbol.name.rstrip("'"), symbol.axes), []).append(symbol)
    return list(found.values())


def jacobians(given: Given, pen: Pen) -> list[str]:
    """Return ``dz/dtheta = J``, with dollar signs."""
    write = pen.setter.printer.print
    return [rf"$\partial {write(x)}/\partial {write(by)} = {pen.inline(value)}$" for x, by, value in given.jacobians]


def moment(random: t.Symbol, found: t.Moment, pen: Pen) -> str:
    """Return a moment of a random symbol, without dollar signs."""
    name, value = pen.setter.printer.print(random), pen.setter.inline_printer.print(found.value)
    if not found.indices:
        power = f"^{{{found.degree}}}" if found.degree > 1 else ""
        return rf"\mathbb{{E}}\,{name}{power} = {value}"
    span = len(found.indices) // found.degree
    places = [found.indices[d * span : (d + 1) * span] for d in range(found.degree)]
    return rf"\mathbb{{E}}\,{''.join(f'{name}_{{{chr(32).join(place)}}}' for place in places)} = {value}"


def condition(chain: Chain, pen: Pen) -> str:
    """Return one condition, with dollar signs."""
    return f"${' '.join(pen.inline(p) if isinstance(p, t.Expression) else SIGNS[p] for p in chain)}$"


def own(given: Given, shared: Given, pen: Pen) -> str:
    """Return what a theorem has beyond the setting, in a sentence or two; empty if there is nothing."""
    new = given.without(shared)
    moments = {found.value for _, found in given.means}  # E lam = m says what m is
    parts = list(declared([x for x in new.symbols if x not in given.definitions and x not in moments], pen))
    parts += [rf"arbitrary ${pen.setter.printer.print(x)}$" for x in given.undefined(shared)]
    parts += [sizes(new.sizes, pen)] if new.sizes else []
    spoken = [claim for _, claim in pen.outcome.document.claims]
    parts += maps(functions_of(spoken), pen)
    with_ = jacobians(new, pen)
    sentences = (
        [f"Given are also {enumerated(parts)}{f', with {enumerated(with_)}' if with_ else ''}."] if parts else []
    )
    if with_ and not parts:
        sentences.append(f"Here {enumerated(with_)}.")
    sentences += _assumed(new, pen)
    if new.definitions:
        elsewhere = [x for x in new.definitions if x in shared.definitions]
        found = {**new.definitions, **resting(given.definitions, elsewhere)}
        relations = [Relation(x, "=", value) for x, value in found.items()]
        sentences.append(_put(relations, pen, "In place of the setting's, here" if elsewhere else "Here"))
    return " ".join(sentences)


def maps(found: Iterable[t.Function], pen: Pen) -> Iterator[str]:
    """Run through functions that are not given: what they map to what, and what they are, if that is known."""
    for function in found:
        said = meaning(function, pen.outcome)
        formula = as_formula(function, pen.setter.printer, lambda axes: shape(axes, pen))
        yield f"${formula}$ ({pen.words(said)})" if said else f"${formula}$"


def resting(definitions: Mapping[t.Symbol, t.Expression], on: Iterable[t.Symbol]) -> dict[t.Symbol, t.Expression]:
    """Return the definitions that rest on some symbols: where these are others, so is what rests on them."""
    touched, found = set(on), dict[t.Symbol, t.Expression]()
    while some := {x: v for x, v in definitions.items() if x not in touched and touched & {*v.walk()}}:
        found |= some
        touched |= set(some)
    return found


def _assumed(new: Given, pen: Pen) -> list[str]:
    """Return the sentence with conditions, moments, independence, and what is divided by."""
    moments = [f"${moment(random, found, pen)}${_only(random, found, pen)}" for random, found in new.means]
    of_moments = {x.name for random, found in new.means for x in found.value.walk() if isinstance(x, t.Symbol)}
    written = [condition(chain, pen) for chain in chains(new.conditions) if not _about(chain, of_moments)]
    by_name = {symbol.name: symbol for symbol in pen.outcome.frame.names.symbols.values()}
    said = [
        f"${pen.setter.printer.print(by_name[x])}$ {word}"
        for x, word in pen.outcome.document.setting.properties
        if x in by_name
    ]
    independent = [
        rf"${pen.setter.printer.print(by_name[x])}$ and ${pen.setter.printer.print(by_name[y])}$ independent"
        for x, y in pen.outcome.document.setting.independent
        if x in by_name and y in by_name
    ]
    found = [*said, *written, *moments, *independent, *_divisors(pen)]
    return [f"Assume {enumerated(found)}."] if found else []


def _only(random: t.Symbol, found: t.Moment, pen: Pen) -> str:
    """Return in which claims a moment has this value, if it has another one elsewhere in the theorem."""
    name = pen.outcome.script.id
    values: dict[t.Moment, list[int]] = {}
    for number, (_, claim) in enumerate(pen.outcome.document.claims, 1):
        averages = {node for node in claim.walk() if isinstance(node, t.Expectation) and node.random == random}
        for one in {x for node in averages for x in node.moments if x.degree == found.degree}:
            values.setdefault(one, []).append(number)
    return f" in {_numbers(values.get(found, []), f'eq:{name}:') or 'the proof'}" if len(values) > 1 else ""


def _numbers(places: Sequence[int], label: str) -> str:
    """Return ``(1)--(3) and (5)``."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    parts = [[run[0], run[-1]] if len(run) > 2 else run for run in runs]
    written = [[rf"\eqref{{{label}{place}}}" for place in part] for part in parts]
    ends = ["--".join(part) if len(run) > 2 else enumerated(part) for part, run in zip(written, runs, strict=True)]
    return enumerated(ends) if ends else ""


def _about(chain: Chain, names: set[str]) -> bool:
    nodes = [node for part in chain if isinstance(part, t.Expression) for node in part.walk()]
    return any(isinstance(node, t.Symbol) and node.name in names for node in nodes)


def _divisors(pen: Pen) -> list[str]:
    """Return what must not be zero or must have an inverse, unless it is plainly positive."""
    verdicts = [*pen.outcome.claims.values(), *(verdict for chain in pen.outcome.steps for verdict in chain)]
    found: dict[str, None] = {}
    for tree in assumptions(verdicts):
        if isinstance(tree, t.Inverse):
            found[rf"that ${pen.inline(tree.of)}$ has an inverse"] = None
            continue
        for factor in _factors(tree):
            if not positive(factor, pen):
                found[rf"${pen.inline(factor)} \ne 0$"] = None
    return list(found)


def _factors(tree: t.Expression) -> list[t.Expression]:
    """Return what must not be zero one by one: factors, without numbers; of a sum, without what all terms share."""
    match tree:
        case t.Number():
            return []
        case t.Multiply(factors=factors):
            return [x for factor in factors for x in _factors(factor)]
        case t.Power(base=base):
            return _factors(base)
        case t.Add(terms=terms):
            counts = [abs(_count(term)) for term in terms]
            share = Fraction(gcd(*(c.numerator for c in counts)), lcm(*(c.denominator for c in counts)))
            return [tree if share == 1 else t.Add(tuple(_times(term, 1 / share) for term in terms))]
    return [tree]


def _count(term: t.Expression) -> Fraction:
    """Return the number that a term begins with."""
    match term:
        case t.Number(value=value) | t.Multiply(factors=(t.Number(value=value), *_)):
            return value
    return Fraction(1)


def _times(term: t.Expression, number: Fraction) -> t.Expression:
    value = _count(term) * number
    match term:
        case t.Number():
            return t.Number(value)
        case t.Multiply(factors=(t.Number(), *rest)):
            if value == 1:
                return rest[0] if len(rest) == 1 else t.Multiply(tuple(rest))
            return t.Multiply((t.Number(value), *rest))
    return term if value == 1 else t.Multiply((t.Number(value), term))


def positive(tree: t.Expression, pen: Pen) -> bool:
    """Whether an expression is plainly positive where the theorem's conditions hold."""
    conditions = pen.outcome.document.setting.conditions
    return _positive(tree, {c.left for c in conditions if c.sign == ">" and c.right == t.Number(Fraction(0))})


def _positive(tree: t.Expression, above: set[t.Expression]) -> bool:
    """Whether an expression is positive because its parts are: positive numbers and symbols, sizes, even powers."""
    match tree:
        case t.Number() | t.Size() | t.Symbol():
            return isinstance(tree, t.Size) or tree in above or (isinstance(tree, t.Number) and tree.value > 0)
        case t.Multiply(factors=factors):
            return all(_positive(factor, above) for factor in factors)
        case t.Power(base=base):
            return _positive(base, above)
        case t.Add(terms=terms):
            return all(_positive(x, above) or _square(x) for x in terms) and any(_positive(x, above) for x in terms)
    return False


def _square(tree: t.Expression) -> bool:
    return isinstance(tree, t.Power) and tree.exponent % 2 == 0


def _called(relation: Relation, pen: Pen) -> str:
    """Return a definition with dollar signs, behind what the legend calls its symbol."""
    words = noun(relation.left, pen.outcome, pair=False) if isinstance(relation.left, t.Symbol) else ""
    formula = f"${pen.setter.relation(relation)}$"
    return words.format(formula) if words else formula


def _put(relations: Sequence[Relation], pen: Pen, lead: str) -> str:
    """Return definitions as a sentence, or as a display if they are long."""
    written = [pen.setter.printer.print(x.right) for x in relations if x.right is not None]
    if max(map(width, written)) < 0.5 * LINE:
        return f"{lead} {enumerated([_called(relation, pen) for relation in relations])}."
    body = " \\\\\n".join(filled([(pen, relation) for relation in relations], ".", LINE - 2))
    return f"{lead}\n\\begin{{gather*}}\n{body}\n\\end{{gather*}}"
