"""The mutants of a module: one small change each, made in its syntax tree."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

Node = ast.AST
Path = tuple[tuple[str, int | None], ...]  # from a module down to a node
_COMPARED: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_COMPUTED: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.Add,
}
_EXCHANGED = {"all": "any", "any": "all", "min": "max", "max": "min"}
_UNWRAPPED = ("sorted", "reversed", "abs")
_HIDDEN = ("annotation", "returns", "decorator_list")  # fields that say nothing about what is done


@dataclass(frozen=True)
class Mutant:
    """A changed module; ``owner`` is the qualified name of the outermost function, or "" where there is none."""

    module: str
    line: int
    source: str  # the line, without the spaces around it
    change: str  # what is there instead
    owner: str
    names: tuple[str, ...]  # what is assigned, where there is no owner
    text: str
    place: Path
    number: int  # of the changes in this place

    @property
    def span(self) -> range:
        """The lines of the outermost function, which is the first in the place."""
        tree: ast.AST = ast.parse(self.text)
        for field, place in self.place:
            tree = _at(tree, ((field, place),))
            if isinstance(tree, ast.FunctionDef):
                return range(tree.lineno, (tree.end_lineno or tree.lineno) + 1)
        return range(self.line, self.line + 1)

    @property
    def key(self) -> tuple[str, str, str]:
        """What the list of equivalent mutants knows a mutant by: line numbers move."""
        return self.module, self.source, self.change

    def code(self) -> CodeType:
        """Compile the changed module."""
        tree = ast.parse(self.text)
        new, _ = list(_changes(_at(tree, self.place)))[self.number]
        _put(tree, self.place, new)
        return compile(ast.fix_missing_locations(tree), self.module, "exec", dont_inherit=True)


def mutants_of(module: str, text: str) -> Iterator[Mutant]:
    """Run through all mutants of a module in the order of its lines."""
    lines = text.splitlines()
    tree = ast.parse(text)
    seen: Counter[tuple[int, str]] = Counter()
    for path, owner, names in _places(tree):
        node = _at(tree, path)
        line = getattr(node.iter if isinstance(node, ast.comprehension) else node, "lineno", 0)
        for number, (_, what) in enumerate(_changes(node)):
            seen[line, what] += 1
            told = what if seen[line, what] == 1 else f"{what} [{seen[line, what]}]"
            yield Mutant(module, line, lines[line - 1].strip(), told, owner, names, text, path, number)


def _places(tree: ast.Module) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Run through what may be changed: functions' bodies and defaults, and what modules assign."""

    def inside(
        node: Node, path: Path, owner: str, names: tuple[str, ...]
    ) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
        if isinstance(node, ast.stmt | ast.expr | ast.comprehension):
            yield path, owner, names
        for field, value in ast.iter_fields(node):
            if field in _HIDDEN or _is_silent(node):
                continue
            for place, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(part, Node):
                    yield from inside(part, (*path, (field, place)), owner, names)

    def top(body: list[ast.stmt], path: Path, prefix: str) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
        for place, statement in enumerate(body):
            here: Path = (*path, ("body", place))
            if isinstance(statement, ast.FunctionDef):
                yield from inside(statement, here, prefix + statement.name, ())
            elif isinstance(statement, ast.ClassDef):
                yield from top(statement.body, here, f"{prefix}{statement.name}.")
            elif isinstance(statement, ast.Assign | ast.AnnAssign) and not prefix and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                names = tuple(n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
                if names != ("__all__",):
                    yield from inside(statement.value, (*here, ("value", None)), "", names)

    yield from top(tree.body, (), "")


def _is_silent(node: Node) -> bool:
    """Whether a part is a text for readers: a docstring, the words of an error, the name of a role."""
    if isinstance(node, ast.Raise):
        return True
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("cast", "_refuse", "TypeVar")
    ):
        return True
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":  # of zip: what is paired is of one length
        return True
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _at(tree: Node, path: Path) -> Node:
    for field, place in path:
        part = getattr(tree, field)
        tree = part if place is None else part[place]
    return tree


def _put(tree: Node, path: Path, new: Node) -> None:
    (field, place), parent = path[-1], _at(tree, path[:-1])
    if place is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[place] = new


def _said(node: Node) -> str:
    return " ".join(ast.unparse(node).split())


def _with(node: Node, **fields: object) -> Node:
    new = copy.deepcopy(node)
    for field, value in fields.items():
        setattr(new, field, value)
    return new


def _changes(node: Node) -> Iterator[tuple[Node, str]]:
    """Run through the changes of one node, not of what is in it."""
    for new in _new(node):
        yield new, f"{_said(node)} -> {_said(new)}" if isinstance(node, ast.expr) else _said(new)
    if isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            kept = [part for number, part in enumerate(node.ifs) if number != place]
            yield _with(node, ifs=kept), f"without: if {_said(node.ifs[place])}"


def _new(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.stmt):
        yield from _statements(node)
        return
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                for other in _COMPARED[type(operator)]:
                    yield _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
        case ast.BinOp(op=operator) if type(operator) in _COMPUTED:
            yield _with(node, op=_COMPUTED[type(operator)]())
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for place in range(len(node.values)):
                kept = [part for number, part in enumerate(node.values) if number != place]
                yield kept[0] if len(kept) == 1 else _with(node, values=kept)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.Constant():
            yield from _constants(node)
        case ast.Call():
            yield from _calls(node)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) if len(parts) > 1:
            for place, part in enumerate(parts):
                if isinstance(part, ast.Starred):
                    yield _with(node, elts=[*parts[:place], *parts[place + 1 :]])
        case ast.Dict(keys=keys, values=values) if len(keys) > 1:
            for place, key in enumerate(keys):
                if key is None:
                    rest = [*keys[:place], *keys[place + 1 :]]
                    yield _with(node, keys=rest, values=[*values[:place], *values[place + 1 :]])


def _constants(node: ast.Constant) -> Iterator[Node]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        if node.value:
            yield ast.Constant(node.value - 1)
    elif isinstance(node.value, str):
        yield ast.Constant(f"{node.value}?")


def _calls(node: ast.Call) -> Iterator[Node]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in ("cast", "isinstance", "_refuse", "Fraction"):
        return
    if name in _EXCHANGED:
        yield _with(node, func=ast.Name(_EXCHANGED[name], ast.Load()))
    if name in _UNWRAPPED and node.args:
        yield node.args[0]
    for place in range(len(node.keywords)):
        if node.keywords[place].arg != "strict":
            yield _with(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])
    starred = [place for place, part in enumerate(node.args) if isinstance(part, ast.Starred)]
    last = [len(node.args) - 1] if len(node.args) > 1 else []
    for place in sorted({*starred, *last}):
        yield _with(node, args=[*node.args[:place], *node.args[place + 1 :]])


def _statements(node: ast.stmt) -> Iterator[Node]:
    match node:
        case ast.If() | ast.While():
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and not value.value):
            yield _with(node, value=ast.Constant(None))
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Continue() | ast.Break() | ast.Delete():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript()]) | ast.Assign(targets=[ast.Attribute()]):
            yield ast.Pass()
