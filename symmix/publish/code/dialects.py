"""What NumPy, torch and JAX call the same thing: the one table that tells them apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """How one library writes what the printer needs.

    Attributes
    ----------
    name, module
        The library, and what its functions are called by.
    imports
        The lines that import it: for the module, and for the type of arrays.
    array, declared
        The type of an array, and a line that declares it (empty: none is needed).
    like
        How a new array is made of the kind of another one, ``x`` standing for that.
    copy
        What makes a result that is an argument an array of its own.
    number
        What a number as a result is wrapped in.
    number_type
        The type of a number as a result.
    """

    name: str
    module: str
    imports: tuple[str, str]
    array: str
    declared: str
    like: str
    copy: str
    number: str
    number_type: str


DIALECTS: dict[str, Dialect] = {
    "numpy": Dialect(
        name="numpy",
        module="np",
        imports=("import numpy as np", "from numpy.typing import NDArray"),
        array="Array",
        declared="Array = NDArray[Any]",
        like="dtype=x.dtype",
        copy=".copy()",
        number="float",
        number_type="float",
    ),
    "torch": Dialect(
        name="torch",
        module="torch",
        imports=("", "import torch"),
        array="torch.Tensor",
        declared="",
        like="dtype=x.dtype, device=x.device",
        copy=".clone()",
        number="torch.asarray",
        number_type="torch.Tensor",
    ),
    "jax": Dialect(
        name="jax",
        module="jnp",
        imports=("import jax.numpy as jnp", "import jax"),
        array="jax.Array",
        declared="",
        like="dtype=x.dtype",
        copy="",
        number="jnp.asarray",
        number_type="jax.Array",
    ),
}
