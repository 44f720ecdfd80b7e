import numpy as np

from lenet98.data.flanking import Flanking
from lenet98.data.noise import invert
from lenet98.data.patterns import as_patterns, grey_levels
from lenet98.data.strings import extents, flank
from lenet98.training.presentations import Flanked, Originals, WithNoise

INDICES = np.array([7, 3, 3, 40, 11, 0, 49, 8, 1, 5])
HOW = Flanking(blanks=0.5, widest_blank=9, shift=1)


def test_strings_are_of_the_patterns_asked_for_and_drawn_anew_each_time(digits):
    images, labels = digits.train_images[:50], digits.train_labels[:50]
    flanked = Flanked(images, labels, HOW, np.random.default_rng(2))
    rng = np.random.default_rng(2)
    assert len(flanked) == 50
    for _ in range(2):
        frames, blank = flank(images, extents(images), INDICES, HOW, rng)
        patterns, found = flanked.present(INDICES)
        np.testing.assert_array_equal(patterns, grey_levels(frames))
        assert found.tolist() == np.where(blank, 10, labels[INDICES]).tolist()
        assert 0 < blank.sum() < len(INDICES)


def test_noise_is_that_of_the_share_in_a_frame_of_the_height_and_drawn_anew(digits):
    images, labels = digits.train_images[:50], digits.train_labels[:50]
    noisy = WithNoise(Originals(images, labels), 0.3, 36, np.random.default_rng(2))
    rng, plain = np.random.default_rng(2), as_patterns(images[INDICES], 36, np.float32)
    assert len(noisy) == 50
    for _ in range(2):
        patterns, found = noisy.present(INDICES)
        np.testing.assert_array_equal(patterns, invert(plain, 0.3, rng))
        assert found.tolist() == labels[INDICES].tolist()
