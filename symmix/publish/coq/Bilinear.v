(** The tactic [differentiate], for equations; Equivalence.v adds what equivalences need.

    Both sides of an equation are expanded into lists of terms, bottom-up: for each way to build a vector or a
    number there is one lemma that says which list it has. Every inner product and every sum then gets one
    name, and what is left is an equation of rational functions, for [field]. The lemmas come first, the
    tactic last. *)

From Coq Require Import Reals List Lra.
From Symmix Require Import Spaces.
Import ListNotations.
Open Scope R_scope.

(** ** Linear combinations, of vectors and of numbers

    A term is a power of [t], for what moves along a line, a coefficient, and a vector or a number. Where
    nothing moves all powers are 0. *)

(** [None] is the coefficient 1: most are, and this way they leave no trace in the final equation. *)
Definition coefficient := option R.

Definition real (c : coefficient) : R := match c with None => 1 | Some x => x end.

Definition both (c d : coefficient) : coefficient :=
  match c, d with None, _ => d | _, None => c | Some x, Some y => Some (x * y) end.

Arguments real : simpl nomatch.
Arguments both : simpl nomatch.

Definition term (T : Type) : Type := (nat * coefficient * T)%type.

(** What a list of terms stands for. *)
Fixpoint vsum {V : Space} (t : R) (l : list (term V)) : V :=
  match l with [] => zero | (n, c, u) :: m => add (scale (t ^ n * real c) u) (vsum t m) end.

Fixpoint rsum (t : R) (l : list (term R)) : R :=
  match l with [] => 0 | (n, c, a) :: m => t ^ n * real c * a + rsum t m end.

