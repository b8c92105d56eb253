"""The nodes of an expression: frozen, compared by structure, in the order and with the brackets that were written.

===================================  =================================================================================
``Number``, ``Size``, ``Symbol``     ``1/2``; a size as a number, ``n``; a scalar, matrix or array that has a name
``Add``, ``Multiply``                terms of one shape; factors: matrices that chain, and scalars anywhere among them
``Quotient``, ``Power``              anything over a scalar without entries; a whole power of a scalar or square matrix
``Hadamard``                         entry by entry
``Transpose``, ``Trace``             of a matrix
``Diagonal``, ``DiagonalMatrix``     of a square matrix, as a column; of a column or row, as a matrix
``Inverse``                          of a square matrix, which is assumed to have one
``Identity``, ``Ones``, ``Zeros``    constant matrices
``Delta``, ``Entry``, ``Slice``      of two indices over one size; ``W[a,i]``; ``E[i,:]``
``Total``, ``ByEntries``             a sum over indices; a matrix given by its entries
``Gradient``, ``Jacobian``           derivatives by a symbol, with the Jacobians of what depends on it
``At``                               symbols replaced after everything inside has been worked out
``Expectation``                      over a random symbol, which enters through its moments only
``Apply``                            the value of a function of which nothing is known but what is stated
===================================  =================================================================================

A shape is a pair of sizes (names, "1", or fixed, "2"); a scalar has the shape ("1", "1"), as a 1 x 1 matrix has. Which
trees are well formed says :mod:`symmix.terms.wellformed`; ``shape`` may be asked of well-formed trees only.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from symmix.terms.base import Node, node
from symmix.terms.names import ONE_SIZE, WHOLE

Shape = tuple[str, str]
SCALAR: Shape = (ONE_SIZE, ONE_SIZE)


class Expression(Node):
    """A scalar or a matrix."""

    @property
    def shape(self) -> Shape:
        """Rows and columns."""
        return SCALAR


class Alike(Expression):
    """A scalar or a matrix of the shape of its first part."""

    @property
    def shape(self) -> Shape:
        """That of the first part, or of the first item of it."""
        first = self.parts[0]
        found: Shape = (first[0] if isinstance(first, tuple) else first).shape
        return found


# -- what has a name ---


@node
class Number(Expression):
    """A rational number."""

    form = "{value}"
    value: Fraction


@node
class Size(Expression):
    """A size as a number: the n of 1/n."""

    form = "{name}"
    name: str


@node
class Symbol(Expression):
    """A scalar (no axes), a matrix (two axes, one of which may be 1) or an array (three axes, entries only)."""

    form = "{name}"
    name: str
    axes: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """Rows and columns."""
        return (self.axes[0], self.axes[1]) if len(self.axes) == 2 else SCALAR


@node
class Index(Node):
    """An index and the size that it runs over, 0 ... size - 1, where it is declared or bound."""

    form = "{name} < {size}"
    name: str
    size: str


# -- algebra ---


@node
class Add(Alike):
    """A sum of two or more terms of one shape."""

    form = "({terms})"
    joint = " + "
    terms: tuple[Expression, ...]


@node
class Multiply(Expression):
    """A product of two or more factors: scalars scale, the others are multiplied as matrices in their order."""

    form = "{factors}"
    joint = " "
    factors: tuple[Expression, ...]

    @cached_property
    def matrices(self) -> tuple[Expression, ...]:
        """The factors that are no scalars."""
        return tuple(factor for factor in self.factors if factor.shape != SCALAR)

    @property
    def shape(self) -> Shape:
        """Rows of the first matrix, columns of the last."""
        return (self.matrices[0].shape[0], self.matrices[-1].shape[1]) if self.matrices else SCALAR


@node
class Quotient(Alike):
    """Something divided by a scalar built from numbers, sizes and scalar symbols, which is assumed not to be zero."""

    form = "({numerator}/{denominator})"
    numerator: Expression
    denominator: Expression


@node
class Power(Alike):
    """A scalar or square matrix multiplied by itself; to the power 0 it is 1, or the identity."""

    form = "{base}^{exponent}"
    base: Expression
    exponent: int


@node
class Hadamard(Alike):
    """The product, entry by entry, of two or more factors of one shape."""

    form = "({factors})"
    joint = " o "
    factors: tuple[Expression, ...]


# -- matrices ---


@node
class Transpose(Expression):
    """Rows and columns exchanged."""

    form = "({of})^T"
    of: Expression

    @property
    def shape(self) -> Shape:
        """Columns and rows."""
        rows, columns = self.of.shape
        return columns, rows


@node
class Trace(Expression):
    """The sum of the diagonal of a square matrix."""

    form = "tr({of})"
    of: Expression


@node
class Diagonal(Expression):
    """The diagonal of a square matrix, as a column."""

    form = "diag({of})"
    of: Expression

    @property
    def shape(self) -> Shape:
        """A column."""
        return self.of.shape[0], ONE_SIZE


@node
class DiagonalMatrix(Expression):
    """A matrix with a column (or row) on its diagonal and zeros elsewhere."""

    form = "diag({of})"
    of: Expression

    @property
    def shape(self) -> Shape:
        """Square."""
        rows, columns = self.of.shape
        size = columns if rows == ONE_SIZE else rows
        return size, size


@node
class Inverse(Alike):
    """The matrix B with A B = B A = I; that A has one is assumed."""

    form = "({of})^-1"
    of: Expression


@node
class Identity(Expression):
    """The identity matrix."""

    form = "I_{size}"
    size: str

    @property
    def shape(self) -> Shape:
        """Square."""
        return self.size, self.size


@node
class Ones(Expression):
    """The matrix all of whose entries are 1."""

    form = "1_{{{rows} x {columns}}}"
    rows: str
    columns: str

    @property
    def shape(self) -> Shape:
        """Its own."""
        return self.rows, self.columns


@node
class Zeros(Expression):
    """The matrix all of whose entries are 0."""

    form = "0_{{{rows} x {columns}}}"
    rows: str
    columns: str

    @property
    def shape(self) -> Shape:
        """Its own."""
        return self.rows, self.columns


# -- entries ---


@node
class Delta(Expression):
    """1 where two indices over one size agree, else 0."""

    form = "delta({first},{second})"
    first: str
    second: str


@node
class Entry(Expression):
    """An entry of a matrix, or of an array that is a symbol.

    The position along an axis of size 1 is "0", along one of a fixed size an index or a number, from "0" on.
    """

    form = "({of})[{indices}]"
    joint = ","
    of: Expression
    indices: tuple[str, ...]


@node
class Slice(Expression):
    """A row ``E[i,:]`` or a column ``E[:,j]`` of a matrix; ":" is a whole axis."""

    form = "({of})[{row},{column}]"
    of: Expression
    row: str
    column: str

    @property
    def shape(self) -> Shape:
        """A size where the axis is whole, else 1."""
        rows, columns = self.of.shape
        return rows if self.row == WHOLE else ONE_SIZE, columns if self.column == WHOLE else ONE_SIZE


@node
class Total(Expression):
    """The sum of a scalar over indices, each over its whole size."""

    form = "sum_{{{indices}}} {body}"
    indices: tuple[Index, ...]
    body: Expression


@node
class ByEntries(Expression):
    """A matrix given by its entries; along an axis of size 1 there is no index."""

    form = "[{body}]_{{{row}, {column}}}"
    row: Index | None
    column: Index | None
    body: Expression

    @property
    def shape(self) -> Shape:
        """The sizes of its indices."""
        return self.row.size if self.row else ONE_SIZE, self.column.size if self.column else ONE_SIZE


# -- calculus ---

Pairs = tuple[tuple[Symbol, Expression], ...]


@node
class Gradient(Expression):
    """The derivative of a scalar by a symbol, in its shape; ``jacobians`` say what else depends on the symbol.

    By a scalar symbol it is a scalar, and each of ``jacobians`` has the shape of its own symbol, matrix or scalar.

    Definitions are unfolded before. Everything that is not listed is held constant. A derivative of what does not
    depend on the symbol is zero, and well formed only if ``constant`` says that this is meant.
    """

    form = "d({of})/d{by}"
    of: Expression
    by: Symbol
    jacobians: Pairs = ()
    constant: bool = False

    @property
    def shape(self) -> Shape:
        """That of the symbol."""
        return self.by.shape


@node
class Jacobian(Expression):
    """The derivative of a column by a column: a row for each component of the first."""

    form = "d({of})/d{by}"
    of: Expression
    by: Symbol
    jacobians: Pairs = ()
    constant: bool = False

    @property
    def shape(self) -> Shape:
        """Components of the first by components of the second."""
        return self.of.shape[0], self.by.shape[0]


@node
class At(Alike):
    """An expression in which symbols are replaced after definitions were unfolded and derivatives taken."""

    form = "({of}) {{{values}}}"
    of: Expression
    values: Pairs


@node
class Moment(Node):
    """The expectation of a product of ``degree`` entries of a random symbol (of a power, if it is a scalar).

    ``indices`` are those of the first entry, then of the second, ...; a scalar has none.
    """

    degree: int
    indices: tuple[str, ...]
    value: Expression


@node
class Expectation(Alike):
    """A linear map on what is a polynomial in the random symbol, given by moments; that of degree 0 is 1."""

    form = "E_{random}[{of}]"
    of: Expression
    random: Symbol
    moments: tuple[Moment, ...]


# -- functions ---

Axes = tuple[str, ...]  # none of a scalar, (h, 1) of a column


@node
class Function(Node):
    """A function that is not given: any map from scalars or columns to scalars or columns, of these axes."""

    form = "{name}"
    name: str
    source: Axes
    target: Axes


@node
class Apply(Expression):
    """The value of a function at an argument, in which no index is free."""

    form = "{function}({argument})"
    function: Function
    argument: Expression

    @property
    def shape(self) -> Shape:
        """That of the function's values."""
        axes = self.function.target
        return (axes[0], axes[1]) if axes else SCALAR


Derivative = Gradient | Jacobian
