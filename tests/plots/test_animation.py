"""The animation: what it shows of each act, and which digit it shows."""

from pathlib import Path

import numpy as np
import pytest
from drawings import NETWORK, OTHER
from PIL import Image

from lenet98.data.changes import Change
from lenet98.data.digits import Digits
from lenet98.data.strokes import draw_digits
from lenet98.network.network import LeNet5
from lenet98.plots import animation as animated
from lenet98.plots.animation import ACTS, SECONDS_A_FRAME, animation, draw_frames, frames
from lenet98.plots.page import style
from lenet98.questions.study import Bench
from lenet98.reproduction.data_sets import STROKES, DataSet

STROKE_DIGITS = draw_digits(n_train=1, n_test=3)


def rgb(colour):
    return tuple(bytes.fromhex(colour[1:]))


def colours_in(picture):
    whole = picture.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    return {tuple(int(colour).to_bytes(3, "big")) for colour in np.unique(whole)}


def bench(folder, digits=STROKE_DIGITS):
    told = []
    return Bench("animation", folder, lambda: DataSet(STROKES, digits), told.append), told


@pytest.fixture
def short(monkeypatch):
    """Four frames an act: as it is, and at both sides."""
    monkeypatch.setattr(animated, "ACTS", tuple(act._replace(frames=4) for act in ACTS))


def test_it_lasts_ten_seconds_and_each_act_begins_with_the_digit_as_it_is():
    film = [*frames()]
    assert 9.5 <= len(film) * SECONDS_A_FRAME <= 11
    assert 1 / SECONDS_A_FRAME in (10, 11, 12)
    for act in ACTS:
        (first, *others) = (frame.change for frame in film if frame.act == act)
        assert first == Change()
        assert len(others) + 1 == act.frames
        assert sum(change != Change() for change in others) >= len(others) - 1


def test_the_six_acts_go_to_both_sides():
    changes = [frame.change for frame in frames()]
    amounts = zip(Change._fields, zip(*changes, strict=True), strict=True)
    extremes = {name: (min(some), max(some)) for name, some in amounts}
    assert extremes["scale"] == pytest.approx((0.5, 1.6), rel=0.02)
    assert extremes["degrees"] == pytest.approx((-30, 30), rel=0.02)
    assert extremes["squeeze"] == pytest.approx((0.6, 1.5), rel=0.02)
    assert extremes["thicker"] == pytest.approx((-0.6, 1.5), rel=0.02)
    assert extremes["noise"] == pytest.approx((0, 0.15), rel=0.02)
    assert extremes["right"] == pytest.approx((-6, 6), rel=0.02)
    assert extremes["down"] == pytest.approx((-5, 5), rel=0.06)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("move", Change(right=6.2, down=-3), "moved 6 right, 3 up"),
        ("move", Change(right=-1, down=-0.2), "moved 1 left, 0 up"),
        ("scale", Change(scale=0.5), "0.50 times as large"),
        ("turn", Change(degrees=-30), "turned 30° left"),
        ("squeeze", Change(squeeze=1.5), "1.50 times as wide"),
        ("thicken", Change(thicker=1.5), "strokes 3.0 pixels thicker"),
        ("thicken", Change(thicker=-0.6), "strokes 1.2 pixels thinner"),
        ("noise", Change(noise=0.15), "15% of the pixels inverted"),
    ],
)
def test_each_act_tells_its_amount(name, change, said):
    (act,) = (act for act in ACTS if act.name == name)
    assert act.told(change) == said


def test_a_right_answer_is_blue_and_a_wrong_one_orange():
    film = [next(frames())]
    pattern = np.full((1, 32, 32), -0.1, np.float32)
    answer = int(NETWORK.classify(pattern)[0])
    for label, colour, other in (
        (answer, style.TEST, style.TRAINING),
        ((answer + 1) % 10, style.TRAINING, style.TEST),
    ):
        (picture,) = draw_frames(film, pattern, label, NETWORK, STROKES)
        assert picture.shape[1:] == (900, 3)
        assert rgb(colour) in colours_in(picture)
        assert rgb(other) not in colours_in(picture)