(** A list times [t ^ n] and a coefficient. *)
Definition weigh {T} (n : nat) (s : coefficient) : list (term T) -> list (term T) :=
  map (fun '(k, c, u) => (n + k, both s c, u)%nat).

(** A map, or anything linear, applied to each term. *)
Definition image {T U} (f : T -> U) : list (term T) -> list (term U) := map (fun '(n, c, u) => (n, c, f u)).

(** Each term with each: the product of two combinations. *)
Definition pairs {T U} (f : T -> U -> R) (l : list (term T)) (m : list (term U)) : list (term R) :=
  flat_map (fun '(n, c, u) => map (fun '(k, d, v) => (n + k, both c d, f u v)%nat) m) l.

(** A combination of numbers times a combination of vectors; the numbers become coefficients. *)
Definition spread {T} (k : list (term R)) (l : list (term T)) : list (term T) :=
  flat_map (fun '(n, c, a) => weigh n (both c (Some a)) l) k.

Lemma real_both c d : real (both c d) = real c * real d.
Proof. destruct c, d; simpl; ring. Qed.

(** ** Each way to build a vector, on linear combinations *)

Section Vectors.
Context {U V : Space} (t : R).
Implicit Types (u v : U) (l m : list (term U)).

Lemma vec_atom u : u = vsum t [(0%nat, None, u)].
Proof. apply inner_ext. intro w. simpl. rewrite inner_add_l, inner_scale_l, inner_zero_l. ring. Qed.

Lemma vec_list u l m : u = vsum t l -> l = m -> u = vsum t m.
Proof. intros Hu <-. exact Hu. Qed.

Lemma vec_zero : zero = @vsum U t [].
Proof. reflexivity. Qed.

Lemma inner_vsum l v : inner (vsum t l) v = rsum t (image (fun u => inner u v) l).
Proof.
  induction l as [|[[n c] u] l IH]; simpl; [apply inner_zero_l|].
  rewrite inner_add_l, inner_scale_l, IH. reflexivity.
Qed.

Lemma rsum_app (l m : list (term R)) : rsum t (l ++ m) = rsum t l + rsum t m.
Proof. induction l as [|[[n c] a] l IH]; simpl; [ring|]. rewrite IH. ring. Qed.

Lemma rsum_weigh n s (l : list (term R)) : rsum t (weigh n s l) = t ^ n * real s * rsum t l.
Proof. induction l as [|[[k c] a] l IH]; simpl; [ring|]. rewrite real_both, pow_add, IH. ring. Qed.

Lemma vec_add u v l m : u = vsum t l -> v = vsum t m -> add u v = vsum t (l ++ m).
Proof.
  intros -> ->. apply inner_ext. intro w. unfold image.
  rewrite inner_add_l, !inner_vsum, <- rsum_app. unfold image. rewrite map_app. reflexivity.
Qed.

Lemma vec_weigh n s l : scale (t ^ n * real s) (vsum t l) = vsum t (weigh n s l).
Proof.
  apply inner_ext. intro w. rewrite inner_scale_l, !inner_vsum.
  induction l as [|[[k c] v] l IH]; simpl; [ring|]. rewrite real_both, pow_add, <- IH. ring.
Qed.

Lemma vec_scale s u l : u = vsum t l -> scale s u = vsum t (weigh 0 (Some s) l).
Proof. intros ->. rewrite <- vec_weigh. simpl. rewrite Rmult_1_l. reflexivity. Qed.

Lemma vec_move u d l m : u = vsum t l -> d = vsum t m -> move t u d = vsum t (l ++ weigh 1 None m).
Proof.
  intros Hu ->. apply vec_add; [exact Hu|]. rewrite <- vec_weigh. simpl. rewrite !Rmult_1_r. reflexivity.
Qed.

Lemma vec_neg u l : u = vsum t l -> neg u = vsum t (weigh 0 (Some (-1)) l).
Proof. exact (vec_scale (-1) u l). Qed.

Lemma vec_sub u v l m : u = vsum t l -> v = vsum t m -> sub u v = vsum t (l ++ weigh 0 (Some (-1)) m).
Proof. intros Hu Hv. apply vec_add; [exact Hu | apply vec_neg; exact Hv]. Qed.

Lemma vec_app (A : Linear U V) u l : u = vsum t l -> app A u = vsum t (image (app A) l).
Proof.
  intros ->. induction l as [|[[n c] v] l IH]; simpl; [apply app_zero|].
  rewrite app_add, app_scale, IH. reflexivity.
Qed.

Lemma vec_adj (A : Linear V U) u l : u = vsum t l -> adj A u = vsum t (image (adj A) l).
Proof.
  intros ->. induction l as [|[[n c] v] l IH]; simpl; [apply adj_zero|].
  rewrite adj_add, adj_scale, IH. reflexivity.
Qed.

Lemma real_inner u v l m : u = vsum t l -> v = vsum t m -> inner u v = rsum t (pairs inner l m).
Proof.
  intros -> ->. induction l as [|[[n c] u'] l IH]; simpl; [apply inner_zero_l|].
  rewrite inner_add_l, inner_scale_l, rsum_app, IH. f_equal. clear.
  induction m as [|[[k d] v] m IH]; simpl; [rewrite inner_zero_r; ring|].
  rewrite inner_add_r, inner_scale_r, Rmult_plus_distr_l, IH, real_both, pow_add. ring.
Qed.

Lemma vec_spread s u (k : list (term R)) l :
  s = rsum t k -> u = vsum t l -> scale s u = vsum t (spread k l).
Proof.
  intros -> ->. apply inner_ext. intro w. rewrite inner_scale_l. induction k as [|[[n c] a] k IH]; simpl.
  - rewrite inner_zero_l. ring.
  - rewrite <- (vec_add (vsum t (weigh n (both c (Some a)) l)) (vsum t (spread k l)) _ _ eq_refl eq_refl).
    rewrite <- vec_weigh, inner_add_l, inner_scale_l, <- IH, real_both. simpl. ring.
Qed.

End Vectors.

Lemma vec_app_map {U V : Space} t (A D : Linear U V) u l m :
  app A u = vsum t l -> app D u = vsum t m -> app (move_map t A D) u = vsum t (l ++ weigh 1 None m).
Proof. exact (vec_move t (app A u) (app D u) l m). Qed.

Lemma vec_adj_map {U V : Space} t (A D : Linear U V) v l m :
  adj A v = vsum t l -> adj D v = vsum t m -> adj (move_map t A D) v = vsum t (l ++ weigh 1 None m).
Proof. exact (vec_move t (adj A v) (adj D v) l m). Qed.

Lemma vec_outer {U V : Space} t (a : V) (b u : U) l :
  scale (inner b u) a = vsum t l -> app (outer a b) u = vsum t l.
Proof. exact (fun H => H). Qed.

Lemma vec_outer_adj {U V : Space} t (a v : V) (b : U) l :
  scale (inner a v) b = vsum t l -> adj (outer a b) v = vsum t l.
Proof. exact (fun H => H). Qed.

(** ** Each way to build a number *)

Section Reals.
Context (t : R).
Implicit Types (x y : R) (l m : list (term R)).

Lemma real_list x l m : x = rsum t l -> l = m -> x = rsum t m.
Proof. intros Hx <-. exact Hx. Qed.

(** A number is a coefficient (of 1), or a term of its own: the tactic chooses, see [composed]. *)
Lemma real_coefficient x : x = rsum t [(0%nat, Some x, 1)].
Proof. simpl. ring. Qed.

Lemma real_atom x : x = rsum t [(0%nat, None, x)].
Proof. simpl. ring. Qed.

Lemma real_add x y l m : x = rsum t l -> y = rsum t m -> x + y = rsum t (l ++ m).
Proof. intros -> ->. symmetry. apply rsum_app. Qed.

Lemma real_opp x l : x = rsum t l -> - x = rsum t (weigh 0 (Some (-1)) l).
Proof. intros ->. rewrite rsum_weigh. simpl. ring. Qed.

Lemma real_sub x y l m : x = rsum t l -> y = rsum t m -> x - y = rsum t (l ++ weigh 0 (Some (-1)) m).
Proof. intros -> ->. rewrite rsum_app, rsum_weigh. simpl. ring. Qed.

Lemma real_scale x y l : y = rsum t l -> x * y = rsum t (weigh 0 (Some x) l).
Proof. intros ->. rewrite rsum_weigh. simpl. ring. Qed.

Lemma real_scale_right x y l : x = rsum t l -> x * y = rsum t (weigh 0 (Some y) l).
Proof. intros ->. rewrite rsum_weigh. simpl. ring. Qed.

Lemma real_over x y l : x = rsum t l -> x / y = rsum t (weigh 0 (Some (/ y)) l).
Proof. intros ->. rewrite rsum_weigh. unfold Rdiv. simpl. ring. Qed.

Lemma real_mul x y l m : x = rsum t l -> y = rsum t m -> x * y = rsum t (pairs Rmult l m).
Proof.
  intros -> ->. induction l as [|[[n c] a] l IH]; simpl; [ring|].
  rewrite rsum_app, <- IH, Rmult_plus_distr_r. f_equal. clear.
  induction m as [|[[k d] b] m IH]; simpl; [ring|]. rewrite <- IH, real_both, pow_add. ring.
Qed.

End Reals.

(** ** Lines: the part of degree one is the slope *)

(** No power of [t] is above 2. *)
Definition at_most_two (l : list (term R)) : bool := forallb (fun '(n, _, _) => Nat.leb n 2) l.

(** The terms with [t ^ k], without it. *)
Definition part (k : nat) (l : list (term R)) : list (term R) :=
  flat_map (fun '(n, c, a) => if Nat.eqb n k then [(0%nat, c, a)] else []) l.

Lemma parts t l : at_most_two l = true ->
  rsum t l = rsum 0 (part 0 l) + t * rsum 0 (part 1 l) + t * t * rsum 0 (part 2 l).
Proof.
  induction l as [|[[n c] a] l IH]; simpl; [intros _; ring|].
  intros [small rest]%andb_prop. rewrite (IH rest), !rsum_app.
  destruct n as [|[|[|n]]]; [| | | discriminate small]; simpl; ring.
Qed.

(** What is left where t is 0. *)
Fixpoint flat (l : list (term R)) : R :=
  match l with
  | [] => 0
  | (O, c, a) :: m => real c * a + flat m
  | (S _, _, _) :: m => flat m
  end.

Lemma flat_rsum l : flat l = rsum 0 l.
Proof. induction l as [|[[[|n] c] a] l IH]; simpl; [reflexivity| |]; rewrite IH; ring. Qed.

(** [line f l]: the terms of [f t]. *)
Definition line (f : R -> R) (l : list (term R)) : Prop := forall t, f t = rsum t l.

Lemma quadratic_line f l : line f l -> at_most_two l = true -> quadratic f.
Proof. intros H small t. unfold slope, curvature. rewrite !H, !(parts _ _ small). field. Qed.

(** The terms are kept for the slope that is claimed next. *)
Lemma quadratic_and f l (claim : Prop) :
  line f l -> at_most_two l = true -> (line f l -> claim) -> quadratic f /\ claim.
Proof. intros H small K. split; [exact (quadratic_line f l H small) | exact (K H)]. Qed.

(** Terms that do not move are the same for all t. *)
Lemma still t k l : rsum t (part k l) = rsum 0 (part k l).
Proof.
  induction l as [|[[n c] a] l IH]; simpl; [reflexivity|].
  rewrite !rsum_app, IH. destruct (Nat.eqb n k); simpl; ring.
Qed.

Lemma slope_line t f l k : line f l -> at_most_two l = true -> part 1 l = k -> slope f = rsum t k.
Proof. intros H small <-. unfold slope. rewrite still, !H, !(parts _ _ small). field. Qed.

(** ** Sums over samples: what does not depend on the sample comes out *)

Section Sums.
Context {S : Samples} (t : R).
Implicit Types (f : S -> R) (a : R) (l m : list (term R)).

Lemma sum_conv f g l : (forall i, f i = g i) -> sum g = rsum t l -> sum f = rsum t l.
Proof. intros H <-. apply sum_ext, H. Qed.

(** Expand the summand first, then sum the terms. *)
Lemma sum_lists f (g : S -> list (term R)) l :
  (forall i, f i = rsum t (g i)) -> sum (fun i => rsum t (g i)) = rsum t l -> sum f = rsum t l.
Proof. apply sum_conv. Qed.

Lemma sum_nil : sum (fun _ : S => rsum t []) = rsum t [].
Proof.
  transitivity (0 * sum (fun _ : S => 1)); [|simpl; ring].
  rewrite <- sum_scale. apply sum_ext. intro. simpl. ring.
Qed.

Lemma sum_append (f g : S -> list (term R)) l m :
  sum (fun i => rsum t (f i)) = rsum t l -> sum (fun i => rsum t (g i)) = rsum t m ->
  sum (fun i => rsum t (f i ++ g i)) = rsum t (l ++ m).
Proof. intros Hl Hm. rewrite rsum_app, <- Hl, <- Hm, <- sum_add. apply sum_ext. intro. apply rsum_app. Qed.

Lemma sum_single n c f l :
  sum f = rsum t l -> sum (fun i => rsum t [(n, c, f i)]) = rsum t (weigh n c l).
Proof. intro H. rewrite rsum_weigh, <- H, <- sum_scale. apply sum_ext. intro. simpl. ring. Qed.

(** A weight that depends on the sample is multiplied out with what it weighs. *)
Lemma sum_weighted n (c f : S -> R) (k : S -> list (term R)) l :
  (forall i, c i * f i = rsum t (k i)) -> sum (fun i => rsum t (k i)) = rsum t l ->
  sum (fun i => rsum t [(n, Some (c i), f i)]) = rsum t (weigh n None l).
Proof.
  intros H Hl. rewrite rsum_weigh, <- Hl, <- sum_scale. apply sum_ext. intro. simpl. rewrite <- H. ring.
Qed.

Lemma sum_constant a : sum (fun _ : S => a) = rsum t [(0%nat, Some (count S), a)].
Proof.
  simpl. rewrite <- (sum_one S), Rplus_0_r, Rmult_1_l, Rmult_comm, <- sum_scale. apply sum_ext. intro. ring.
Qed.

Lemma sum_left a f l : sum f = rsum t l -> sum (fun i => a * f i) = rsum t (pairs Rmult [(0%nat, None, a)] l).
Proof. intro H. rewrite sum_scale, H. apply real_mul; [apply real_atom | reflexivity]. Qed.

Lemma sum_right a f l :
  sum f = rsum t l -> sum (fun i => f i * a) = rsum t (pairs Rmult [(0%nat, None, a)] l).
Proof. intro H. rewrite <- (sum_left a f l H). apply sum_ext. intro. ring. Qed.

(** After the sums have changed places, a factor that depends on the inner sample only comes out of one. *)
Lemma sum_exchange (f : S -> S -> R) (g : S -> list (term R)) l :
  (forall i, sum (fun j => f j i) = rsum t (g i)) -> sum (fun i => rsum t (g i)) = rsum t l ->
  sum (fun j => sum (fun i => f j i)) = rsum t l.
Proof. intros H <-. rewrite sum_swap. apply sum_ext, H. Qed.

(** A map that is the same for all samples moves to the other side. *)
Lemma sum_app_left {U V : Space} (A : Linear U V) (u : S -> U) (v : S -> V) l :
  sum (fun i => inner (u i) (adj A (v i))) = rsum t l -> sum (fun i => inner (app A (u i)) (v i)) = rsum t l.
Proof. apply sum_conv. intro. apply app_adj. Qed.

Lemma sum_adj_left {U V : Space} (A : Linear U V) (u : S -> U) (v : S -> V) l :
  sum (fun i => inner (v i) (app A (u i))) = rsum t l -> sum (fun i => inner (adj A (v i)) (u i)) = rsum t l.
Proof. apply sum_conv. intro. apply adj_app. Qed.

Lemma sum_app_right {U V : Space} (A : Linear U V) (u : S -> U) (v : S -> V) l :
  sum (fun i => inner (adj A (v i)) (u i)) = rsum t l -> sum (fun i => inner (v i) (app A (u i))) = rsum t l.
Proof. apply sum_conv. intro. symmetry. apply adj_app. Qed.

Lemma sum_adj_right {U V : Space} (A : Linear U V) (u : S -> U) (v : S -> V) l :
  sum (fun i => inner (app A (u i)) (v i)) = rsum t l -> sum (fun i => inner (u i) (adj A (v i))) = rsum t l.
Proof. apply sum_conv. intro. symmetry. apply app_adj. Qed.

(** The sum of what is linear in a vector is that of the total. *)
Lemma sum_inner_left {V : Space} (u : S -> V) (v : V) (l : list (term V)) :
  total u = vsum t l -> sum (fun i => inner (u i) v) = rsum t (pairs inner l [(0%nat, None, v)]).
Proof. intro H. rewrite <- inner_total. apply real_inner; [exact H | apply vec_atom]. Qed.

Lemma sum_inner_right {V : Space} (u : S -> V) (v : V) (l : list (term V)) :
  total u = vsum t l -> sum (fun i => inner v (u i)) = rsum t (pairs inner l [(0%nat, None, v)]).
Proof. intro H. rewrite <- (sum_inner_left u v l H). apply sum_ext. intro. apply inner_sym. Qed.

End Sums.

Section Totals.
Context {S : Samples} {V : Space} (t : R).
Implicit Types (f : S -> V) (l m : list (term V)).

Lemma total_lists f (g : S -> list (term V)) l :
  (forall i, f i = vsum t (g i)) -> total (fun i => vsum t (g i)) = vsum t l -> total f = vsum t l.
Proof.
  intros H <-. apply inner_ext. intro w. rewrite !inner_total. apply sum_ext. intro. rewrite H. reflexivity.
Qed.

Lemma total_nil : total (fun _ : S => @vsum V t []) = vsum t [].
Proof. apply inner_ext. intro w. rewrite inner_total. simpl. rewrite inner_zero_l. exact (sum_nil 0). Qed.

Lemma total_append (f g : S -> list (term V)) l m :
  total (fun i => vsum t (f i)) = vsum t l -> total (fun i => vsum t (g i)) = vsum t m ->
  total (fun i => vsum t (f i ++ g i)) = vsum t (l ++ m).
Proof.
  intros Hl Hm. rewrite <- (vec_add t _ _ _ _ eq_refl eq_refl), <- Hl, <- Hm.
  apply inner_ext. intro w. rewrite inner_add_l, !inner_total, <- sum_add. apply sum_ext. intro.
  rewrite <- (vec_add t _ _ _ _ eq_refl eq_refl). apply inner_add_l.
Qed.

Lemma total_single n c f l :
  total f = vsum t l -> total (fun i => vsum t [(n, c, f i)]) = vsum t (weigh n c l).
Proof.
  intro H. rewrite <- vec_weigh, <- H. apply inner_ext. intro w.
  rewrite inner_scale_l, !inner_total, <- sum_scale. apply sum_ext. intro. simpl.
  rewrite inner_add_l, inner_scale_l, inner_zero_l. ring.
Qed.

(** Weights that depend on the sample stay inside. *)
Lemma total_weighted n c f l :
  total (fun i => scale (c i) (f i)) = vsum t l ->
  total (fun i => vsum t [(n, Some (c i), f i)]) = vsum t (weigh n None l).
Proof.
  intro H. rewrite <- vec_weigh, <- H. apply inner_ext. intro w.
  rewrite inner_scale_l, !inner_total, <- sum_scale. apply sum_ext. intro. simpl.
  rewrite inner_add_l, !inner_scale_l, inner_zero_l. ring.
Qed.

(** Where the weights of each partner sum to one, pairing conserves the total. *)
Lemma total_pairing (c : S -> S -> R) f l :
  (forall j, sum (fun i => c i j) = 1) -> total f = vsum t l ->
  total (fun i => total (fun j => scale (c i j) (f j))) = vsum t l.
Proof.
  intros H <-. apply inner_ext. intro w. rewrite !inner_total.
  transitivity (sum (fun i => sum (fun j => inner (f j) w * c i j))).
  { apply sum_ext. intro i. rewrite inner_total. apply sum_ext. intro j. rewrite inner_scale_l. ring. }
  rewrite sum_swap. apply sum_ext. intro j. rewrite sum_scale, H. ring.
Qed.

Lemma total_constant (v : V) : total (fun _ : S => v) = vsum t [(0%nat, Some (count S), v)].
Proof.
  apply inner_ext. intro w. rewrite inner_total, (sum_constant 0). simpl.
  rewrite inner_add_l, inner_scale_l, inner_zero_l. ring.
Qed.

End Totals.

Lemma total_app {S : Samples} {U V : Space} t (A : Linear U V) (f : S -> U) l :
  total f = vsum t l -> total (fun i => app A (f i)) = vsum t (image (app A) l).
Proof. intro H. rewrite <- app_total, H. apply vec_app. reflexivity. Qed.

Lemma total_adj {S : Samples} {U V : Space} t (A : Linear V U) (f : S -> U) l :
  total f = vsum t l -> total (fun i => adj A (f i)) = vsum t (image (adj A) l).
Proof. intro H. rewrite <- adj_total, H. apply vec_adj. reflexivity. Qed.

(** ** Expectations: of coefficients that are polynomials in what is random

    The tactic reads a coefficient as an expression in the random number; the coefficients of its powers are
    computed, and the powers replaced by the moments. *)

Inductive polynomial :=
  | One
  | Const (a : R)
  | Random
  | Plus (p q : polynomial)
  | Minus (p q : polynomial)
  | Times (p q : polynomial).

Fixpoint value (p : polynomial) (x : R) : R :=
  match p with
  | One => 1
  | Const a => a
  | Random => x
  | Plus p q => value p x + value q x
  | Minus p q => value p x - value q x
  | Times p q => value p x * value q x
  end.

(** An entry of the list of coefficients of 1, x, x^2, ...: here [None] is 0, so that powers that do not occur
    leave no trace either. *)
Definition entry (a : option coefficient) : R := match a with None => 0 | Some c => real c end.

Definition entry_add (a b : option coefficient) : option coefficient :=
  match a, b with None, _ => b | _, None => a | Some c, Some d => Some (Some (real c + real d)) end.

(** The value at x of the polynomial with these coefficients. *)
Fixpoint evaluate (x : R) (l : list (option coefficient)) : R :=
  match l with [] => 0 | a :: m => entry a + x * evaluate x m end.

Fixpoint poly_add (l m : list (option coefficient)) : list (option coefficient) :=
  match l, m with [], _ => m | _, [] => l | a :: l', b :: m' => entry_add a b :: poly_add l' m' end.

Definition poly_scale (c : coefficient) : list (option coefficient) -> list (option coefficient) :=
  map (option_map (both c)).

Fixpoint poly_mul (l m : list (option coefficient)) : list (option coefficient) :=
  match l with
  | [] => []
  | None :: l' => None :: poly_mul l' m
  | Some c :: l' => poly_add (poly_scale c m) (None :: poly_mul l' m)
  end.

Fixpoint powers (p : polynomial) : list (option coefficient) :=
  match p with
  | One => [Some None]
  | Const a => [Some (Some a)]
  | Random => [None; Some None]
  | Plus p q => poly_add (powers p) (powers q)
  | Minus p q => poly_add (powers p) (poly_scale (Some (-1)) (powers q))
  | Times p q => poly_mul (powers p) (powers q)
  end.

Lemma entry_sum (a b : option coefficient) : entry (entry_add a b) = entry a + entry b.
Proof. destruct a, b; simpl; ring. Qed.

Lemma evaluate_add x l m : evaluate x (poly_add l m) = evaluate x l + evaluate x m.
Proof.
  revert m. induction l as [|a l IH]; intros [|b m]; simpl; try ring. rewrite IH, entry_sum. ring.
Qed.

Lemma evaluate_scale x c l : evaluate x (poly_scale c l) = real c * evaluate x l.
Proof. induction l as [|[d|] l IH]; simpl; [ring| |]; fold (poly_scale c l);
    rewrite IH, ?real_both; ring. Qed.

Lemma evaluate_mul x l m : evaluate x (poly_mul l m) = evaluate x l * evaluate x m.
Proof.
  induction l as [|[c|] l IH]; simpl; [ring| |];
    rewrite ?evaluate_add, ?evaluate_scale; simpl; rewrite IH; ring.
Qed.

Lemma value_powers p x : value p x = evaluate x (powers p).
Proof.
  induction p as [|a| |p IHp q IHq|p IHp q IHq|p IHp q IHq]; simpl;
    rewrite ?evaluate_mul, ?evaluate_add, ?evaluate_scale, ?IHp, ?IHq; simpl; ring.
Qed.

Section Expectations.
Context (E : Expectation) (t : R).
Implicit Types (f : R -> R) (a : R) (l m : list (term R)).

(** The mean of [x ^ k] times a polynomial. *)
Fixpoint mean (k : nat) (l : list (option coefficient)) : option coefficient :=
  match l with
  | [] => None
  | a :: m =>
      let here :=
        match a, k with
        | None, _ => None
        | Some _, O => a
        | Some c, S _ => Some (both c (Some (moment E k)))
        end in
      entry_add here (mean (S k) m)
  end.

Lemma mean_powers k (l : list (option coefficient)) :
  expect E (fun x => x ^ k * evaluate x l) = entry (mean k l).
Proof.
  revert k. induction l as [|a l IH]; intro k; simpl.
  - rewrite (expect_ext E _ (fun x => 0 * x)) by (intro; ring). rewrite expect_scale. ring.
  - rewrite entry_sum, <- IH.
    rewrite (expect_ext E _ (fun x => entry a * x ^ k + x ^ S k * evaluate x l)) by (intro; simpl; ring).
    rewrite expect_add, expect_scale. f_equal.
    destruct a as [c|]; [|simpl; ring]. destruct k as [|k]; simpl.
    + rewrite expect_one. ring.
    + rewrite real_both. reflexivity.
Qed.

Lemma expect_lists f (g : R -> list (term R)) l :
  (forall x, f x = rsum t (g x)) -> expect E (fun x => rsum t (g x)) = rsum t l ->
  expect E f = rsum t l.
Proof. intros H <-. apply expect_ext, H. Qed.

Lemma expect_nil : expect E (fun _ => rsum t []) = rsum t [].
Proof.
  transitivity (0 * expect E (fun _ => 1)); [|simpl; ring].
  rewrite <- expect_scale. apply expect_ext. intro. simpl. ring.
Qed.

Lemma expect_append (f g : R -> list (term R)) l m :
  expect E (fun x => rsum t (f x)) = rsum t l -> expect E (fun x => rsum t (g x)) = rsum t m ->
  expect E (fun x => rsum t (f x ++ g x)) = rsum t (l ++ m).
Proof.
  intros Hl Hm. rewrite rsum_app, <- Hl, <- Hm, <- expect_add. apply expect_ext. intro. apply rsum_app.
Qed.

Lemma expect_constant n c a : expect E (fun _ => rsum t [(n, c, a)]) = rsum t [(n, c, a)].
Proof.
  rewrite (expect_ext E _ (fun _ => rsum t [(n, c, a)] * 1)) by (intro; ring).
  rewrite expect_scale, expect_one. ring.
Qed.

Lemma expect_single n p a :
  expect E (fun x => rsum t [(n, Some (value p x), a)]) =
  rsum t (match mean 0 (powers p) with None => [] | Some c => [(n, c, a)] end).
Proof.
  rewrite (expect_ext E _ (fun x => t ^ n * a * (x ^ 0 * evaluate x (powers p))))
    by (intro; simpl; rewrite value_powers; ring).
  rewrite expect_scale, mean_powers. destruct (mean 0 (powers p)) as [c|]; simpl; ring.
Qed.

End Expectations.

(** ** When two numbers are the same *)

Lemma compare x y l m : x = rsum 0 l -> y = rsum 0 m -> flat l = flat m -> x = y.
Proof. rewrite <- !flat_rsum. intros -> -> H. exact H. Qed.

(** Two double sums, of which one has the samples in the other order. *)
Lemma same_exchanged {S : Samples} (f g : S -> S -> R) :
  (forall i j, f i j = g j i) -> sum (fun i => sum (f i)) = sum (fun j => sum (g j)).
Proof. intro H. rewrite sum_swap. apply sum_ext. intro j. apply sum_ext. intro i. apply H. Qed.

Lemma same_weighted_exchanged {S : Samples} (a b : S -> R) (f g : S -> S -> R) :
  (forall i j, a i * f i j = b j * g j i) ->
  sum (fun i => a i * sum (f i)) = sum (fun j => b j * sum (g j)).
Proof.
  intro H. transitivity (sum (fun i => sum (fun j => a i * f i j))).
  - apply sum_ext. intro i. symmetry. apply sum_scale.
  - rewrite sum_swap. apply sum_ext. intro j. rewrite <- sum_scale. apply sum_ext. intro i. apply H.
Qed.

(** An equation [u = v] is solved for [x]: the tactic finds [s] and [w]. *)
Lemma solved {U : Space} s (x u v w : U) :
  u = v -> (forall d, inner x d = inner w d + s * (inner u d - inner v d)) -> x = w.
Proof. intros H K. apply inner_ext. intro d. rewrite K, H. ring. Qed.

Lemma solved_number s (x u v w : R) : u = v -> x = w + s * (u - v) -> x = w.
Proof. intros -> ->. ring. Qed.

(** ** The tactic *)

(** The definitions of a theorem are unfolded first; each file adds its own. *)
Create HintDb definitions.

(** *** Side conditions *)

(** A hypothesis says that the weights sum to one; some of them carry a factor 1 by now. *)
Ltac weights_sum_to_one :=
  match goal with H : forall _, sum _ = 1 |- _ =>
    let j := fresh in intro j; etransitivity; [|exact (H j)]; apply sum_ext; intro; ring
  end.

(** What is divided by is not zero by hypothesis, perhaps written in another way. *)
Ltac nonzero :=
  first
    [ assumption
    | apply count_nonzero
    | match goal with H : _ <> 0 |- _ => let K := fresh in intro K; apply H; rewrite <- K; ring end ].

Ltac by_field := solve [field; repeat split; nonzero].

(** Solve [l = ?m] by computing the list [l]. The kernel checks it, once, with its virtual machine. *)
Ltac computed :=
  lazymatch goal with |- ?l = ?m =>
    let k :=
      eval cbv [List.app map flat_map forallb andb Nat.add Nat.eqb Nat.leb
                weigh spread image pairs both at_most_two part
                powers poly_add poly_scale poly_mul entry_add option_map mean] in l in
    unify m k; vm_cast_no_check (eq_refl k)
  end.

(** *** Expansion *)

(** Move all maps to the right. *)
Ltac to_right := repeat first [rewrite app_adj | rewrite adj_app].

(** A number is more than a coefficient if it contains an inner product or a sum, or depends on a sample. *)
Ltac composed x :=
  match x with
  | context [inner _ _] => idtac
  | context [sum _] => idtac
  | context [expect _ _] => idtac
  | context [slope _] => idtac
  | context [_ ?i] => lazymatch type of i with sample _ => idtac end
  end.

(** A number that a hypothesis gives for all samples, an entry or a sum, if it is given as a coefficient. *)
Ltac coefficient :=
  lazymatch goal with |- ?x = _ => tryif composed x then fail else apply real_coefficient end.

Ltac known :=
  match goal with
  | H : forall _, _ = _ :> R |- _ = _ => eapply eq_trans; [apply H | coefficient]
  | H : forall _ _, _ = _ :> R |- _ = _ => eapply eq_trans; [apply H | coefficient]
  end.

(** The number [e] as a polynomial in [x]. *)
Ltac read x e :=
  lazymatch e with
  | x => constr:(Random)
  | 1 => constr:(One)
  | context [x] =>
      lazymatch e with
      | ?a * ?b => let p := read x a in let q := read x b in constr:(Times p q)
      | ?a + ?b => let p := read x a in let q := read x b in constr:(Plus p q)
      | ?a - ?b => let p := read x a in let q := read x b in constr:(Minus p q)
      | - ?b => let q := read x b in constr:(Times (Const (-1)) q)
      | ?a / ?b => let p := read x a in constr:(Times p (Const (/ b)))
      | ?a ^ O => constr:(One)
      | ?a ^ S ?n => let p := read x a in let q := read x constr:(a ^ n) in constr:(Times p q)
      end
  | _ => constr:(Const e)
  end.

Ltac expect_term :=
  lazymatch goal with
  | |- expect _ (fun x => rsum _ [(?n, Some (@?f x), ?a)]) = _ =>
      let p :=
        constr:(ltac:(intro x; let e := eval cbv beta in (f x) in let p := read x e in exact p)
                : R -> polynomial) in
      lazymatch p with fun _ => ?q => refine (expect_single _ _ n q a) end
  end.

(** Split the list [g x], for all [x], into halves [a] and [b], and go on with [k a b]. Each step of a proof
    names all that is left of the list, so that taking terms from one end would take quadratic time. *)
Ltac halve T g k :=
  lazymatch eval cbv [length Nat.div2] in (fun x : T => Nat.div2 (length (g x))) with
  | fun _ => S ?n =>
      let a := eval cbv [firstn] in (fun x : T => firstn (S n) (g x)) in
      let b := eval cbv [skipn] in (fun x : T => skipn (S n) (g x)) in
      k a b
  end.

(** Solve [u = vsum t ?l] for a vector, [x = rsum t ?l] for a number, by finding the list. The list of what is
    summed is computed before its terms are summed one by one ([total_list], [sum_list], [expect_list]). *)
Ltac vector :=
  lazymatch goal with
  | |- zero = _ => apply vec_zero
  | |- add _ _ = _ => eapply vec_add; [vector | vector]
  | |- sub _ _ = _ => eapply vec_sub; [vector | vector]
  | |- neg _ = _ => eapply vec_neg; vector
  | |- move _ _ _ = _ => eapply vec_move; [vector | vector]
  | |- scale ?s _ = _ => first [composed s; eapply vec_spread; [number | vector] | eapply vec_scale; vector]
  | |- app (move_map _ _ _) _ = _ => eapply vec_app_map; [vector | vector]
  | |- adj (move_map _ _ _) _ = _ => eapply vec_adj_map; [vector | vector]
  | |- app (outer _ _) _ = _ => eapply vec_outer; vector
  | |- adj (outer _ _) _ = _ => eapply vec_outer_adj; vector
  | |- app _ _ = _ => eapply vec_app; vector
  | |- adj _ _ = _ => eapply vec_adj; vector
  | |- total _ = _ => eapply total_lists; [intro; vector_computed | total_list]
  | |- _ = _ => apply vec_atom
  end
with vector_computed := eapply vec_list; [vector | computed]
with total_list :=
  cbv beta;
  lazymatch goal with |- total (fun x : ?T => vsum ?t (@?g x)) = _ =>
    first
      [ halve T g ltac:(fun a b => eapply (total_append t a b); [total_list | total_list])
      | apply total_nil
      | eapply total_single; total_atom
      | eapply total_weighted; total_atom ]
  end
with total_atom :=
  first
    [ apply total_constant
    | eapply total_pairing; [weights_sum_to_one | total_atom]
    | eapply total_app; total_atom
    | eapply total_adj; total_atom
    | apply vec_atom ]
with number :=
  lazymatch goal with
  | |- ?x = _ => first [composed x; number_of | apply real_coefficient]
  end
with number_of :=
  lazymatch goal with
  | |- inner _ _ = _ => eapply real_inner; [vector | vector]
  | |- _ + _ = _ => eapply real_add; [number | number]
  | |- _ - _ = _ => eapply real_sub; [number | number]
  | |- - _ = _ => eapply real_opp; number
  | |- ?x * ?y = _ =>
      tryif composed x
      then tryif composed y then eapply real_mul; [number | number] else eapply real_scale_right; number
      else eapply real_scale; number
  | |- _ / _ = _ => eapply real_over; number
  | |- sum _ = _ => eapply sum_lists; [intro; number_computed | sum_list]
  | |- expect _ _ = _ => eapply expect_lists; [intro; number_computed | expect_list]
  | |- slope _ = _ => eapply slope_line; [terms_of_line | reflexivity | computed]
  | |- _ = _ => first [known | apply real_atom]
  end
with terms_of_line :=
  first
    [ match goal with H : line ?f _ |- line ?f _ => exact H end
    | intro; cbv beta; number_computed ]
with number_computed := eapply real_list; [number | computed]
with sum_list :=
  cbv beta;
  lazymatch goal with |- sum (fun x : ?T => rsum ?t (@?g x)) = _ =>
    first
      [ halve T g ltac:(fun a b => eapply (sum_append t a b); [sum_list | sum_list])
      | apply sum_nil
      | eapply sum_single; sum_atom
      | eapply sum_weighted; [intro; number_computed | sum_list] ]
  end
with sum_atom :=
  first
    [ known
    | apply sum_constant
    | eapply sum_left; sum_atom
    | eapply sum_right; sum_atom
    | repeat first [eapply sum_app_left | eapply sum_adj_left]; eapply sum_inner_left; total_atom
    | repeat first [eapply sum_app_right | eapply sum_adj_right]; eapply sum_inner_right; total_atom
    | eapply sum_exchange; [intro; cbv beta; sum_exchanged | sum_list]
    | eapply sum_conv; [intro; to_right; reflexivity | apply real_atom] ]
with sum_exchanged :=
  eapply real_list; [first [known | eapply sum_left; sum_atom | eapply sum_right; sum_atom] | computed]
with expect_list :=
  cbv beta;
  lazymatch goal with |- expect _ (fun x : ?T => rsum ?t (@?g x)) = _ =>
    first
      [ halve T g ltac:(fun a b => eapply (expect_append _ t a b); [expect_list | expect_list])
      | apply expect_nil
      | apply expect_constant
      | expect_term ]
  end.

(** *** Names for inner products and sums *)

(** The inner product of [p] and [q] with all maps on the right. *)
Ltac maps_right p q :=
  lazymatch p with
  | app ?A ?u => maps_right u (adj A q)
  | adj ?A ?v => maps_right v (app A q)
  | _ => constr:(inner p q)
  end.

(** Give every inner product one name, whichever way round it stands. *)
Ltac name_inner p q :=
  let forth := maps_right p q in
  let back := lazymatch forth with inner ?u ?v => maps_right v u end in
  first
    [ match goal with
      | H : forth = ?x |- _ => rewrite (ltac:(to_right; exact H) : inner p q = x)
      | H : back = ?x |- _ => rewrite (ltac:(rewrite inner_sym; to_right; exact H) : inner p q = x)
      end
    | let x := fresh "x" in let H := fresh "X" in
      assert (exists x, forth = x) as [x H] by (eexists; reflexivity);
      rewrite (ltac:(to_right; exact H) : inner p q = x) ].

Ltac name_inner_products := repeat match goal with |- context [inner ?p ?q] => name_inner p q end.

(** The factors of a product, as nested pairs. *)
Ltac factors x rest :=
  lazymatch x with
  | ?a * ?b => let l := factors b rest in factors a l
  | _ => constr:((x, rest))
  end.

(** Two sums are the same if their summands have the same factors, perhaps with the two outermost sums
    exchanged. The factors are compared one by one, which costs far less than [ring] where they differ: [found
    a l] finds a factor equal to [a] in [l], [matched x l] one for each factor of [x]. Both return the proof
    and the rest. *)
Ltac same_sum :=
  first
    [ apply sum_ext; intro; cbv beta; same_number
    | apply same_exchanged; intros; cbv beta; same_number
    | apply same_weighted_exchanged; intros; cbv beta; same_number ]
with same_number :=
  lazymatch goal with
  | |- sum _ = sum _ => same_sum
  | |- ?x = ?y =>
      let l := factors y tt in
      let r := matched x l in
      lazymatch r with (?p, tt) => refine (eq_trans p _); ring end
  end
with same_factor :=
  lazymatch goal with
  | |- ?a = ?a => reflexivity
  | |- inner ?p ?q = inner ?u ?v =>
      let forth := maps_right p q in
      let back := lazymatch forth with inner ?v ?w => maps_right w v end in
      let other := maps_right u v in
      first
        [ constr_eq forth other; to_right; reflexivity
        | constr_eq back other; rewrite inner_sym; to_right; reflexivity ]
  | |- sum _ = sum _ => same_sum
  end
with found a l :=
  lazymatch l with
  | (?b, ?m) =>
      match b with
      | _ => let p := constr:(ltac:(same_factor) : a = b) in constr:((p, m))
      | _ => let r := found a m in lazymatch r with (?p, ?n) => constr:((p, (b, n))) end
      end
  end
with matched x l :=
  lazymatch x with
  | ?a * ?b =>
      let r := matched a l in
      lazymatch r with (?p, ?m) =>
        let s := matched b m in
        lazymatch s with (?q, ?n) => constr:((f_equal2 Rmult p q, n)) end
      end
  | _ => found x l
  end.

(** Give every sum one name. *)
Ltac name_sum f :=
  first
    [ match goal with
      | H : sum f = ?x |- _ => rewrite H
      | H : sum ?g = ?x |- _ => rewrite (eq_trans (ltac:(same_sum) : sum f = sum g) H)
      end
    | let x := fresh "x" in let H := fresh "X" in
      assert (exists x, sum f = x) as [x H] by (eexists; reflexivity); rewrite H ].

Ltac name_sums := repeat match goal with |- context [@sum ?S ?f] => name_sum f end.

(** *** Equations and hypotheses *)

Ltac use_moments := repeat match goal with H : moment _ _ = _ |- _ => progress (rewrite ?H) end.

(** Hypotheses [app A u = v], for all u or for one, are used wherever they fit. *)
Ltac use_maps :=
  repeat match goal with
  | H : forall _, app _ _ = _ |- _ => progress (rewrite ?H)
  | H : app _ _ = _ |- _ => progress (rewrite ?H)
  | H : adj _ _ = _ |- _ => progress (rewrite ?H)
  | H : app ?A ?v = _ |- context [inner ?v (adj ?A ?u)] => rewrite <- (app_adj A v u), H
  | H : app ?A ?v = _ |- context [inner (adj ?A ?u) ?v] => rewrite (adj_app A u v), H
  | H : adj ?A ?v = _ |- context [inner ?v (app ?A ?u)] => rewrite <- (adj_app A v u), H
  | H : adj ?A ?v = _ |- context [inner (app ?A ?u) ?v] => rewrite (app_adj A u v), H
  end; rewrite ?inner_zero_l, ?inner_zero_r.

Ltac polynomials := first [by_field | fail 1 "the two sides differ"].

Ltac equation :=
  eapply compare;
    [ number_computed
    | number_computed
    | cbv [flat real]; use_moments; use_maps; name_sums; name_inner_products; polynomials ].

(** Replace [x], given [H : u = v] with [s x] on the left and nothing of it elsewhere. *)
Ltac solve_for H x s :=
  let K := fresh in
  lazymatch type of H with
  | @eq R ?u ?v =>
      let f := eval pattern x in (- s * (u - v)) in
      lazymatch f with ?g _ =>
        let w := eval cbv beta in (g 0) in
        assert (x = w) as K by (apply (solved_number s x u v w H); equation)
      end
  | ?u = ?v =>
      let f := eval pattern x in (scale (- s) (sub u v)) in
      lazymatch f with ?g _ =>
        let w := eval cbv beta in (g zero) in
        assert (x = w) as K by (apply (solved s x u v w H); intro; equation)
      end
  end;
  clear H; subst x.

(** What a hypothesis says of one sample is said of a vector of its own: nothing but that sample has to do with it. *)
Ltac name_samples :=
  repeat match goal with
  | H : @eq (carrier _) ?u ?v |- _ =>
      match constr:((u, v)) with context [?f ?i] =>
        is_var f; is_var i;
        lazymatch type of i with sample _ => let x := fresh "x" in set (x := f i) in *; clearbody x end
      end
  end.

(** A hypothesis [u = v] is solved for the first of the vectors, or numbers, that it can be solved for. *)
Ltac use_hypotheses :=
  name_samples; subst;
  repeat match goal with
  | H : @eq ?T ?u ?v, x : ?T |- _ =>
      lazymatch constr:((u, v)) with context [x] => first [solve_for H x 1 | solve_for H x (-1)] end
  end.

(** A slope is claimed together with what makes it a derivative, that the function is quadratic. *)
Ltac differentiate :=
  lazymatch goal with
  | |- quadratic _ /\ _ => eapply quadratic_and; [terms_of_line | reflexivity | intro; differentiate]
  | |- _ /\ _ => split; differentiate
  | |- tangent _ _ => apply tangent_slope; differentiate
  | |- quadratic _ => eapply quadratic_line; [terms_of_line | reflexivity]
  | |- forall _, _ => intro; differentiate
  | |- @eq R _ _ => equation
  | |- @eq (carrier _) _ _ => apply inner_ext; intro; equation
  end.
