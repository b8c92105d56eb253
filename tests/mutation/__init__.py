"""Mutation testing: small changes to a module, each of which some test has to notice.

``python -m tests.mutation --module symmix.kernel.scalars`` prints what survives. A mutant that no test can notice is
listed in ``equivalent.json``, with the reason. Standard library and pytest only; POSIX, as every mutant is a fork.
"""
