"""Measure what is read of pictures of every kind: ``python tests/reading/measure_pictures.py``."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import conditions
from hands import Hand

from lenet98.errors import Lenet98Error

OUTCOMES = ("right", "wrong", "unsure", "refused")


def outcome(path, picture, read):
    """Right, wrong, unsure or refused; what is no digit is right where it is not read as one."""
    path.write_bytes(picture.content)
    try:
        digit, unsure = read(path)
    except Lenet98Error:
        return "right" if picture.digit is None else "refused"
    if unsure:
        return "right" if picture.digit is None else "unsure"
    return "right" if digit == picture.digit else "wrong"


def reader():
    from lenet98 import LeNet5

    try:
        from lenet98 import read_digit
    except ImportError:
        from lenet98.reading.handwriting import read_pattern

        network = LeNet5.pretrained("distorted")
        return lambda path: (int(network.penalties(read_pattern(path)[None])[0].argmin()), False)
    network = LeNet5.pretrained("distorted")

    def read(path):
        reading = read_digit(path, network)
        return reading.digit, reading.unsure

    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=20, help="pictures of each kind")
    parser.add_argument("--kinds", nargs="*", default=list(conditions.KINDS))
    parser.add_argument("--mnist", help="folder of MNIST, whose test patterns then write as well")
    parser.add_argument("--keep", help="folder for those that were not read right")
    options = parser.parse_args()
    digits = None
    if options.mnist:
        from lenet98 import load_mnist

        digits = load_mnist(options.mnist)
    read, total = reader(), Counter()
    print(f"{'kind':18}" + "".join(f"{name:>9}" for name in OUTCOMES))
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, draw) in enumerate(conditions.KINDS.items()):
            if name not in options.kinds:
                continue
            rng = np.random.default_rng([options.seed, number])
            hand = Hand(rng, *((digits.test_images, digits.test_labels) if digits else ()))
            found = Counter()
            for k in range(options.each):
                picture = draw(rng, hand)
                result = outcome(Path(folder, "digit"), picture, read)
                found[result] += 1
                if options.keep and result != "right":
                    Path(options.keep, f"{name}_{k}_{result}_{picture.digit}.png").write_bytes(
                        picture.content
                    )
            total += found
            print(f"{name:18}" + "".join(f"{found[name]:9}" for name in OUTCOMES), flush=True)
    many = sum(total.values())
    print(f"{'all, in %':18}" + "".join(f"{100 * total[name] / many:9.1f}" for name in OUTCOMES))


if __name__ == "__main__":
    main()
