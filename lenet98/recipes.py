"""The named recipes: each a `TrainingConfig`, each with what speaks for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lenet98.configuration import InitialWeights, TrainingConfig

RECIPES: Mapping[str, TrainingConfig] = MappingProxyType(
    {
        # The best supported answers to what the paper leaves open; see the README.
        "paper": TrainingConfig(),
        # The least error with distortions on patterns held out of the training set.
        "best": TrainingConfig(j=4.0, initial=InitialWeights(bound=3.0, random_biases=False)),
        # App. A, Sec. II-B and eq. 8 to the letter, which does not train.
        "literal": TrainingConfig(
            loss="mse",
            scale=1.0,
            subsampling="sum",
            initial=InitialWeights(bound=2.4, power=1.0, random_biases=False),
        ),
    }
)
