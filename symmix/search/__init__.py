"""Search proposes: cofactors, positive forms, points. It is never trusted: the kernel checks whatever it finds."""
