import numpy as np
from drawings import (
    DIGITS,
    IMAGES,
    NETWORK,
    OTHER,
    OTHER_STATES,
    RNG,
    STATES,
    pictures,
    reproduction,
    strings,
)

from lenet98.data.patterns import BACKGROUND, FOREGROUND, as_patterns
from lenet98.paper import codes
from lenet98.plots.states import draw_f6_codes, draw_states, f6_codes, states


def test_states_shows_every_map_of_every_layer():
    shown = pictures(draw_states([STATES, OTHER_STATES], "mnist"))
    names = [*STATES][:-1]
    assert len(shown) == 2 * len(names)
    for name, picture in zip(names, shown[len(names) :], strict=True):
        assert np.isfinite(picture).sum() == OTHER_STATES[name].size
    c3 = shown[names.index("C3")]
    np.testing.assert_array_equal(c3[12:22, 24:34], STATES["C3"][6])
    np.testing.assert_array_equal(shown[names.index("F6")].ravel(), STATES["F6"].ravel())


def test_black_is_the_most_a_unit_can_say():
    levels = [axes.images[0].get_clim() for axes in draw_states([STATES], "mnist").axes]
    assert levels[0] == (BACKGROUND, FOREGROUND)
    assert set(levels[1:]) == {(-1.7159, 1.7159)}  # eq. 6
    assert np.abs(STATES["F6"]).max() < 1.7159


def test_states_names_the_answer_and_greys_labels_by_penalty():
    page = draw_states([STATES], "mnist")
    penalties = STATES["OUTPUT"].ravel()
    best = int(penalties.argmin())
    assert f"answer {best}, penalty {penalties[best]:.1f}" in strings(page)
    shades = [float(t.get_color()) for t in page.texts if t.get_text() in "0123456789"]
    assert np.argsort(shades).tolist() == np.argsort(penalties).tolist()
    assert min(shades) == 0


def test_f6_codes_sets_means_beside_codes():
    centres = codes.digit_codes()
    means = RNG.uniform(-1, 1, centres.shape)
    page = draw_f6_codes(means, centres, np.arange(10) / 4, "mnist")
    shown = pictures(page)
    assert len(shown) == 2 * len(centres)
    np.testing.assert_array_equal(shown[6].ravel(), means[3])
    np.testing.assert_array_equal(shown[7].ravel(), centres[3])
    assert "3: 0.8" in strings(page)


def test_states_shows_a_pattern_shrunk_and_noisy_and_the_least_sure_one():
    shown = pictures(states(reproduction()))
    layers = len(shown) // 4
    plain, shrunk, noisy, odd = (shown[k * layers] for k in range(4))
    framed = as_patterns(IMAGES, 32, np.float32)
    np.testing.assert_array_equal(plain, framed[0])
    rows, columns = (np.flatnonzero((shrunk > BACKGROUND + 1e-6).any(axis=k)) for k in (1, 0))
    # 0.6 of 28 and a part of a pixel, and about the centre, though shrunk towards a baseline.
    assert len(rows) in (17, 18)
    assert len(columns) in (17, 18)
    assert abs(rows.mean() - 15.5) <= 0.5
    flipped = np.isclose(noisy, BACKGROUND + FOREGROUND - plain, atol=1e-6)
    assert 60 < flipped[~np.isclose(noisy, plain)].sum() < 150  # a tenth of 1,024
    penalties = np.sort(OTHER.penalties(IMAGES), axis=1)
    least_sure = (penalties[:, 1] - penalties[:, 0]).argmin()
    np.testing.assert_array_equal(odd, framed[least_sure])
    f6 = OTHER.states(IMAGES[0])["F6"]
    np.testing.assert_array_equal(shown[layers - 1].ravel(), f6.ravel())


def test_f6_codes_are_means_over_each_class():
    page = f6_codes(reproduction())
    of_three = IMAGES[DIGITS.test_labels == 3]
    mean = np.mean([NETWORK.states(image)["F6"].ravel() for image in of_three], axis=0)
    np.testing.assert_allclose(pictures(page)[6].ravel(), mean, rtol=1e-6)
    assert f"3: {NETWORK.penalties(of_three)[:, 3].mean():.1f}" in strings(page)
