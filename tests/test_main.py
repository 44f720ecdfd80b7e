"""The command line ``python -m lenet98``."""

import os
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import numba
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread, imsave

import lenet98
from lenet98.__main__ import main
from lenet98.command_line import COMPILING
from lenet98.data.strokes import draw_digits
from lenet98.network.network import LeNet5
from lenet98.reading.answers import StringReading
from lenet98.reading.handwriting import read_pattern
from lenet98.reading.line import read_line
from lenet98.reading.strings import read_strings

PATTERN = draw_digits(n_train=1, n_test=1).train_images[0]
NETWORK = LeNet5(seed=1)
PENALTIES = NETWORK.penalties(PATTERN[None])[0]


def but_compiling(error):
    """Return what was said besides that something is compiled, once on a machine."""
    return error.replace(f"python -m lenet98: {COMPILING}\n", "")


@pytest.fixture
def digit(tmp_path):
    path = tmp_path / "digit.png"
    imsave(path, np.repeat(255 - PATTERN[..., None], 3, axis=2))
    np.testing.assert_array_equal(read_pattern(path), PATTERN)
    return str(path)


@pytest.fixture
def number(tmp_path):
    """Three digits side by side."""
    path = tmp_path / "number.png"
    row = np.concatenate([PATTERN] * 3, axis=1)
    imsave(path, np.repeat(255 - row[..., None], 3, axis=2))
    return str(path)


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "net.npz"
    NETWORK.save(path, {"data": "strokes"})
    return str(path)


@pytest.fixture
def refused(capsys):
    """Run a command line that must fail with one line; return that line."""

    def _refused(*arguments):
        try:
            status = main([*arguments])
        except SystemExit as end:
            status = end.code
        output = capsys.readouterr()
        error = but_compiling(output.err)
        assert status == 2
        assert output.out == ""
        assert error.startswith(("python -m lenet98: ", "python -m lenet98 maps: "))
        assert error.count("\n") == 1
        return error

    return _refused


def test_prints_answer_penalties_and_margin(digit, weights, capsys):
    assert main([digit, "--weights", weights]) == 0
    first, classes, penalties = capsys.readouterr().out.splitlines()
    ranked = PENALTIES.argsort()
    margin = PENALTIES[ranked[1]] - PENALTIES[ranked[0]]
    # An untrained network is sure of nothing.
    assert first == f"{digit}: unsure, perhaps {ranked[0]}, margin {margin:.1f} to {ranked[1]}"
    assert classes.split() == ["class", *map(str, range(10))]
    assert re.findall(r"[\d.]+", penalties) == [f"{penalty:.1f}" for penalty in PENALTIES]
    assert re.findall(r"\[([\d.]+)\]", penalties) == [f"{PENALTIES[ranked[0]]:.1f}"]
    points = [match.start() for match in re.finditer(r"\.", penalties)]
    labels = [match.start() for match in re.finditer(r"\d", classes)]
    assert points == [column + 1 for column in labels]


def test_a_trained_network_is_sure_of_a_digit(digit, capsys):
    assert main([digit]) == 0
    (label,) = draw_digits(n_train=1, n_test=1).train_labels
    assert capsys.readouterr().out.startswith(f"{digit}: {label}, margin ")


def names_asked(monkeypatch):
    """Let every shipped network be ours, and return the list of names asked for."""
    asked = []

    def pretrained(name):
        asked.append(name)
        return NETWORK

    monkeypatch.setattr(LeNet5, "pretrained", pretrained)
    return asked


def test_the_shipped_network_answers_by_default(digit, weights, monkeypatch, capsys):
    asked = names_asked(monkeypatch)
    assert main([digit]) == 0
    by_default = capsys.readouterr().out
    assert asked == ["distorted"]
    assert main([digit, "--weights", weights]) == 0
    assert capsys.readouterr().out == by_default


def read_as(monkeypatch, text, penalties, margin=14.25):
    """Let every string be read as a text, two slots for each digit and a blank behind it."""
    path = np.array([label for k in text for label in (int(k), int(k), -1)] or [-1])
    grid = np.full((10, len(path)), 99.0)
    for k, penalty in enumerate(penalties):
        grid[int(text[k]), 3 * k : 3 * k + 3] = penalty + 1, penalty, 0
    reading = StringReading(text, margin, 0.0, path, grid, np.full(len(path), 8.0))
    monkeypatch.setattr("lenet98.reading.strings.read_string", lambda *_: reading)


