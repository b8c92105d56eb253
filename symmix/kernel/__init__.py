"""The kernel decides. Standard library only: no SymPy, no NumPy, no mixup.

In order: ``scalars``, ``products``, ``networks`` (with which equality is decided), ``calculus``, ``points``,
``arrays``; then the gates: ``cofactors``, ``distributions``, ``questions`` and ``positivity``.
"""
