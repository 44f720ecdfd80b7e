"""What the command lines share: one parser, one report of errors, one way to end."""

from __future__ import annotations

import argparse
import io
import os
import re
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO

from lenet98.errors import ConfigurationError, Lenet98Error
from lenet98.version import VERSION

DONE, FAILED = 0, 2
INTERRUPTED = 130
"""Exit status, as of a shell's command that Ctrl-C ended."""

COMPILING = "compiling for this machine, up to half a minute, the first time only"

FIGURE_ENDINGS = (".png", ".pdf", ".svg")

Options = argparse.Namespace


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line.

    Parameters
    ----------
    program, description, epilog : str
        As the help shows them.
    """

    def __init__(self, program: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=program,
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.add_argument("--version", action="version", version=f"lenet98 {VERSION}")

    def error(self, message: str) -> NoReturn:
        """Report a wrong command line and end."""
        self.exit(FAILED, f"{self.prog}: {message}; --help says more\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Take a file that is named as if it were an option for the file."""
        given: Sequence[str] = sys.argv[1:] if args is None else args
        return super().parse_known_args([_as_file(one) for one in given], namespace)


def _as_file(argument: str) -> str:
    """Return ``./-3.png`` for ``-3.png``: options of one letter have no point in them."""
    named_so = re.match(r"-[^-].*\.[A-Za-z]", argument)
    return f"./{argument}" if named_so else argument


def say(program: str, line: str) -> None:
    """Print a line that is no answer."""
    try:
        print(f"{program}: {line}", file=sys.stderr, flush=True)
    except OSError:  # there is nobody to be told
        _lead_nowhere(sys.stderr)


def execute(
    parser: Parser,
    arguments: Sequence[str] | None,
    run: Callable[[Options], int],
    how_to_go_on: Callable[[Options], str] | None = None,
) -> int:
    """Parse a command line and run it to its end.

    Parameters
    ----------
    parser : Parser
    arguments : sequence of str or None
        Those of the program by default.
    run : callable
        Does what the options ask, and returns the exit status.
    how_to_go_on : callable, optional
        Says so of a command that was broken off.

    Returns
    -------
    int
        The exit status.
    """
    _mend_streams()
    options = None
    tell = partial(say, parser.prog)

    def tell_broken_off(why: str) -> None:
        tell(f"{why}; {how_to_go_on(options)}" if how_to_go_on and options else why)

    try:
        try:
            options = parser.parse_args(arguments)
            with _warnings_in_a_line(tell), _compilation_told(tell):
                status = run(options)
        finally:
            sys.stdout.flush()
    except Lenet98Error as error:
        tell(str(error))
        return FAILED
    except KeyboardInterrupt:
        if sys.stdout.isatty():
            print()
        tell_broken_off("interrupted")
        return INTERRUPTED
    except OSError as error:
        if error.filename is not None:  # no stream has one
            raise
        _lead_nowhere(sys.stdout)
        gone = isinstance(error, BrokenPipeError)
        full = f"its output cannot be written: {error.strerror or error}"
        tell_broken_off("the reader of its output has gone" if gone else full)
        return FAILED
    return status


def check_figure(figure: Path, images: Sequence[Path]) -> None:
    """Refuse a figure of unknown format, where none can be, or that would replace an image."""
    if figure.suffix.lower() not in FIGURE_ENDINGS:
        raise ConfigurationError(
            f"--figure: expected a name ending in {', '.join(FIGURE_ENDINGS)}; found {figure}"
        )
    try:
        _check_place(figure, images)
    except (OSError, RuntimeError) as error:  # too long a name, or links in a ring
        raise ConfigurationError(
            f"--figure {figure}: cannot write to it: {error}. Choose another name."
        ) from error


def _check_place(figure: Path, images: Sequence[Path]) -> None:
    if figure.is_dir():
        raise ConfigurationError(f"--figure: expected the name of a file; found a folder {figure}")
    folder = figure.parent
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise ConfigurationError(
            f"--figure {figure}: expected a folder that can be written to; found none at {folder}. "
            "Make it, or choose another."
        )
    with suppress(FileNotFoundError):
        figure.lstat()
    if figure.resolve() in [image.resolve() for image in images]:
        raise ConfigurationError(f"--figure would replace the image {figure}; choose another name")


def end_with(main: Callable[[], int]) -> NoReturn:
    """End the program with the exit status that `main` returns."""
    # What ends a session or a batch job is an interruption too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    status = main()
    if status == INTERRUPTED:
        # Every file is whole at any moment, and a kernel may take long to be compiled.
        os._exit(status)
    sys.exit(status)


@contextmanager
def drawing_to_files() -> Iterator[None]:
    """Let matplotlib look for no window, such as that of a notebook which is not here."""
    variable = "MPLBACKEND"
    found = os.environ.get(variable)
    os.environ[variable] = "agg"
    try:
        yield
    finally:
        if found is None:
            del os.environ[variable]
        else:
            os.environ[variable] = found


def _mend_streams() -> None:
    """Let everything be printed, in whatever encoding, and nowhere where a stream is closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _lead_nowhere(stream: TextIO) -> None:
    """Let what is still to be printed not complain at the exit."""
    with suppress(OSError):  # a stream may be no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def _warnings_in_a_line(tell: Callable[[str], None]) -> Iterator[None]:
    said: set[str] = set()

    def show(message: Warning | str, *_: Any) -> None:
        if str(message) not in said:
            said.add(str(message))
            tell(str(message))

    with warnings.catch_warnings():
        warnings.showwarning = show  # type: ignore[assignment]
        yield


@contextmanager
def _compilation_told(tell: Callable[[str], None]) -> Iterator[None]:
    # Not above: what only says its version need not wait for the log.
    from lenet98.storage.compiling import told_when_long

    with told_when_long(lambda: tell(COMPILING)):
        yield
