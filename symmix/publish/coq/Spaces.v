(** Inner product spaces over the reals, linear maps with adjoints, samples and expectations.

    A space has sums, multiples and a symmetric, bilinear, positive inner product that tells its vectors
    apart. A linear map is given with its adjoint. What else is true of them (that addition is commutative,
    that maps are linear) follows by testing against all vectors. A data set is a family of vectors over
    samples, which can be summed; an expectation is a normalised linear functional. Nothing here is an axiom:
    all are records, and Instances.v has some of each. *)

From Coq Require Import Reals Lra.
Open Scope R_scope.

Record Space := {
  carrier :> Type;
  zero : carrier;
  add : carrier -> carrier -> carrier;
  scale : R -> carrier -> carrier;
  inner : carrier -> carrier -> R;
  inner_sym : forall u v, inner u v = inner v u;
  inner_zero_l : forall v, inner zero v = 0;
  inner_add_l : forall u v w, inner (add u v) w = inner u w + inner v w;
  inner_scale_l : forall s u v, inner (scale s u) v = s * inner u v;
  inner_positive : forall u, 0 <= inner u u;
  inner_ext : forall u v, (forall w, inner u w = inner v w) -> u = v
}.

Arguments zero {_}.
Arguments add {_} _ _.
Arguments scale {_} _ _.
Arguments inner {_} _ _.

(** Not linear by assumption: whatever has an adjoint is linear, see [app_add] and [app_scale]. *)
Record Linear (U V : Space) := {
  app : U -> V;
  adj : V -> U;
  app_adj : forall u v, inner (app u) v = inner u (adj v)
}.

Arguments app {_ _} _ _.
Arguments adj {_ _} _ _.
Arguments app_adj {_ _} _ _ _.

Definition neg {U : Space} (u : U) : U := scale (-1) u.

Definition sub {U : Space} (u v : U) : U := add u (scale (-1) v).

(** Samples: what is indexed by them can be summed, numbers and vectors; [count] is how many there are. *)
Record Samples := {
  sample :> Type;
  count : R;
  sum : (sample -> R) -> R;
  total : forall V : Space, (sample -> V) -> V;
  count_nonzero : count <> 0;
  sum_ext : forall f g, (forall i, f i = g i) -> sum f = sum g;
  sum_add : forall f g, sum (fun i => f i + g i) = sum f + sum g;
  sum_scale : forall s f, sum (fun i => s * f i) = s * sum f;
  sum_one : sum (fun _ => 1) = count;
  sum_swap : forall f, sum (fun i => sum (f i)) = sum (fun j => sum (fun i => f i j));
  inner_total : forall V f v, inner (total V f) v = sum (fun i => inner (f i) v)
}.

Arguments sum {_} _.
Arguments total {_ _} _.
Arguments sum_ext {_} _ _ _.
Arguments sum_scale {_} _ _.
Arguments inner_total {_ _} _ _.

(** The expectation of what depends on a random number. *)
Record Expectation := {
  expect : (R -> R) -> R;
  expect_ext : forall f g, (forall x, f x = g x) -> expect f = expect g;
  expect_add : forall f g, expect (fun x => f x + g x) = expect f + expect g;
  expect_scale : forall s f, expect (fun x => s * f x) = s * expect f;
  expect_one : expect (fun _ => 1) = 1
}.

(** The mean of the n-th power of the random number. *)
Definition moment (E : Expectation) (n : nat) : R := expect E (fun x => x ^ n).

(** ** Both sides of an inner product are alike *)

Section Laws.
Context {U V : Space}.
Implicit Types (u v w : U) (s : R).

Lemma inner_zero_r u : inner u zero = 0.
Proof. rewrite inner_sym. apply inner_zero_l. Qed.

Lemma inner_add_r u v w : inner w (add u v) = inner w u + inner w v.
Proof. rewrite (inner_sym _ w), inner_add_l, (inner_sym _ u), (inner_sym _ v). reflexivity. Qed.

Lemma inner_scale_r s u v : inner v (scale s u) = s * inner v u.
Proof. rewrite (inner_sym _ v), inner_scale_l, (inner_sym _ u). reflexivity. Qed.

Lemma adj_app (A : Linear U V) (v : V) u : inner (adj A v) u = inner v (app A u).
Proof. rewrite inner_sym, <- app_adj. apply inner_sym. Qed.

End Laws.

(** ** The transpose of a map; sums, multiples, and maps of rank one *)

Definition transpose {U V : Space} (A : Linear U V) : Linear V U :=
  {| app := adj A; adj := app A; app_adj := adj_app A |}.

Definition plus {U V : Space} (A B : Linear U V) : Linear U V.
Proof.
  refine {| app := fun u => add (app A u) (app B u); adj := fun v => add (adj A v) (adj B v) |}.
  intros u v. rewrite inner_add_l, inner_add_r, !app_adj. reflexivity.
