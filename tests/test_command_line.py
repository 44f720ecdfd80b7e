"""What the command lines share, tried with a command that says a line."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from contextlib import suppress
from pathlib import Path

import pytest

import lenet98
from lenet98 import command_line
from lenet98.command_line import Parser, drawing_to_files, execute
from lenet98.errors import DataError

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="its devices and signals are others")
LINE = "восемь ± 8"


def a_parser():
    parser = Parser("prog", "what it does", "more of it")
    parser.add_argument("--j", type=float)
    parser.add_argument("--figure")
    parser.add_argument("images", nargs="*")
    return parser


def parsed(*arguments):
    return vars(a_parser().parse_args(arguments))


@pytest.mark.parametrize("name", ["-3.png", "-a b.PNG", "-1.5.jpg", "-x/y.png"])
def test_a_file_may_be_named_like_an_option(name):
    expected = {"j": -1.5, "figure": f"./{name}", "images": [f"./{name}"]}
    assert parsed("--j", "-1.5", "--figure", name, name) == expected


def test_what_is_behind_two_dashes_is_a_file_too():
    assert parsed("--", "--3.png", "-3.png")["images"] == ["--3.png", "./-3.png"]


@pytest.mark.parametrize("wrong", ["-x", "--x.png", "--j=a"])
def test_a_wrong_option_is_one_line(wrong, capsys):
    with pytest.raises(SystemExit) as end:
        parsed(wrong)
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("prog: ")
    assert error.endswith("; --help says more\n")
    assert error.count("\n") == 1


def ended(run, capsys, how_to_go_on=None):
    """Return the exit status of a command, and what it said."""
    status = execute(a_parser(), [], run, how_to_go_on)
    return status, capsys.readouterr().err


@pytest.mark.parametrize("status", [0, 2])
def test_the_exit_status_is_that_of_what_is_run(capsys, status):
    assert ended(lambda _: status, capsys) == (status, "")


def raises(error):
    def run(_):
        raise error

    return run


def test_an_expected_error_is_one_line(capsys):
    assert ended(raises(DataError("no digit")), capsys) == (2, "prog: no digit\n")


def test_an_unexpected_error_is_not_hidden():
    for error in (ZeroDivisionError(), FileNotFoundError(2, "none", "a file")):
        with pytest.raises(type(error)):
            execute(a_parser(), [], raises(error))


def test_an_interruption_is_one_line(capsys):
    assert ended(raises(KeyboardInterrupt), capsys) == (130, "prog: interrupted\n")
    said = ended(raises(KeyboardInterrupt), capsys, lambda options: f"{options.images} is left")
    assert said == (130, "prog: interrupted; [] is left\n")


def test_a_warning_is_one_line_and_said_once(capsys):
    def run(_):
        for text in ("a thing", "another", "a thing"):
            warnings.warn(text, RuntimeWarning, stacklevel=1)
        return 0

    shown = warnings.showwarning
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert ended(run, capsys) == (0, "prog: a thing\nprog: another\n")
    assert warnings.showwarning is shown


def test_to_compile_long_is_told(capsys, monkeypatch):
    from lenet98.storage import compiling

    monkeypatch.setattr(compiling, "PATIENCE", 0.01)

    def run(_):
        compiling.LOG.info(compiling.BEGINS, "a function")
        time.sleep(0.3)
        return 0

    assert ended(run, capsys) == (0, f"prog: {command_line.COMPILING}\n")


@pytest.mark.parametrize("before", ["module://of_a_notebook", None])
def test_no_window_is_looked_for_while_drawing_to_files(monkeypatch, before):
    monkeypatch.setenv("MPLBACKEND", str(before))
    if before is None:
        monkeypatch.delenv("MPLBACKEND")
    with suppress(DataError), drawing_to_files():
        assert os.environ["MPLBACKEND"] == "agg"
        raise DataError
    assert os.environ.get("MPLBACKEND") == before


PROGRAM = f"""
import signal, sys, time
from lenet98.command_line import Parser, end_with, execute

def run(options):
    print({LINE!r})
    if options.wait:
        sys.stdout.flush()
        time.sleep(60)
    return 0

parser = Parser("prog", {LINE!r}, "")
parser.add_argument("--wait", action="store_true")
end_with(lambda: execute(parser, None, run, lambda _: "go on"))
"""


def command(*arguments, redirected="", stdout=subprocess.PIPE, **around):
    """Return what a shell shows of the program: its exit status, and both streams."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    environment |= {"PYTHONPATH": str(Path(lenet98.__file__).parents[1]), "CODE": PROGRAM, **around}
    line = f'"{sys.executable}" -c "$CODE" {" ".join(arguments)} {redirected}'
    done = subprocess.run(
        ["bash", "-c", line], env=environment, stdout=stdout, stderr=subprocess.PIPE, timeout=30
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def without_reader():
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


ENCODINGS = {
    "utf-8": LINE.encode(),
    "ascii": LINE.encode("ascii", "backslashreplace"),
    "cp1252": LINE.encode("cp1252", "backslashreplace"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_name_is_printed_in_every_encoding(encoding):
    status, output, error = command(PYTHONIOENCODING=encoding)
    assert (status, error) == (0, b"")
    assert output.strip() == ENCODINGS[encoding]


@POSIX
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_behind_the_output_is_one_line(unbuffered):
    said = b"prog: its output cannot be written: No space left on device; go on\n"
    assert command(redirected=">/dev/full", PYTHONUNBUFFERED=unbuffered) == (2, b"", said)


@POSIX
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_one_line(without_reader, unbuffered):
    said = b"prog: the reader of its output has gone; go on\n"
    assert command(stdout=without_reader, PYTHONUNBUFFERED=unbuffered) == (2, None, said)


@POSIX
def test_a_reader_of_the_help_that_goes_away_is_one_line(without_reader):
    said = b"prog: the reader of its output has gone\n"
    assert command("--help", stdout=without_reader) == (2, None, said)


@POSIX
def test_closed_and_full_streams_do_no_harm():
    assert command(redirected=">&-") == (0, b"", b"")
    assert command("--unknown", redirected="2>&-") == (2, b"", b"")
    assert command(redirected="2>/dev/full >/dev/full") == (2, b"", b"")


@POSIX
@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_one_line(which):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--wait"],
        env=os.environ | {"PYTHONPATH": str(Path(lenet98.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout.readline() == f"{LINE}\n"
    process.send_signal(which)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (130, "prog: interrupted; go on\n")


@pytest.mark.parametrize("option", ["--help", "--version"])
@pytest.mark.parametrize("program", [["-m", "lenet98"], ["reproduce.py"]])
def test_help_and_version_load_no_library(program, option):
    code = textwrap.dedent(
        """
        import runpy, sys
        try:
            if sys.argv[1] == "-m":
                del sys.argv[1]
                runpy.run_module(sys.argv[1], run_name="__main__", alter_sys=True)
            else:
                del sys.argv[0]
                runpy.run_path(sys.argv[0], run_name="__main__")
        finally:
            loaded = {"numba", "numpy", "matplotlib", "logging"} & set(sys.modules)
            print(loaded or "", file=sys.stderr)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *program, option],
        cwd=Path(lenet98.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "\n"
    assert done.stdout.startswith(("usage: ", "lenet98 "))
