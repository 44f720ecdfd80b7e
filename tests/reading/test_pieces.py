import numpy as np

from lenet98 import LeNet5
from lenet98.data.normalisation import normalise_all
from lenet98.data.strings import draw_strings
from lenet98.reading.pieces import read_pieces

NETWORK = LeNet5.pretrained("distorted")


def test_pieces_apart_are_read_as_digits_alone(digits):
    few = digits.test_images[:60], digits.test_labels[:60]
    strings = draw_strings(*few, 3, (3, 4), 40, np.random.default_rng(0))
    texts = read_pieces(strings.images, NETWORK)
    right = [text == there for text, there in zip(texts, strings.texts, strict=True)]
    assert np.mean(right) > 0.5  # of another hand; by chance one in a thousand


def test_each_piece_is_normalised_and_read_from_left_to_right(digits):
    strings = draw_strings(
        digits.test_images, digits.test_labels, 3, (1, 4), 10, np.random.default_rng(0)
    )
    for image, text in zip(strings.images, read_pieces(strings.images, NETWORK), strict=True):
        columns = np.flatnonzero(image.any(axis=0))
        runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
        pieces = [normalise_all(image[None, :, run].astype(np.float32))[0] for run in runs]
        assert text == "".join(map(str, NETWORK.classify(np.array(pieces))))


def test_there_is_a_digit_for_each_run_of_columns_with_ink():
    image = np.zeros((32, 64), np.uint8)
    for first in (0, 20, 61):
        image[6:26, first : first + 3] = 255
    image[10:12, 30:40] = 255
    touching = image.copy()
    touching[15, :23] = 9
    texts = read_pieces(np.stack([image, touching, np.zeros_like(image)]), NETWORK)
    assert [len(text) for text in texts] == [4, 3, 0]


def test_no_strings_or_no_ink_are_no_digits():
    assert read_pieces(np.zeros((2, 32, 40), np.uint8), NETWORK) == ["", ""]
    from_edge_to_edge = np.full((1, 32, 40), 1, np.uint8)  # the faintest ink
    assert len(read_pieces(from_edge_to_edge, NETWORK)[0]) == 1
    assert read_pieces(np.zeros((0, 32, 40), np.uint8), NETWORK) == []
