(** Equivalences, each way by a combination of what is given, which [nsatz] finds; and [settle], the tactic for all. *)

From Coq Require Import Reals Lra Nsatz.
From Symmix Require Export Bilinear.
From Symmix Require Import Spaces.
Open Scope R_scope.

(** A hypothesis between numbers, both sides multiplied out. *)
Lemma multiplied_out (x y : R) l m (G : Prop) :
  x = y -> x = rsum 0 l -> y = rsum 0 m -> (flat l = flat m -> G) -> G.
Proof. rewrite <- !flat_rsum. intros H -> -> K. exact (K H). Qed.

(** Marks: a vector that the goal is paired with, and a hypothesis that was used along it. *)
Definition direction {U : Space} (d : U) : Prop := True.
Definition used {A B : Type} (a : A) (b : B) : Prop := True.

Ltac only_once H d := lazymatch goal with _ : used H d |- _ => fail | _ => assert (used H d) by exact I end.

(** What a hypothesis says in the end: a slope, or an equation behind others that say what is quadratic. *)
Ltac equation_in p :=
  lazymatch type of p with
  | _ /\ _ => equation_in (proj2 p)
  | tangent _ _ => constr:(tangent_unique _ _ p)
  | _ => p
  end.

(** Put in front of the goal what the hypotheses say along the directions of the goal. *)
Ltac equations_along_directions :=
  repeat match goal with
  | H : forall d : carrier ?U, _, _ : @direction ?U ?d |- _ =>
      only_once H d; let E := equation_in (H d) in generalize E; cbv beta
  | H : forall (d : carrier ?U) (c : carrier ?V), _, _ : @direction ?U ?d, _ : @direction ?V ?c |- _ =>
      only_once H (d, c); let E := equation_in (H d c) in generalize E; cbv beta
  | H : @eq (carrier ?U) _ _, _ : @direction ?U ?d |- _ =>
      only_once H d; generalize (f_equal (fun u => inner u d) H); cbv beta
  end.

(** Multiply out the equations in front of the goal, and the goal. *)
Ltac multiply_out :=
  lazymatch goal with
  | |- @eq R _ _ -> _ =>
      let E := fresh in
      intro E; eapply (multiplied_out _ _ _ _ _ E);
      [ number_computed
      | number_computed
      | clear E; let K := fresh in intro K; cbv [flat real] in K; multiply_out; revert K ]
  | |- @eq R _ _ => eapply compare; [number_computed | number_computed | cbv [flat real]]
  end.

Ltac nonzero_product :=
  repeat first [apply Rmult_integral_contrapositive_currified | apply pow_nonzero]; first [nonzero | lra].

(** An inverse is a number v with a v = 1. *)
Ltac name_inverses :=
  unfold Rdiv;
  repeat match goal with
  | |- context [/ ?a] =>
      let v := fresh "v" in
      generalize (Rinv_r a ltac:(nonzero_product)); set (v := / a); clearbody v
  end.

(** [nsatz] does not look into powers. *)
Ltac combination :=
  cbn [pow] in *;
  solve [nsatz with radicalmax := 1%N strategy := 0%Z parameters := (@nil R) variables := (@nil R) | nsatz].

(** What a name stands for is of no use to [nsatz], and would be one more equation. *)
Ltac forget_names :=
  repeat match goal with H : inner _ _ = _ |- _ => clear H | H : sum _ = _ |- _ => clear H end.

(** The goal, or a multiple of it by what is not zero, is a combination of the equations. *)
Ltac combined :=
  multiply_out; use_moments; use_maps; name_sums; name_inner_products; name_inverses; forget_names; intros;
  first
    [ combination
    | match goal with H : ?p <> 0 |- _ => apply (Rmult_eq_reg_l p); [combination | exact H] end
    | fail 1 "the two sides differ" ].

(** One way: each equation of the goal along a direction of its own. *)
Ltac one_way :=
  lazymatch goal with
  | |- _ /\ _ => split; one_way
  | |- tangent _ _ => apply tangent_slope; one_way
  | |- quadratic _ => differentiate
  | |- forall _ : carrier _, _ => let d := fresh "d" in intro d; assert (direction d) by exact I; one_way
  | |- forall _ : R, _ => intro; one_way
  | |- @eq (carrier _) _ _ => apply inner_ext; one_way
  | |- @eq R _ _ => equations_along_directions; combined
  end.

Ltac equivalence := split; intro; repeat match goal with H : _ /\ _ |- _ => destruct H end; one_way.

(** What every theorem is proved by. *)
Ltac settle :=
  intros; autounfold with definitions in *; cbv beta in *; use_hypotheses;
  lazymatch goal with |- _ <-> _ => equivalence | _ => differentiate end.
