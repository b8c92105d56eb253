(** Inner product spaces over the reals, linear maps with adjoints, and one tactic.

    A space has sums, multiples and a symmetric, bilinear, positive inner product that tells its vectors apart; a linear
    map is given with its adjoint. What else is true of them (that addition is commutative, that maps are linear) follows
    by testing against all vectors. Nothing here is an axiom: spaces are records, and [Vectors] below is one for every
    dimension, with all its matrices. *)

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

Record Linear (U V : Space) := {
  app : U -> V;
  adj : V -> U;
  app_adj : forall u v, inner (app u) v = inner u (adj v)
}.

Arguments app {_ _} _ _.
Arguments adj {_ _} _ _.

Definition transpose {U V : Space} (A : Linear U V) : Linear V U.
Proof.
  refine {| app := adj A; adj := app A |}.
  intros u v. rewrite inner_sym, <- app_adj. apply inner_sym.
Defined.

(** ** Bilinear expansion *)

Lemma inner_zero_r (U : Space) (u : U) : inner u zero = 0.
Proof. rewrite inner_sym. apply inner_zero_l. Qed.

Lemma inner_add_r (U : Space) (u v w : U) : inner w (add u v) = inner w u + inner w v.
Proof. rewrite (inner_sym _ w), inner_add_l, (inner_sym _ u), (inner_sym _ v). reflexivity. Qed.

Lemma inner_scale_r (U : Space) (s : R) (u v : U) : inner v (scale s u) = s * inner v u.
Proof. rewrite (inner_sym _ v), inner_scale_l, (inner_sym _ u). reflexivity. Qed.

Lemma app_zero (U V : Space) (A : Linear U V) : app A zero = zero.
Proof. apply inner_ext. intro w. rewrite app_adj, !inner_zero_l. reflexivity. Qed.

Lemma app_add (U V : Space) (A : Linear U V) (u v : U) : app A (add u v) = add (app A u) (app A v).
Proof. apply inner_ext. intro w. rewrite app_adj, !inner_add_l, !app_adj. reflexivity. Qed.

Lemma app_scale (U V : Space) (A : Linear U V) (s : R) (u : U) : app A (scale s u) = scale s (app A u).
Proof. apply inner_ext. intro w. rewrite app_adj, !inner_scale_l, app_adj. reflexivity. Qed.

Lemma adj_zero (U V : Space) (A : Linear U V) : adj A zero = zero.
Proof. exact (app_zero _ _ (transpose A)). Qed.

Lemma adj_add (U V : Space) (A : Linear U V) (u v : V) : adj A (add u v) = add (adj A u) (adj A v).
Proof. exact (app_add _ _ (transpose A) u v). Qed.

Lemma adj_scale (U V : Space) (A : Linear U V) (s : R) (u : V) : adj A (scale s u) = scale s (adj A u).
Proof. exact (app_scale _ _ (transpose A) s u). Qed.

Lemma inner_adj_l (U V : Space) (A : Linear U V) (v : V) (u : U) : inner (adj A v) u = inner v (app A u).
Proof. rewrite inner_sym, <- app_adj. apply inner_sym. Qed.

Lemma inner_adj_r (U V : Space) (A : Linear U V) (v : V) (u : U) : inner u (adj A v) = inner (app A u) v.
Proof. symmetry. apply app_adj. Qed.

(** ** Sums and multiples of maps, which a direction of a matrix needs *)

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

Lemma app_plus (U V : Space) (A B : Linear U V) (u : U) : app (plus A B) u = add (app A u) (app B u).
Proof. reflexivity. Qed.

Lemma app_times (U V : Space) (s : R) (A : Linear U V) (u : U) : app (times s A) u = scale s (app A u).
Proof. reflexivity. Qed.

Lemma adj_plus (U V : Space) (A B : Linear U V) (v : V) : adj (plus A B) v = add (adj A v) (adj B v).
Proof. reflexivity. Qed.

Lemma app_transpose (U V : Space) (A : Linear U V) (v : V) : app (transpose A) v = adj A v.
Proof. reflexivity. Qed.

Lemma adj_transpose (U V : Space) (A : Linear U V) (u : U) : adj (transpose A) u = app A u.
Proof. reflexivity. Qed.

Lemma adj_times (U V : Space) (s : R) (A : Linear U V) (v : V) : adj (times s A) v = scale s (adj A v).
Proof. reflexivity. Qed.

Global Hint Rewrite app_transpose adj_transpose app_plus app_times adj_plus adj_times app_zero app_add app_scale adj_zero adj_add adj_scale
  inner_zero_l inner_zero_r inner_add_l inner_add_r inner_scale_l inner_scale_r inner_adj_l inner_adj_r : bilinear.

(** ** Derivatives of what is quadratic along a line *)

Definition slope (f : R -> R) : R := (f 1 - f (-1)) / 2.

(** [f t = f 0 + t slope + t^2 q]: then, and only then, is [slope f] its derivative at 0 with nothing left out. *)
Definition quadratic (f : R -> R) : Prop := forall t, f t = f 0 + t * slope f + t * t * ((f 1 + f (-1)) / 2 - f 0).

(** A hypothesis [u = 0] is used by solving it for one of its terms, which the exporter names. *)
Lemma solved (U : Space) (u x v : U) : u = zero -> (forall w, inner x w = inner v w + inner u w) -> x = v.
Proof. intros Hu H. apply inner_ext. intro w. rewrite H, Hu, inner_zero_l. ring. Qed.

(** ** The tactic: expand, give each inner product one name whichever way round it stands, compare polynomials. *)

