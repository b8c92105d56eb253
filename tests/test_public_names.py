"""The public names, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import symmix
from symmix import testing


@pytest.mark.parametrize("name", symmix.__all__)
def test_every_public_name_can_be_imported_and_says_what_it_is(name: str) -> None:
    value = getattr(symmix, name)
    assert name == "__version__" or value.__doc__
    assert name in dir(symmix)


def test_every_name_has_a_home_and_is_public() -> None:
    assert sorted([*symmix._HOME, "__version__"]) == sorted(symmix.__all__) == symmix.__dir__()
    for name, home in symmix._HOME.items():
        assert getattr(symmix, name).__module__.startswith(home)


def test_every_check_has_a_home_and_is_public() -> None:
    assert sorted(testing._HOME) == sorted(testing.__all__) == dir(testing)
    for name, home in testing._HOME.items():
        assert getattr(testing, name).__module__ == f"symmix.testing.{home}"


@pytest.mark.parametrize("module", [symmix, testing], ids=lambda module: module.__name__)
def test_a_star_imports_the_public_names(module: ModuleType) -> None:
    found: dict[str, object] = {}
    exec(f"from {module.__name__} import *", found)  # noqa: S102 - a star is not allowed in a function
    assert {name: found[name] for name in module.__all__} == {name: getattr(module, name) for name in module.__all__}


@pytest.mark.parametrize("module", [symmix, testing], ids=lambda module: module.__name__)
def test_other_names_are_missing_as_usual(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match=f"module '{module.__name__}' has no attribute 'nothing'"):
        module.nothing  # noqa: B018 - it raises


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
        ("symmix.testing", ("sympy", "numpy", "rich", "hypothesis")),
        ("symmix.testing.mixing", ("sympy", "rich", "hypothesis")),
        ("symmix.cli", ("sympy", "numpy", "rich")),
        ("symmix.theorems", ("numpy", "rich")),
    ],
)
def test_importing_needs_no_more_than_it_should(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