def test_a_string_is_what_its_pattern_is_read_as(number, monkeypatch, capsys):
    network = LeNet5.pretrained("distorted")  # sure of no slot between two digits

    def read(pattern, network):
        return read_strings(pattern[None], network, rubbish=50.0)[0]

    monkeypatch.setattr("lenet98.reading.strings.read_string", read)
    monkeypatch.setattr(LeNet5, "pretrained", lambda _: network)
    assert main(["--string", number]) == 0
    reading = read(read_line(number), network)
    assert reading.text
    first, digits, penalties = capsys.readouterr().out.splitlines()
    assert first == f"{number}: {reading}"
    assert digits.split()[1:] == list(reading.text)
    assert penalties.split()[1:] == [f"{penalty:.1f}" for penalty in reading.penalties_of_text]


def test_prints_each_digit_of_a_string_with_its_penalty(number, weights, monkeypatch, capsys):
    read_as(monkeypatch, "1998", [3.25, 10.5, 0.125, 120.5])
    assert main(["--string", number, "--weights", weights]) == 0
    first, digits, penalties = capsys.readouterr().out.splitlines()
    assert first == f"{number}: 1998, margin 14.2"
    assert digits.split() == ["digit", *"1998"]
    assert penalties.split() == ["penalty", "3.2", "10.5", "0.1", "120.5"]
    points = [match.start() for match in re.finditer(r"\.", penalties)]
    assert points == [match.start() + 1 for match in re.finditer(r"\d", digits)]


def test_a_long_string_is_printed_ten_digits_a_row(number, weights, monkeypatch, capsys):
    text = "012345678901"
    read_as(monkeypatch, text, range(12))
    main(["--string", number, "--weights", weights])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1:] for line in lines[1::2]] == [list(text[:10]), list(text[10:])]
    assert lines[4].split() == ["penalty", "10.0", "11.0"]
    assert max(map(len, lines[1:])) <= 90


def test_an_empty_string_is_said_in_words(weights, tmp_path, monkeypatch, capsys):
    blank = tmp_path / "blank.png"
    imsave(blank, np.ones((50, 200, 3)))
    read_as(monkeypatch, "", [])
    assert main(["--string", str(blank), "--weights", weights]) == 0
    assert capsys.readouterr().out == f"{blank}: no digit found, margin 14.2\n"


def test_the_shipped_network_of_strings_reads_by_default(number, weights, monkeypatch, capsys):
    asked = names_asked(monkeypatch)
    assert main(["--string", number]) == 0
    by_default = capsys.readouterr().out
    assert asked == ["strings"]
    main(["--string", number, "--weights", weights])
    assert capsys.readouterr().out == by_default


def test_one_bad_file_does_not_stop_the_other_strings(number, weights, tmp_path, capsys):
    missing = str(tmp_path / "none.png")
    assert main(["--string", number, missing, number, "--weights", weights]) == 2
    output = capsys.readouterr()
    assert output.out.count("margin") == 2
    assert but_compiling(output.err).count("\n") == 1
    assert f"{missing}: expected a file, found none" in output.err


def test_several_lines_are_one_error(refused, weights, tmp_path):
    lines = np.ones((100, 100, 3))
    lines[20:45, 20:80] = lines[60:85, 20:80] = 0
    imsave(tmp_path / "lines.png", lines)
    error = refused("--string", str(tmp_path / "lines.png"), "--weights", weights)
    assert "lines.png: expected digits in one line, found 2 lines" in error


def test_figure_of_strings(number, weights, tmp_path, capsys):
    figure = tmp_path / "slots.png"
    arguments = ["--string", number, number, "--weights", weights, "--figure", str(figure)]
    assert main(arguments) == 0
    assert capsys.readouterr().out.endswith(f"Drew {figure}.\n")
    assert imread(figure).shape[1] == 900