Defined.

Definition times {U V : Space} (s : R) (A : Linear U V) : Linear U V.
Proof.
  refine {| app := fun u => scale s (app A u); adj := fun v => scale s (adj A v) |}.
  intros u v. rewrite inner_scale_l, inner_scale_r, app_adj. reflexivity.
Defined.

(** [outer a b] is a b^T. *)
Definition outer {U V : Space} (a : V) (b : U) : Linear U V.
Proof.
  refine {| app := fun u => scale (inner b u) a; adj := fun v => scale (inner a v) b |}.
  intros u v. rewrite inner_scale_l, inner_scale_r, (inner_sym _ u b). apply Rmult_comm.
Defined.

(** ** Linear maps are linear *)

Section Linearity.
Context {U V : Space} (A : Linear U V).

Lemma app_zero : app A zero = zero.
Proof. apply inner_ext. intro w. rewrite app_adj, !inner_zero_l. reflexivity. Qed.

Lemma app_add u v : app A (add u v) = add (app A u) (app A v).
Proof. apply inner_ext. intro w. rewrite app_adj, !inner_add_l, !app_adj. reflexivity. Qed.

Lemma app_scale s u : app A (scale s u) = scale s (app A u).
Proof. apply inner_ext. intro w. rewrite app_adj, !inner_scale_l, app_adj. reflexivity. Qed.

Lemma app_total (S : Samples) (f : S -> U) : app A (total f) = total (fun i => app A (f i)).
Proof.
  apply inner_ext. intro w. rewrite app_adj, !inner_total. apply sum_ext. intro i. symmetry. apply app_adj.
Qed.

End Linearity.

Section Adjoint.
Context {U V : Space} (A : Linear U V).

Lemma adj_zero : adj A zero = zero.
Proof. exact (app_zero (transpose A)). Qed.

Lemma adj_add u v : adj A (add u v) = add (adj A u) (adj A v).
Proof. exact (app_add (transpose A) u v). Qed.

Lemma adj_scale s u : adj A (scale s u) = scale s (adj A u).
Proof. exact (app_scale (transpose A) s u). Qed.

Lemma adj_total (S : Samples) (f : S -> V) : adj A (total f) = total (fun i => adj A (f i)).
Proof. exact (app_total (transpose A) S f). Qed.

End Adjoint.

(** ** Lines, and what a derivative is of what is quadratic along a line *)

(** [move t u d] is the point [u + t d]; a matrix moves in the same way. *)
Definition move {U : Space} (t : R) (u d : U) : U := add u (scale t d).

Definition move_map {U V : Space} (t : R) (A D : Linear U V) : Linear U V := plus A (times t D).

(** For a function that is quadratic, see below, these two are its derivative at 0 and half the second one. *)
Definition slope (f : R -> R) : R := (f 1 - f (-1)) / 2.

Definition curvature (f : R -> R) : R := (f 1 + f (-1)) / 2 - f 0.

(** [f t = f 0 + t slope + t^2 curvature] for all t: then [slope f] is the derivative of f at 0. *)
Definition quadratic (f : R -> R) : Prop := forall t, f t = f 0 + t * slope f + t * t * curvature f.

(** [tangent f s]: the slope of f is s, that is [f t = f 0 + t s + t^2 curvature] for all t. *)
Definition tangent (f : R -> R) (s : R) : Prop := forall t, f t = f 0 + t * s + t * t * curvature f.

Lemma tangent_slope (f : R -> R) (s : R) : quadratic f -> slope f = s -> tangent f s.
Proof. intros H <-. exact H. Qed.

(** A function has at most one tangent. *)
Lemma tangent_unique (f : R -> R) (s : R) : tangent f s -> s = slope f.
Proof. intro H. unfold slope. rewrite (H 1), (H (-1)). field. Qed.

(** What [slope] and [quadratic] are for: together they give the derivative of analysis. *)
Lemma slope_is_derivative (f : R -> R) : quadratic f -> derivable_pt_lim f 0 (slope f).
Proof.
  intros H eps positive. set (c := Rabs (curvature f) + 1).
  assert (0 < c) as Hc by (unfold c; pose proof (Rabs_pos (curvature f)); lra).
  assert (0 < eps / c) as Hd by (apply Rdiv_lt_0_compat; assumption).
  exists (mkposreal _ Hd). simpl. intros h nonzero small.
  replace ((f (0 + h) - f 0) / h - slope f) with (h * curvature f).
  - rewrite Rabs_mult. apply Rle_lt_trans with (Rabs h * c).
    + apply Rmult_le_compat_l; [apply Rabs_pos | unfold c; lra].
    + apply Rmult_lt_reg_r with (/ c); [apply Rinv_0_lt_compat; assumption|].
      replace (Rabs h * c * / c) with (Rabs h) by (field; lra). exact small.
  - rewrite Rplus_0_l, (H h). field. assumption.
Qed.