def test_every_frame_shows_its_own_pattern(short):
    film = [*animated.frames()][:3]
    patterns = np.random.default_rng(1).uniform(-0.1, 1.175, (3, 32, 32)).astype(np.float32)
    drawn = [*draw_frames(film, patterns, 0, NETWORK, STROKES)]
    for pattern, picture in zip(patterns, drawn, strict=True):
        greys = picture[74:426:11, 20:372:11][:32, :32, 0].astype(float)
        # Where one cell is blacker than another by a grey level, it is drawn so.
        assert np.corrcoef(greys.ravel(), -pattern.ravel())[0, 1] > 0.999


def test_nothing_is_left_of_the_frame_before(short):
    film = [*animated.frames()][1:6:4]
    assert film[0].act != film[1].act
    patterns = np.random.default_rng(1).uniform(-0.1, 1.175, (2, 32, 32)).astype(np.float32)
    _, after = draw_frames(film, patterns, 0, NETWORK, STROKES)
    (alone,) = draw_frames(film[1:], patterns[1:], 0, NETWORK, STROKES)
    np.testing.assert_array_equal(after, alone)


def test_the_digit_that_is_read_best_is_shown(short, tmp_path, monkeypatch):
    right = {0: 5, 1: 20, 2: 11}
    digits = Digits(*STROKE_DIGITS[:3], np.array([4, 4, 4], np.uint8))
    film = len([*animated.frames()])
    answers = np.concatenate([np.where(np.arange(film) < many, 4, 7) for many in right.values()])
    monkeypatch.setattr(LeNet5, "classify", lambda *_: answers)
    shown = []

    def drawn(film, patterns, label, network, data):
        shown.append((patterns[0], label, data))
        return [np.zeros((4, 4, 3), np.uint8)]

    monkeypatch.setattr(animated, "draw_frames", drawn)
    one, told = bench(tmp_path, digits)
    table = animation(one)
    ((pattern, label, data),) = shown
    np.testing.assert_array_equal(pattern[2:-2, 2:-2] > 0, digits.test_images[1] > 20)
    assert (label, data) == (4, STROKES)
    assert told == [f"Drawing {film} frames of test pattern 1."]
    rows = table.splitlines()[4:]
    assert [row.split(" | ")[0] for row in rows] == [f"| {act.name}" for act in ACTS]
    assert rows[0] == "| move | 100% | 100% |"
    assert rows[1] == "| scale | 100% | 75% |"
    assert rows[5] == "| noise | 0% | 0% |"
    assert (tmp_path / "animation.md").read_text() == table


def test_the_network_of_the_run_is_shown_where_there_is_one(short, tmp_path, monkeypatch):
    used = []

    def drawn(film, patterns, label, network, data):
        used.append(network.parameters)
        return [np.zeros((4, 4, 3), np.uint8)]

    monkeypatch.setattr(animated, "draw_frames", drawn)
    animation(bench(tmp_path)[0])
    np.testing.assert_array_equal(used[0], LeNet5.pretrained("distorted").parameters)
    (tmp_path / "weights").mkdir()
    OTHER.save(tmp_path / "weights" / "distorted.npz")
    animation(bench(tmp_path)[0])
    np.testing.assert_array_equal(used[1], OTHER.parameters)


def assert_plays_for_ever(path, shown):
    """Hold that a file shows so many frames, grey but for the answer."""
    with Image.open(path) as film:
        assert film.size[0] == 900
        assert film.info["loop"] == 0
        seconds = 0
        for number in range(film.n_frames):
            film.seek(number)
            seconds += film.info["duration"] / 1000
            reds, greens, blues = np.asarray(film.convert("RGB")).reshape(-1, 3).T.astype(int)
            assert (abs(reds - blues) + abs(reds - greens) == 0).mean() > 0.95
    # Frames that differ in nothing are one that lasts longer.
    assert seconds == pytest.approx(shown * SECONDS_A_FRAME)


def test_it_plays_for_ever(short, tmp_path):
    animation(bench(tmp_path)[0])
    assert_plays_for_ever(tmp_path / "lenet5.gif", len([*animated.frames()]))


def test_that_of_the_readme_is_whole_and_small_enough():
    path = Path(__file__).parents[2] / "figures" / "lenet5.gif"
    assert path.stat().st_size < 2_000_000
    assert_plays_for_ever(path, len([*frames()]))
