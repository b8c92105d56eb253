"""The experiments, by name."""

from symmix.experiments import collapse, decay, finite, flat, layers, noise, scale
from symmix.experiments.rows import Experiment

EXPERIMENTS = {
    experiment.name: experiment
    for experiment in (
        Experiment(
            "noise",
            "cross_terms_are_gauss_newton_noise",
            "What do the two unusual terms add to a step, over all pairs of a data set?",
            "One ratio, a small network on the diabetes data; independent pairs, not a shuffled batch.",
            noise.run,
        ),
        Experiment(
            "layers",
            "random_layer_mixup_is_not_degenerate",
            "Which mixing goes on moving the encoder once a pair is fitted?",
            "One pair at random weights. That a gradient is not zero does not say that it helps.",
            layers.run,
        ),
        Experiment(
            "decay",
            "mixup_thresholds_modes",
            "Which modes of the targets survive weight decay, with mixup and without?",
            "Free features instead of an encoder, squared loss, decay on features and head.",
            decay.run,
        ),
        Experiment(
            "finite",
            "mixup_cross_entropy_minimiser_is_finite",
            "Does cross-entropy have a minimum, or do logits grow for ever?",
            "Free logits instead of a network, balanced classes. With weight decay ERM has a minimum, too.",
            finite.run,
        ),
        Experiment(
            "scale",
            "mixup_cross_entropy_minimiser_is_finite",
            "Where do the logits of a network settle under mixup, and do they without?",
            "One small network on 600 digits, no weight decay, two seeds. The theorem says that there is a minimum;"
            " that it lies at the scale s*, where the loss stops falling towards the classes, takes symmetry and"
            " convexity, and is not proved by machine here. A network need not reach the minimum of free logits.",
            scale.run,
        ),
        Experiment(
            "collapse",
            "mixup_cross_entropy_minimiser_is_finite",
            "Which part of the features collapses: what the head sees, or all of it?",
            "One small network on 600 digits, mixed at its last layer. With weight decay ERM has a finite minimum, too,"
            " and is known to collapse; here, after 6000 steps at a decay of 0.001, what is unseen has collapsed and"
            " what is seen has not. That all samples of a class share their logits at the minimum of mixup is argued by"
            " symmetry, not proved by machine here.",
            collapse.run,
        ),
        Experiment(
            "flat",
            "lipschitz_heads_need_flat_classes",
            "How well can a head with a given Lipschitz constant fit mixtures, and how well the points alone?",
            "Three points in a plane, a two-layer head of normalised weights, trained once: bounds, no equalities.",
            flat.run,
        ),
    )
}
