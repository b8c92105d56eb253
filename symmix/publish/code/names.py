"""Names of a formula as names of Python: no keyword, no builtin, nothing that linters refuse, no two alike."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable

_ACCENTS = {"'": "_prime", "~": "_tilde", "+": "_plus", "-": "_minus"}
_AMBIGUOUS = frozenset({"l", "O", "I"})  # look like digits
_OURS = frozenset({"np", "torch", "jax", "jnp", "Array", "Any", "NDArray"})


class Names:
    """Hands out names, each once.

    >>> names = Names(taken=["gradient"])
    >>> [names.of(name) for name in ("e", "e'", "e_prime", "lambda", "I", "sum", "gradient")]
    ['e', 'e_prime', 'e_prime_', 'lambda_', 'I_', 'sum_', 'gradient_']
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {*taken, *_OURS, *_AMBIGUOUS, *keyword.kwlist, *keyword.softkwlist, *dir(builtins)}
        self._names: dict[str, str] = {}

    def of(self, name: str) -> str:
        """Return the name for a symbol: always the same one."""
        if name not in self._names:
            self._names[name] = self.free(name)
        return self._names[name]

    def free(self, wanted: str) -> str:
        """Return a name that nobody has, as close as may be to the one that is wanted."""
        for accent, word in _ACCENTS.items():
            wanted = wanted.replace(accent, word)
        while wanted in self._taken:
            wanted += "_"
        self._taken.add(wanted)
        return wanted

    def numbered(self) -> str:
        """Return a name for an intermediate result."""
        number = 1
        while f"t{number}" in self._taken:
            number += 1
        self._taken.add(f"t{number}")
        return f"t{number}"
