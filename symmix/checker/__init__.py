"""The exact second checker: reads certificates, trusts nothing in them, and decides anew what they state.

    symmix verify DIR                  or, this folder copied to a machine without symmix:    python3 -I checker DIR

It shares no code with symmix and imports nothing of it; its only input is the JSON. How it decides:

*Identities, vanishing, equivalence.* Both sides are multiplied out into products of entries whose coefficients are
polynomials over the rationals: definitions are unfolded, derivatives and expectations taken, deltas contracted. Two
products are one if an explicit bijection of their summed indices carries one into the other. What is left has to cancel
once denominators are cleared. Nothing is evaluated, so that holds for every size and all values: there are no primes,
no points, no chance. Cofactors that the certificate proposes are multiplied out in the same way.

*What is false* is evaluated at a point, entry by entry, by rules of their own: exact rationals, every hypothesis and
condition met, denominators and inverses there, and moments that some distribution has.

*What may be divided by* is decided syntactically: numbers, sizes, what the statement itself divides by, and what its
conditions say is not zero.

Work is bounded by counting what is done. The files from below: ``reading`` (JSON), ``trees`` and ``theorem`` (what is
well formed), ``polynomials``, ``algebra`` (products), ``expansion`` (multiplying out), ``moments``, ``points``
(evaluating), ``evidence``, ``deciding``, ``report``; ``text`` prints statements. What a tree means is said in
``symmix.terms``.
"""

from .report import Report, Result, check, check_statement, check_text, main, manifest

__all__ = ["Report", "Result", "check", "check_statement", "check_text", "main", "manifest"]