def test_figure_of_strings_shows_each_as_it_was_read(number, tmp_path, monkeypatch, capsys):
    asked, blanked = [], LeNet5(seed=3, blank=True)
    blanked.save(tmp_path / "net.npz", {"data": "strokes"})

    def draw_read_strings(responses, readings, data):
        asked.append((responses, readings, data))
        return Figure()

    monkeypatch.setattr("lenet98.plots.strings.draw_read_strings", draw_read_strings)
    other = str(tmp_path / "other.png")
    imsave(other, np.repeat(255 - PATTERN[..., None], 3, axis=2))
    figure = ["--figure", str(tmp_path / "slots.png")]
    assert main(["--string", number, other, *figure, "--weights", str(tmp_path / "net.npz")]) == 0
    ((responses, readings, data),) = asked
    assert data == "strokes"
    for path, response, reading in zip((number, other), responses, readings, strict=True):
        pattern = read_line(path)
        np.testing.assert_array_equal(response["input"][0], pattern)
        (expected,) = read_strings(pattern[None], blanked)
        np.testing.assert_array_equal(reading.penalties, expected.penalties)


def test_figure(digit, weights, tmp_path, capsys):
    figure = tmp_path / "maps.png"
    assert main([digit, digit, "--weights", weights, "--figure", str(figure)]) == 0
    assert capsys.readouterr().out.endswith(f"Drew {figure}.\n")
    assert imread(figure).shape[1] == 900
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("ending", "magic"), [("pdf", b"%PDF"), ("SVG", b"<?xml")])
def test_figure_in_other_formats(digit, weights, tmp_path, ending, magic):
    figure = tmp_path / f"maps.{ending}"
    assert main([digit, "--weights", weights, "--figure", str(figure)]) == 0
    assert figure.read_bytes().startswith(magic)


def test_figure_names_the_data_of_the_network(digit, weights, tmp_path, monkeypatch):
    drawn = []

    def draw_states(responses, data):
        drawn.append((len(responses), data))
        return Figure()

    monkeypatch.setattr("lenet98.plots.states.draw_states", draw_states)
    figure = ["--figure", str(tmp_path / "maps.png")]
    main([digit, *figure, "--weights", weights])
    monkeypatch.setattr(LeNet5, "pretrained", lambda _: NETWORK)
    main([digit, digit, *figure])
    assert drawn == [(1, "strokes"), (2, "mnist")]


def test_one_bad_file_does_not_stop_the_others(digit, weights, tmp_path, capsys):
    figure = tmp_path / "maps.png"
    missing = str(tmp_path / "none.png")
    arguments = [digit, missing, digit, "--weights", weights, "--figure", str(figure)]
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out.count("margin") == 2
    assert but_compiling(output.err).count("\n") == 1
    assert f"{missing}: expected a file, found none" in output.err
    assert figure.exists()


def test_a_name_that_no_figure_can_have_is_one_line(digit, weights, tmp_path, capsys):
    (tmp_path / "ring.png").symlink_to("ring.png")
    long = "x" * 300
    for images, figure in (
        ([digit], tmp_path / f"{long}.png"),
        ([str(tmp_path / "ring.png")], tmp_path / "maps.png"),
    ):
        assert main([*images, "--weights", weights, "--figure", str(figure)]) == 2
        assert "Traceback" not in capsys.readouterr().err
    assert main(["maps", str(tmp_path / f"{long[:250]}.png")]) == 2
    assert "Choose another name" in capsys.readouterr().err


def test_no_figure_when_no_file_could_be_read(refused, weights, tmp_path):
    figure = tmp_path / "maps.png"
    assert "expected a file" in refused(
        str(tmp_path), "--weights", weights, "--figure", str(figure)
    )
    assert not figure.exists()


def test_no_argument(refused):
    assert "one of the arguments digit.png --draw is required" in refused()


@pytest.fixture
def opened(monkeypatch):
    """The networks that a window was opened with, each time."""
    given = []
    monkeypatch.setattr("lenet98.plots.live.display.open_window", given.append)
    return given


def test_to_draw_opens_a_window_with_the_shipped_networks(opened, capsys):
    assert main(["--draw"]) == 0
    assert opened == [None]
    assert capsys.readouterr() == ("", "")


def test_to_draw_with_weights_opens_a_window_with_these(opened, weights):
    assert main(["--draw", "--weights", weights]) == 0
    ((name, network),) = opened[0].items()
    assert name == "net"
    np.testing.assert_array_equal(network.parameters, NETWORK.parameters)


