"""Slips planted in right derivations by somebody who does not know how causes are found: ``python -m tests.planted``.

Nothing here is shared with what is tested. ``grammar`` reads texts by rules of its own, ``values`` computes both sides
of a step at exact rational points, derivatives by dual numbers and expectations over explicit distributions,
``points`` draws the points, ``slips`` edits the text of a right side, and ``campaign`` compares what symmix says of
each edited line with what the numbers say. The derivations are those of ``tests/derivations`` and of ``notes``.
"""
