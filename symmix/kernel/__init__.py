"""The kernel decides. Standard library only: no SymPy, no NumPy, no mixup.

Read it in this order: ``scalars`` (polynomials over the rationals), ``products`` (of tensor entries, and their
canonical form), ``networks`` (sums of products, with which equality is decided), ``calculus``, ``points`` (exact
values), ``arrays``; then the gates: ``cofactors``, ``distributions`` and ``questions`` (witnesses), ``positivity``.
"""