@pytest.mark.parametrize("other", [["--string"], ["--figure", "maps.png"], ["digit.png"]])
def test_to_draw_and_to_read_files_are_two_things(refused, opened, other):
    assert "--draw" in refused("--draw", *other)
    assert opened == []


def test_to_draw_without_a_display_is_one_line(refused, monkeypatch):
    monkeypatch.setattr("matplotlib.pyplot.figure", Mock(side_effect=ImportError("no display")))
    error = refused("--draw")
    assert "expected a display" in error
    assert "MPLBACKEND=WebAgg" in error


def test_unknown_option(refused, digit):
    assert "--maps" in refused(digit, "--maps")


def test_missing_weights(refused, digit, tmp_path):
    assert "none.npz" in refused(digit, "--weights", str(tmp_path / "none.npz"))


def test_weights_that_are_none(refused, digit):
    assert "digit.png" in refused(digit, "--weights", digit)


def test_figure_of_a_network_of_unknown_data(refused, digit, tmp_path):
    NETWORK.save(tmp_path / "net.npz", {"data": "faces"})
    figure = tmp_path / "maps.png"
    error = refused(digit, "--weights", str(tmp_path / "net.npz"), "--figure", str(figure))
    assert "found faces. Leave out --figure" in error
    assert not figure.exists()


@pytest.mark.parametrize("name", ["maps", "maps.docx", "maps.npz"])
def test_figure_of_unknown_format(refused, digit, weights, name):
    assert "ending in .png, .pdf, .svg" in refused(digit, "--weights", weights, "--figure", name)


@pytest.mark.parametrize("name", ["no/maps.png", "file/maps.png", "maps.png"])
def test_figure_where_none_can_be_is_refused_before_any_answer(
    refused, digit, weights, tmp_path, name
):
    (tmp_path / "file").write_text("")
    (tmp_path / "maps.png").mkdir()
    figure = str(tmp_path / name)
    assert f"{figure}" in refused(digit, "--weights", weights, "--figure", figure)


def test_figure_in_a_folder_not_to_be_written_to(refused, digit, weights, tmp_path, monkeypatch):
    # The superuser may write whatever a test forbids.
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    figure = str(tmp_path / "maps.png")
    assert "that can be written to" in refused(digit, "--weights", weights, "--figure", figure)


