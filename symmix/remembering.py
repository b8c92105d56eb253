"""What was proved before: its certificate, which the second checker has to accept anew before it counts again.

Nothing that was remembered is taken on trust. The statement is the one that the script makes now; of what was
remembered only the evidence is used, and the second checker decides by it every claim, every step and every near miss.
What stays undone is the search, and the kernel's own decision: it was made when the certificate was written, by the
same code in the same interpreter, which the key of an entry holds.
"""

from __future__ import annotations

import json
import time

from symmix.certifying import Data
from symmix.certifying.document import SCHEMA
from symmix.checker import check
from symmix.deciding.whole import Verdicts, require_claims
from symmix.kernel.points import Model
from symmix.terms import statements as s
from symmix.terms.codec import digest, document
from symmix.theorems import Outcome, Script, Stated
from symmix.verdict import Proved, Refuted, Remembered


def identity(script: Script, stated: Stated | Outcome) -> Data:
    """Return all of a theorem that its verdict could depend on: what is stated, what helps to prove it, its words."""
    theorem, reader = stated.theorem, stated.setting.reader
    hints = [statement.hints(reader) for statement in (*theorem.claims.values(), *theorem.near_misses.values())]
    point = sorted((str(symbol), str(value)) for symbol, value in theorem.point.items())
    return [document(stated.document), [repr(hint) for hint in hints], point, script.said]


def entry(outcome: Outcome) -> str | None:
    """Return what to remember of a theorem: the evidence of its certificate; nothing if it was not proved."""
    if not isinstance(outcome.verdict, Proved) or outcome.remembered:
        return None
    return json.dumps(outcome.certified["evidence"]) if outcome.certified is not None else None


def recalled(script: Script, stated: Stated, text: str) -> Outcome | None:
    """Return the outcome by the evidence that was remembered, or None if the second checker does not accept it.

    Its verdicts have no evidence to show: whoever wants to see it has the theorem decided.
    """
    begin = time.perf_counter()
    require_claims(stated.document, stated.frame)
    try:
        evidence = json.loads(text)
    except (ValueError, RecursionError):
        return None
    tree = document(stated.document)
    certified = {
        "schema": SCHEMA,
        "statement": tree,
        "digest": digest(tree),
        "text": script.said,
        "evidence": evidence,
    }
    report = check(certified)
    if not report.accepted:
        return None
    return stated.outcome(script, _verdicts(stated), certified, "", time.perf_counter() - begin)


def _verdicts(stated: Stated) -> Verdicts:
    """Return that everything is as it should be, of a theorem whose certificate was accepted."""
    theorem = stated.document
    claims = {label: _proved(claim, stated) for label, claim in theorem.claims}
    steps = [[_proved(identity, stated) for identity in proof.identities()] for proof in theorem.proofs]
    misses = {label: Refuted(None, Proved((Remembered(),))) for label, _ in theorem.near_misses}
    return Verdicts(claims, steps, misses)


def _proved(statement: s.Statement, stated: Stated) -> Proved:
    assuming = () if isinstance(statement, s.Fails) else stated.frame.assumed(statement)
    return Proved((Remembered(),), assuming, Model({}))
