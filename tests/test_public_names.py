"""The public names, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import symmix


@pytest.mark.parametrize("name", symmix.__all__)
def test_every_public_name_can_be_imported_and_says_what_it_is(name: str) -> None:
    value = getattr(symmix, name)
    assert name == "__version__" or value.__doc__
    assert name in dir(symmix)


def test_every_name_has_a_home_and_is_public() -> None:
    assert sorted([*symmix._HOME, "__version__"]) == sorted(symmix.__all__) == symmix.__dir__()
    for name, home in symmix._HOME.items():
        assert getattr(symmix, name).__module__.startswith(home)


@pytest.mark.parametrize("name", ["nothing"])
def test_other_names_are_missing_as_usual(name: str) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        getattr(symmix, name)


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("symmix", ("sympy", "numpy", "rich")),
        ("symmix.kernel", ("sympy", "numpy", "rich")),
        ("symmix.search.cofactors", ("sympy", "numpy", "rich")),
        ("symmix.search.witnesses", ("sympy", "numpy", "rich")),
        ("symmix.kernel.positivity", ("sympy", "numpy", "rich")),
        ("symmix.deciding", ("sympy", "numpy", "rich")),
        ("symmix.certifying", ("sympy", "numpy", "rich")),
        ("symmix.checker", ("sympy", "numpy", "rich")),
        ("symmix.errors", ("sympy", "numpy", "rich")),
        ("symmix.numeric", ("sympy", "rich")),
        ("symmix.theorems", ("numpy", "rich")),
    ],
)
def test_importing_needs_no_more_than_it_should(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
