"""The kernel decides. Standard library only: no SymPy, no NumPy, no mixup.

Read it in this order: ``scalars`` (polynomials over the rationals), ``networks`` (sums of products of tensor entries,
and their normal form), ``calculus`` (derivative, substitution, exact value), ``witness`` (counterexamples),
``membership`` (cofactors: why an expression vanishes where others do).
"""
