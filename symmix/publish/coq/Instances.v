(** Spaces, maps, samples and expectations of which there are some: the theorems are about something.

    Vectors with n entries, matrices, n + 1 samples, and random numbers with finitely many values. *)

From Coq Require Import Reals List Lra.
From Symmix Require Import Spaces.
Import ListNotations.
Open Scope R_scope.

(** ** Vectors and matrices, of every size *)

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
  match m with
  | O => fun _ _ => vzero n
  | S k => fun A v => vadd n (vscale n (fst v) (fst A)) (madj k n (snd A) (snd v))
  end.

Lemma mapp_adj m n A u v : vinner m (mapp m n A u) v = vinner n u (madj m n A v).
Proof.
  induction m as [|m IH]; simpl.
  - rewrite vinner_sym, vinner_zero. reflexivity.
  - rewrite IH, (vinner_sym n u (vadd _ _ _)), vinner_add, vinner_scale, (vinner_sym n u). ring.
Qed.

Definition Matrix (m n : nat) (A : matrix m n) : Linear (Vectors n) (Vectors m) :=
  {| app := mapp m n A : Vectors n -> Vectors m; adj := madj m n A; app_adj := mapp_adj m n A |}.

(** Every matrix is a sum of rank-one matrices a b^T: a gradient that is known along these is known. *)
Definition below {m n : nat} (p : vector m * vector n) : vector (S m) * vector n := ((0, fst p), snd p).

Fixpoint rank_ones (m n : nat) : matrix m n -> list (vector m * vector n) :=
  match m with
  | O => fun _ => []
  | S k => fun A => ((1, vzero k) : vector (S k), fst A) :: map below (rank_ones k n (snd A))
  end.

Fixpoint sum_of_outer {m n : nat} (l : list (vector m * vector n)) (u : vector n) : Vectors m :=
  match l with
  | [] => zero
  | (a, b) :: rest => add (app (outer (a : Vectors m) (b : Vectors n)) u) (sum_of_outer rest u)
  end.

Lemma vscale_zero n s : vscale n s (vzero n) = vzero n.
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH, Rmult_0_r. reflexivity. Qed.

Lemma vadd_zero n u : vadd n (vzero n) u = u.
Proof.
  induction n as [|n IH]; simpl; [destruct u; reflexivity|]. rewrite IH, Rplus_0_l. destruct u; reflexivity.
Qed.

Lemma sum_below {m n : nat} (l : list (vector m * vector n)) u :
  sum_of_outer (map below l) u = (0, sum_of_outer l u).
Proof.
  induction l as [|[a b] l IH]; [reflexivity|]. cbn [map sum_of_outer]. rewrite IH. simpl. f_equal. ring.
Qed.

Lemma matrix_is_sum_of_rank_ones m n (A : matrix m n) u :
  mapp m n A u = sum_of_outer (rank_ones m n A) u.
Proof.
  induction m as [|m IH]; [reflexivity|]. cbn [mapp rank_ones sum_of_outer]. rewrite IH, sum_below. simpl.
  f_equal.
  - ring.
  - rewrite vscale_zero. symmetry. apply vadd_zero.
Qed.

(** ** n + 1 samples *)

Fixpoint sums (n : nat) (f : nat -> R) : R := match n with O => f O | S m => f n + sums m f end.

Fixpoint totals (n : nat) (V : Space) (f : nat -> V) : V :=
  match n with O => f O | S m => add (f n) (totals m V f) end.

Lemma sums_ext n f g : (forall i, f i = g i) -> sums n f = sums n g.
Proof. intro H. induction n as [|n IH]; simpl; rewrite ?IH, H; reflexivity. Qed.

Lemma sums_add n f g : sums n (fun i => f i + g i) = sums n f + sums n g.
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH. ring. Qed.

Lemma sums_scale n s f : sums n (fun i => s * f i) = s * sums n f.
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH. ring. Qed.

Lemma sums_one n : sums n (fun _ => 1) = INR (S n).
Proof. induction n as [|n IH]; [reflexivity|]. rewrite S_INR, <- IH. simpl. ring. Qed.

Lemma sums_swap n m f : sums n (fun i => sums m (f i)) = sums m (fun j => sums n (fun i => f i j)).
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH, sums_add. reflexivity. Qed.

Lemma inner_totals n (V : Space) (f : nat -> V) v : inner (totals n V f) v = sums n (fun i => inner (f i) v).
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite inner_add_l, IH. reflexivity. Qed.

Definition Batch (n : nat) : Samples :=
  {| sample := nat; count := INR (S n); sum := sums n; total := totals n;
     count_nonzero := not_0_INR (S n) (Nat.neq_succ_0 n); sum_ext := sums_ext n;
     sum_add := sums_add n; sum_scale := sums_scale n; sum_one := sums_one n;
     sum_swap := sums_swap n n; inner_total := inner_totals n |}.

(** ** A random number with finitely many values: a list of weights, which sum to one, and values *)

Fixpoint weighted (l : list (R * R)) (f : R -> R) : R :=
  match l with [] => 0 | (p, x) :: m => p * f x + weighted m f end.

Lemma weighted_ext l f g : (forall x, f x = g x) -> weighted l f = weighted l g.
Proof. intro H. induction l as [|[p x] l IH]; simpl; rewrite ?IH, ?H; reflexivity. Qed.

Lemma weighted_add l f g : weighted l (fun x => f x + g x) = weighted l f + weighted l g.
Proof. induction l as [|[p x] l IH]; simpl; [ring|]. rewrite IH. ring. Qed.

Lemma weighted_scale l s f : weighted l (fun x => s * f x) = s * weighted l f.
Proof. induction l as [|[p x] l IH]; simpl; [ring|]. rewrite IH. ring. Qed.

Definition Discrete (l : list (R * R)) (normalised : weighted l (fun _ => 1) = 1) : Expectation :=
  {| expect := weighted l; expect_ext := weighted_ext l; expect_add := weighted_add l;
     expect_scale := weighted_scale l; expect_one := normalised |}.

(** A ratio that is 0, 1/2 or 1, each with probability 1/3. *)
Example ratio : Expectation.
Proof. refine (Discrete [(1 / 3, 0); (1 / 3, 1 / 2); (1 / 3, 1)] _). simpl. field. Defined.

Example mean_of_the_ratio : moment ratio 1 = 1 / 2.
Proof. unfold moment. simpl. field. Qed.