def test_files_named_like_options(digit, weights, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path(digit).rename("-3.png")
    assert main(["-3.png", "--weights", weights, "--figure", "-maps.png"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("-3.png: ")
    assert output.endswith("Drew -maps.png.\n")
    assert Path("-maps.png").exists()


def test_figure_never_replaces_the_image(refused, digit, weights, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "would replace" in refused(digit, "--weights", weights, "--figure", "digit.png")
    np.testing.assert_array_equal(read_pattern(digit), PATTERN)


@pytest.mark.parametrize(
    ("option", "expected"),
    [("--help", "--figure"), ("--help", "--string"), ("--version", lenet98.__version__)],
)
def test_help_and_version(option, expected, capsys):
    with pytest.raises(SystemExit) as end:
        main([option])
    assert end.value.code == 0
    assert expected in capsys.readouterr().out


@pytest.fixture
def photo(tmp_path, monkeypatch):
    """A picture in the folder that the command is run in."""
    monkeypatch.chdir(tmp_path)
    imsave("photo.png", np.random.default_rng(0).random((30, 40, 3)))
    return "photo.png"


def test_maps_are_drawn_of_any_picture(photo, capsys):
    assert main(["maps", photo]) == 0
    assert capsys.readouterr().out == "Drew photo-maps.png.\n"
    assert imread("photo-maps.png").shape[1] == 900


@pytest.mark.parametrize(
    ("asked", "expected"), [([], "brighter right"), (["--kernels", "C1"], "C1, map 0")]
)
def test_maps_of_the_kernels_asked_for(photo, monkeypatch, asked, expected):
    drawn = []

    def draw_maps(picture, bank, name):
        drawn.append((picture.shape, bank.names[0], name))
        return Figure()

    monkeypatch.setattr("lenet98.plots.maps.draw_maps", draw_maps)
    assert main(["maps", photo, *asked, "--figure", "out.svg"]) == 0
    assert drawn == [((3, 30, 40), expected, photo)]
    assert Path("out.svg").exists()


def test_maps_of_kernels_of_ones_own(photo, capsys):
    np.save("own.npy", np.ones((1, 2, 2)))
    assert main(["maps", photo, "--kernels", "own.npy", "--figure", "out.png"]) == 0
    assert capsys.readouterr().out == "Drew out.png.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: photo.png"),
        (["none.png"], "none.png: expected a file, found none"),
        (["photo.png", "--kernels", "none.npy"], "none.npy: expected a file, found none"),
        (["photo.png", "--kernels", "photo.png"], "photo.png: expected kernels"),
        (["photo.png", "--figure", "maps.docx"], "ending in .png, .pdf, .svg"),
        (["photo.png", "--figure", "photo.png"], "would replace the image"),
        (["photo.png", "--figure", "no/maps.png"], "expected a folder that can be written to"),
        (["photo.png", "--string"], "unrecognized arguments: --string"),
    ],
)
def test_maps_that_cannot_be_drawn_are_one_line(photo, refused, arguments, said):
    error = refused("maps", *arguments)
    assert said in error
    assert not list(Path().glob("*-maps.png"))


def test_a_file_named_maps_is_still_read(digit, weights, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path(digit).rename("maps")
    assert main(["./maps", "--weights", weights]) == 0
    assert capsys.readouterr().out.startswith("maps: unsure")


def test_help_of_maps(capsys):
    with pytest.raises(SystemExit) as end:
        main(["maps", "--help"])
    assert end.value.code == 0
    assert "python -m lenet98 maps photo.png --kernels C1" in capsys.readouterr().out


def test_as_a_program(digit, weights, tmp_path):
    program = [sys.executable, "-m", "lenet98", digit, str(tmp_path), "--weights", weights]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stdout.startswith(f"{digit}: unsure, perhaps {PENALTIES.argmin()}, margin ")
    error = but_compiling(ended.stderr)
    assert error.startswith(f"python -m lenet98: {tmp_path}: expected a file")
    assert error.count("\n") == 1


def test_surroundings_of_other_programs_do_no_harm(digit, weights, tmp_path):
    """A notebook's window, LaTeX that is not here, a poor encoding."""
    (tmp_path / "matplotlibrc").write_text("text.usetex: true\n")
    path, figure = Path(digit).rename(tmp_path / "восемь.png"), tmp_path / "слои.png"
    program = [sys.executable, "-m", "lenet98", path, "--weights", weights, "--figure", figure]
    around = {
        "MPLBACKEND": "of_a_notebook",
        "MATPLOTLIBRC": str(tmp_path / "matplotlibrc"),
        "PYTHONIOENCODING": "ascii",
        "PATH": "",
    }
    done = subprocess.run(
        program, capture_output=True, text=True, timeout=300, check=True, env=os.environ | around
    )
    assert but_compiling(done.stderr) == ""
    assert r"\u0432\u043e\u0441\u0435\u043c\u044c.png: " in done.stdout
    assert imread(figure).shape[1] == 900


@pytest.mark.slow
@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="is about compilation")
@pytest.mark.skipif(sys.platform == "win32", reason="homes are others")
def test_an_installation_that_cannot_be_written_to(installed_anew):
    first = installed_anew.answered
    second = subprocess.run(
        installed_anew.command,
        cwd=installed_anew.folder,
        env=installed_anew.environment,
        capture_output=True,
        text=True,
    )
    kept = installed_anew.folder / f"lenet98-{os.getuid()}"
    told = [
        f"what is compiled is kept in {kept}, for want of another place; to choose a "
        "place for numba's cache, set NUMBA_CACHE_DIR",
        COMPILING,
    ]
    label = installed_anew.few.train_labels[0]
    for ended, lines in ((first, told), (second, told[:1])):
        said = ended.stderr.splitlines()
        # Matplotlib, where its fonts are looked for anew, may have a word of its own.
        assert [line for line in said if not line.startswith("Matplotlib is building")] == [
            f"python -m lenet98: {line}" for line in lines
        ]
        assert ended.stdout.startswith(f"digit.png: {label}, margin ")
        assert ended.returncode == 0


def test_arguments_are_parsed_before_anything_heavy_is_loaded():
    code = (
        "import sys; from lenet98.__main__ import parser; parser().parse_args(['digit.png']);"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'numba', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