Ltac name_inner_products :=
  repeat match goal with |- context [inner ?u ?v] =>
    let x := fresh "x" in
    let H := fresh "H" in
    assert (exists x, x = inner u v) as [x H] by (eexists; reflexivity);
    try rewrite (inner_sym _ v u); try rewrite <- H; clear H
  end.

Ltac use_known := repeat match goal with
  | H : forall _, app _ _ = _ |- _ => progress (rewrite ?H)
  | H : app _ _ = _ |- _ => progress (rewrite ?H)
  end.

(** Prove the solved form of the hypothesis that comes next, then put it to use. *)
Ltac solve_hypothesis H goal :=
  assert goal by (intros; eapply solved; [apply H | intro; autorewrite with bilinear; name_inner_products; ring]).

Ltac expand := unfold quadratic, slope; intros; autorewrite with bilinear; use_known; autorewrite with bilinear.

Ltac compare := name_inner_products; first [ring | field; assumption].

Ltac bilinear := intros; repeat split; try (apply inner_ext); expand; compare.

(** ** The laws of a vector space, which were not asked for *)

Lemma add_comm (U : Space) (u v : U) : add u v = add v u.
Proof. bilinear. Qed.

Lemma add_assoc (U : Space) (u v w : U) : add u (add v w) = add (add u v) w.
Proof. bilinear. Qed.

Lemma scale_add (U : Space) (s : R) (u v : U) : scale s (add u v) = add (scale s u) (scale s v).
Proof. bilinear. Qed.

Lemma definite (U : Space) (u : U) : (forall v : U, inner u v = 0) -> u = zero.
Proof. intro H. apply inner_ext. intro w. rewrite H, inner_zero_l. reflexivity. Qed.

(** ** Vectors with n entries: the statements are about something *)

Fixpoint vector (n : nat) : Type := match n with O => unit | S m => (R * vector m)%type end.

Fixpoint vzero (n : nat) : vector n := match n with O => tt | S m => (0, vzero m) end.

Fixpoint vadd (n : nat) : vector n -> vector n -> vector n :=
  match n with O => fun _ _ => tt | S m => fun u v => (fst u + fst v, vadd m (snd u) (snd v)) end.

Fixpoint vscale (n : nat) (s : R) : vector n -> vector n :=
  match n with O => fun _ => tt | S m => fun u => (s * fst u, vscale m s (snd u)) end.

Fixpoint vinner (n : nat) : vector n -> vector n -> R :=
  match n with O => fun _ _ => 0 | S m => fun u v => fst u * fst v + vinner m (snd u) (snd v) end.

Lemma vinner_sym n u v : vinner n u v = vinner n v u.
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH. ring. Qed.

Lemma vinner_zero n v : vinner n (vzero n) v = 0.
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH. ring. Qed.

Lemma vinner_add n u v w : vinner n (vadd n u v) w = vinner n u w + vinner n v w.
Proof. induction n as [|n IH]; simpl; [ring|]. rewrite IH. ring. Qed.

Lemma vinner_scale n s u v : vinner n (vscale n s u) v = s * vinner n u v.
Proof. induction n as [|n IH]; simpl; [ring|]. rewrite IH. ring. Qed.

Lemma vinner_positive n u : 0 <= vinner n u u.
Proof.
  induction n as [|n IH]; simpl; [lra|].
  apply Rplus_le_le_0_compat; [apply Rle_0_sqr | apply IH].
Qed.

Lemma vinner_ext n u v : (forall w, vinner n u w = vinner n v w) -> u = v.
Proof.
  induction n as [|n IH]; simpl; intro H; [destruct u, v; reflexivity|].
  destruct u as [a u], v as [b v]. f_equal.
  - specialize (H (1, vzero n)). simpl in H.
    rewrite (vinner_sym n u), (vinner_sym n v), !vinner_zero in H. lra.
  - apply IH. intro w. specialize (H (0, w)). simpl in H. lra.
Qed.

Definition Vectors (n : nat) : Space :=
  {| carrier := vector n; zero := vzero n; add := vadd n; scale := vscale n; inner := vinner n;
     inner_sym := vinner_sym n; inner_zero_l := vinner_zero n; inner_add_l := vinner_add n;
     inner_scale_l := vinner_scale n; inner_positive := vinner_positive n; inner_ext := vinner_ext n |}.

(** A matrix is a row for each entry of the result. *)
Fixpoint matrix (rows columns : nat) : Type :=
  match rows with O => unit | S m => (vector columns * matrix m columns)%type end.

Fixpoint mapp (m n : nat) : matrix m n -> vector n -> vector m :=
  match m with O => fun _ _ => tt | S k => fun A u => (vinner n (fst A) u, mapp k n (snd A) u) end.

Fixpoint madj (m n : nat) : matrix m n -> vector m -> vector n :=
  match m with O => fun _ _ => vzero n | S k => fun A v => vadd n (vscale n (fst v) (fst A)) (madj k n (snd A) (snd v)) end.

Lemma mapp_adj m n A u v : vinner m (mapp m n A u) v = vinner n u (madj m n A v).
Proof.
  induction m as [|m IH]; simpl.
  - rewrite vinner_sym, vinner_zero. reflexivity.
  - rewrite IH, (vinner_sym n u (vadd _ _ _)), vinner_add, vinner_scale, (vinner_sym n u). ring.
Qed.

Definition Matrix (m n : nat) (A : matrix m n) : Linear (Vectors n) (Vectors m) :=
  {| app := mapp m n A : Vectors n -> Vectors m; adj := madj m n A; app_adj := mapp_adj m n A |}.
