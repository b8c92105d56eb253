"""The catalogue: one theorem a file, the file's name states the conclusion. ``python -m proofs`` proves them all."""

CHAPTERS = {
    "What the post says": (
        "mixed_residual_is_mixture_of_residuals",
        "gradient_has_four_terms",
        "gradient_vanishes_at_fit",
    ),
    "Where the post's text needs care": ("printed_product_needs_brackets",),
}
