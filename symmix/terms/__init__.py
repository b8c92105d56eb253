"""The statement tree: one closed, typed language for everything that is decided, printed or certified here.

SymPy expressions, text and JSON come in as trees or are refused; the kernel, the exact checker, the numbers, the
printers and Coq read trees and nothing else. ``nodes`` are the expressions, ``statements`` what is said with them,
``wellformed`` says which trees are well formed, ``codec`` writes and reads JSON. Standard library only.

What a statement means
----------------------
*Values.* Sizes are positive whole numbers; one that is written as a number, 2 to 9, is that and no other, and what is
said with it is said for it alone. Scalars and entries are real numbers; scalars that are listed as whole are
whole numbers. Sample indices run over their size. A statement holds if for all sizes, all values that meet the
conditions, and all values of the sample indices: where the hypotheses hold, the claim holds.

*Hypotheses.* A hypothesis says that an expression vanishes, a matrix in all of its entries. One that mentions a sample
index is about *that* sample, the claim's; about all samples it is said with the whole vector, or with ``ForAll``.
(Where e_i = 0, (A e)_i need not vanish: the partner's error moves a fitted sample.)

*Functions* are any maps between scalars and columns of the declared sizes; nothing is known of one but what hypotheses
say, at single arguments or (``Everywhere``) for all. What is proved of them is proved of instances: each value G(a) is
a symbol of its own, equal arguments have one, and the hypotheses hold at chosen arguments. No other property of a
function enters: nothing is differentiated, averaged or replaced through a value, and no argument has a free index.
Under such hypotheses only explicit functions refute, or show that a claim is not empty: affine ones, with numbers as
coefficients, which meet each hypothesis for all values of what it binds.

*Conditions* come from the theorem and from the assumptions of its symbols, nothing else. A symbol without assumptions
is real.

*Properties.* That a matrix is symmetric, skew or diagonal, and that an array is symmetric or skew under every exchange
of two axes of one size, is said of symbols throughout a theorem. It means the same as the hypothesis ``A - A^T``. By
such a symbol nothing is differentiated or averaged, and it is not replaced: its entries are not free of each other.

*Order of work.* Definitions are unfolded before a derivative or an expectation is taken, hypotheses and replacements
(``At``) act after it. A derivative is by one symbol, through the Jacobians that are declared; everything else is held
constant, and the report lists it. Where nothing, after unfolding, depends on the symbol, the derivative is refused
unless ``constant`` says that it is meant. A declared Jacobian depends on what its vector depends on: differentiating it
again takes a Jacobian of its own, an array. By a scalar symbol the derivative of a scalar is the ordinary one: it moves
coefficients and denominators, and what is declared to depend on it has a derivative of its own shape.

*Expectations* are linear maps on polynomials in the random symbol with the given moments, moment 0 being 1; what is
proved holds for every such map. What divides by a random symbol is refused. Where it stands outside of its
expectations, too, it has a value, for which the conditions hold. A witness needs moments that some distribution has, on
the range that the conditions leave; moments that none has are refused when given. An expectation inside of another,
with moments free of the outer symbol, says that the two symbols are independent.

*Division* assumes that the denominator is not zero, an inverse that the matrix has one; all this is printed with the
claim. What SymPy cancels before it is read (``A*A.I``, ``s/s``) is not there to be assumed: the tree that was
read is what is printed, and ``symmix.language.quotient`` and ``inverse`` keep what is written.

*What states nothing* is refused: an identity with the same tree on both sides, a claim that is its own hypothesis, a
claim that repeats a given moment.

*Verdicts.* Proved, refuted or undecided. A claim whose hypotheses no point was found to meet is proved, perhaps of
nothing, and makes no theorem proved; a point may be given. A near miss has to be refuted, by a point that meets every
hypothesis and condition. ``Fails(S)`` is refuted only where S is proved and not empty. A lemma is an assumption: the
last line reads ``PROVED id, given NAME``.
"""
