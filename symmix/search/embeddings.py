"""Finds one product inside another: its factors among the other's, its indices as the other's.

Both ways of using a hypothesis start here: rewriting its leading product, and taking one of its terms out of a product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symmix.kernel.products import Index, Product, turns


def embeddings(
    lead: Product, product: Product, fixed: Mapping[Index, Index]
) -> Iterator[tuple[frozenset[int], dict[Index, Index], int]]:
    """Run through the places of a product where another lies, with the names of its indices there, and a sign.

    A free index may be any index; one that is summed over must be summed over there, by itself alone. ``fixed`` says
    what is called how from the start.
    """
    for places, names, sign in _placed(lead, product, frozenset(), fixed, 1):
        inner = [image for index, image in names.items() if isinstance(index, int)]
        outside = {i for place, f in enumerate(product) if place not in places for i in f.indices}
        outside |= {image for index, image in names.items() if isinstance(index, str)}
        if len(set(inner)) == len(inner) and all(isinstance(i, int) and i not in outside for i in inner):
            yield places, names, sign


def _placed(
    lead: Product, product: Product, used: frozenset[int], names: Mapping[Index, Index], sign: int
) -> Iterator[tuple[frozenset[int], dict[Index, Index], int]]:
    if not lead:
        yield used, dict(names), sign
        return
    tensor, indices = lead[0]
    for place, factor in enumerate(product):
        if place in used or factor.tensor != tensor:
            continue
        for order, own in turns(tensor):
            extended = _named(indices, [factor.indices[k] for k in order], names)
            if extended is not None:
                yield from _placed(lead[1:], product, used | {place}, extended, sign * own)


def _named(
    indices: Sequence[Index], images: Sequence[Index], names: Mapping[Index, Index]
) -> dict[Index, Index] | None:
    """Return the names with those of more indices, if each keeps its own and none that is summed over becomes free."""
    found = dict(names)
    for index, image in zip(indices, images, strict=True):
        if found.setdefault(index, image) != image or (isinstance(index, int) and isinstance(image, str)):
            return None
    return found
