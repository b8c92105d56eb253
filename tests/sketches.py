"""Derivations as they were written before there was a reader of them, with planted slips."""

RIDGE = """\
let X: n x d, w: d, y: n, mu
L := 1/2 |X w - y|^2 + mu/2 |w|^2
dL/dw = X^T (X w - y) + mu w            # chain rule
      = X^T X w - X^T y + mu w
      = (X^T X + mu I_d) w - X^T y      # collect w
"""

PCA = """\
let X: n x d, U: d x k, lam
R := X - X U U^T
L := 1/2 |R|^2
dL/dU = - X^T R U - R^T X U                            # product rule
L = 1/2 tr(X^T X) - tr(U^T X^T X U) + 1/2 tr(U^T X^T X U U^T U)
given U^T U = I_k
L = 1/2 tr(X^T X) - 1/2 tr(U^T X^T X U)                # orthonormal U
L = 1/2 tr(X^T X) - tr(U^T X^T X U)                    # slip: factor
dL/dU = - X^T X U + U U^T X^T X U
"""

SLIPS = """\
# a derivation as a language model might write it, with four planted slips
let W: k x h, b: k, z: h, z': h, y: k, y': k, lam
e := y - W z - b
e' := y' - W z' - b
r := lam y + (1 - lam) y' - W (lam z + (1 - lam) z') - b
L := 1/2 |r|^2
r = lam e + (1 - lam) e'                               # affine head
r = lam e' + (1 - lam) e                               # slip: swapped
dL/dz = - lam W^T r                                    # chain rule
      = - lam W^T (lam e + (1 - lam) e')
      = - lam^2 W^T e - lam W^T e'                     # slip: lam for lam (1 - lam)
dL/dW = - r (lam z + (1 - lam) z')^T                   # outer product
      = - (lam z + (1 - lam) z') r^T                   # slip: transposed
      = - lam r z^T - (1 - lam) r z'^T
dL/db = - r = - W^T r                                  # slip: wrong shape
given e = 0
given e' = 0
dL/dz = 0 z
"""
