"""Three passes on a few strokes, in a handful of numbers; run it to write regression.json anew.

python tests/training/regression.py
"""

import json
from pathlib import Path

import numpy as np

from lenet98 import TrainingConfig, draw_digits, train
from lenet98.network.choices import InitialWeights

STORED = Path(__file__).with_name("regression.json")

# Spelled out, so that another choice of the defaults is no regression.
RECIPE = TrainingConfig(
    passes=3,
    distorted=True,
    seed=3,
    # At the paper's five times larger rates so few patterns magnify a rounding ten thousandfold.
    eta=(1e-4, 1e-4, 5e-5),
    mu=0.02,
    curvature_patterns=50,
    loss="map",
    j=4.0,
    scale=0.5,
    subsampling="average",
    initial=InitialWeights(bound=2.4, power=0.5, coefficient=0.25, random_biases=True),
    four_connections=True,
)


def measure():
    """Return what the three passes give, by name."""
    training = train(draw_digits(n_train=300, n_test=100), RECIPE)
    columns = {
        name: [getattr(record, name) for record in training.history]
        for name in ("loss", "least_rate", "greatest_rate", "train_error_on_the_fly", "test_error")
    }
    parameters = training.network.parameters.astype(np.float64)
    norms = {
        f"norm of {layer.name}": float(np.linalg.norm(training.network.view(layer.name).weights))
        for layer in training.network.architecture.layers[:-1]
    }
    return columns | norms | {"parameters": parameters[:: len(parameters) // 19].tolist()}


if __name__ == "__main__":
    STORED.write_text(json.dumps(measure(), indent=1) + "\n")
