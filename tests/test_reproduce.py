"""The command line: what it writes, what it refuses, how it ends."""

import importlib.util
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numba
import numpy as np
import pytest
from reproduce_few import FEW, OF_FEW

import lenet98
from lenet98 import TrainingConfig, plots
from lenet98.command_line import COMPILING
from lenet98.data import strokes
from lenet98.training.record import PassRecord

ROOT = Path(__file__).parents[1]
ON_FEW = Path(__file__).with_name("reproduce_few.py")
TRAINS = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="trains, which takes compilation")


@pytest.fixture(scope="module")
def reproduce():
    spec = importlib.util.spec_from_file_location("reproduce", ROOT / "reproduce.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["reproduce"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["reproduce"]


@pytest.fixture(scope="module")
def few_strokes(reproduce):
    """Take what `reproduce_few` takes."""
    with pytest.MonkeyPatch.context() as patch:
        digits = strokes.draw_digits(**FEW)
        patch.setattr(strokes, "draw_digits", lambda: digits)
        patch.setattr(reproduce, "RECIPES", OF_FEW)
        yield


def environment(**changes):
    package = str(Path(lenet98.__file__).parents[1])
    return os.environ | {"PYTHONPATH": package} | changes


def python(*arguments, **changes):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment(**changes),
        cwd=ROOT,
    )


def ended(option, unwanted):
    """Return what a command line printed that ends at once, and its seconds."""
    code = (
        "import sys, time; begin = time.perf_counter(); import reproduce\n"
        "try: reproduce.main(sys.argv[1:])\n"
        "except SystemExit as end: assert end.code == 0\n"
        f"assert not {unwanted} & set(sys.modules)\n"
        "print(time.perf_counter() - begin)"
    )
    done = python("-c", code, option)
    assert done.returncode == 0, done.stderr
    *text, seconds = done.stdout.splitlines()
    return text, float(seconds)


def test_the_version_needs_no_library():
    text, seconds = ended("--version", {"numba", "matplotlib", "numpy"})
    assert text == [f"lenet98 {lenet98.__version__}"]
    assert seconds < 0.5
    assert python("reproduce.py", "--version").stdout == f"{text[0]}\n"


def test_help_has_the_times_of_all_and_needs_no_library():
    text, _ = ended("--help", {"numba", "matplotlib", "numpy"})
    assert any("--resume" in line for line in text)
    whole = [one for one in plots.studies() if one.full]
    assert text[-len(whole) - 1 :] == [
        "what --full takes on two cores:",
        *(f"  {one.name:16}{one.full}, a first look {one.takes}" for one in whole),
    ]


def test_the_list_needs_no_library():
    text, _ = ended("--list", {"numba", "matplotlib", "numpy"})
    assert text[0] == "figures:"


def of_study(study):
    full = f"; with --full {study.full}" if study.full else ""
    return f"  {study.name:16}{study.shows}", f"{'':18}{study.takes}{full}"


def test_the_list_has_all_that_can_be_asked_for(reproduce, capsys):
    assert reproduce.main(["--list"]) == reproduce.DONE
    assert capsys.readouterr().out.splitlines() == [
        "figures:",
        *(f"  {one.name:16}{one.shows}" for one in plots.figures()),
        "studies, each only by itself; times on two cores:",
        *(line for one in plots.studies() for line in of_study(one)),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--passes 0", "passes is 0; expected a whole number, 1 or more"),
        ("--passes many", "--passes: invalid int value: 'many'"),
        ("--seed -1", "seed is -1; expected a whole number, 0 or more"),
        ("--seeds 0", "--seeds is 0; expected at least 1"),
        ("--j -1", "j is -1.0; expected a positive number"),
        ("--j nan", "j is nan; expected a positive number"),
        ("--loss mse --j 4", "--j belongs to eq. 9"),
        ("--loss huber", "--loss: invalid choice: 'huber'"),
        ("--only fig5,fig99", "found 'fig99'"),
        ("--only fig5,", "found ''"),
        ("--only fig6 --quick", "--quick leaves out fig6"),
        ("--only fig2,open-questions", "open-questions is run by itself"),
        ("--full", "--full belongs to one of --only fig9, ladder, open-questions"),
        ("--resume --figures-only", "leave out one"),
        ("--only validation --figures-only", "validation keeps nothing of that"),
        (
            "--only validation --full",
            "--full belongs to one of --only fig9, ladder, open-questions",
        ),
        ("--only validation --data strokes", "it needs MNIST"),
        ("--data strokes --data-dir x", "--data strokes reads no files"),
        ("--only fig2 --data-dir absent", "train-images-idx3-ubyte: expected the file"),
        ("--only fig2 --data mnist --offline", "told to stay offline"),
        ("--only open-questions --data strokes", "they need MNIST"),
        ("--only fig9 --figures-only --scheduler tcp://x:1", "--scheduler computes and --figures"),
        ("--only animation --scheduler tcp://x:1", "animation is too little to be shared out"),
        ("--unknown", "unrecognized arguments: --unknown"),
        ("--figures-only", "results.json: cannot read the results"),
    ],
)
def test_a_wrong_command_line_is_one_line(
    reproduce, few_strokes, tmp_path, monkeypatch, capsys, arguments, said
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("LENET98_DATA", raising=False)
    assert end_of(reproduce, *arguments.split(), "--out", str(tmp_path / "out")) == 2
    error = capsys.readouterr().err
    assert said in error
    assert_one_line(error)


def test_a_cluster_without_its_package_is_one_line(reproduce, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "lenet98.reproduction.cluster", raising=False)
    study = ("--only", "validation", "--out", tmp_path)
    assert end_of(reproduce, *study, "--scheduler", "tcp://x:1") == 2
    error = capsys.readouterr().err
    assert "expected the package distributed" in error
    assert_one_line(error)


def end_of(reproduce, *arguments):
    """Return the exit status."""
    try:
        return reproduce.main([str(argument) for argument in arguments])
    except SystemExit as end:
        return end.code


def but_compiling(error):
    """Return what was said besides that something is compiled, once on a machine."""
    return error.replace(f"reproduce.py: {COMPILING}\n", "")


def assert_one_line(error):
    error = but_compiling(error)
    assert error.startswith("reproduce.py: ")
    assert error.endswith("\n")
    assert error.count("\n") == 1


def test_an_out_that_is_a_file_or_full_of_them_is_refused(reproduce, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "weights").write_text("")
    for out in ("file", "folder", "file/below"):
        assert end_of(reproduce, "--only", "fig2", "--out", tmp_path / out) == 2
        error = capsys.readouterr().err
        assert f"--out {tmp_path / out}: cannot make the folder" in error
        assert_one_line(error)


def test_an_out_not_to_be_written_to_is_refused_at_once(reproduce, tmp_path, monkeypatch, capsys):
    # The superuser may write whatever a test forbids.
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    assert end_of(reproduce, "--data", "strokes", "--out", tmp_path) == 2
    error = capsys.readouterr().err
    assert f"--out {tmp_path}: cannot write to the folder" in error
    assert_one_line(error)


@pytest.mark.skipif(not hasattr(os, "geteuid") or not os.geteuid(), reason="may write anywhere")
def test_a_read_only_out_is_refused_at_once(reproduce, tmp_path, capsys):
    tmp_path.chmod(0o500)
    assert end_of(reproduce, "--data", "strokes", "--out", tmp_path) == 2
    assert_one_line(capsys.readouterr().err)


def test_surroundings_of_other_programs_do_no_harm(tmp_path):
    """A notebook's window, LaTeX that is not here, a poor encoding."""
    (tmp_path / "matplotlibrc").write_text("text.usetex: true\n")
    around = {
        "MPLBACKEND": "of_a_notebook",
        "MATPLOTLIBRC": str(tmp_path / "matplotlibrc"),
        "PYTHONIOENCODING": "ascii",
        "PATH": "",
    }
    out = tmp_path / "выход"
    done = python(ON_FEW, "--data", "strokes", "--only", "fig2,table1", "--out", out, **around)
    assert but_compiling(done.stderr) == ""
    assert r"\u0432\u044b\u0445\u043e\u0434." in done.stdout
    assert {path.name for path in out.glob("*.png")} == {"fig2.png", "table1.png"}


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """Run --quick on strokes to its end; return its folder and what it printed."""
    out = tmp_path_factory.mktemp("quick") / "out"
    done = python(ON_FEW, "--quick", "--data", "strokes", "--out", out)
    assert done.returncode == 0, done.stderr
    return out, done


@TRAINS
def test_quick_writes_all_it_promises(quick):
    out, done = quick
    figures = {f"{figure.name}.png" for figure in plots.figures()} - {"fig6.png"}
    assert {path.name for path in out.glob("*.png")} == figures
    networks = {path.stem for path in (out / "weights").iterdir()}
    assert networks == {"60000", "distorted", "noise", "strings"}
    assert {path.name for path in out.iterdir()} == {*figures, "results.json", "weights"}
    results = json.loads((out / "results.json").read_text())
    assert results["data"] == "strokes"
    assert results["provenance"]["resumed"] is False
    assert {row["unit"] for row in results["comparison"]} == {""}
    assert [len(some[0]["history"]) for some in results["runs"].values()] == [3] * 4
    assert "NOT MNIST" in done.stdout
    assert but_compiling(done.stderr) == ""


@TRAINS
def test_lines_are_plain_where_no_terminal_shows_them(quick):
    _, done = quick
    assert not re.search(r"[^\x20-\x7e\n±√]", done.stdout)


@TRAINS
def test_figures_only_draws_the_same(quick, reproduce, few_strokes, capsys):
    out, _ = quick
    before = {path.name: path.read_bytes() for path in out.glob("*.png")}
    for name in before:
        (out / name).unlink()
    assert end_of(reproduce, "--figures-only", "--out", out) == 0, capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.glob("*.png")} == before


@TRAINS
def test_figures_only_says_what_it_ignores(quick, reproduce, few_strokes, capsys):
    again = ("--figures-only", "--only", "fig5", "--out", quick[0])
    ignored = ("--passes", "7", "--seed", "3", "--data", "mnist", "--recipe", "best", "--quick")
    assert end_of(reproduce, *again, *ignored) == 0
    error = capsys.readouterr().err
    assert error.endswith("ignored: --recipe, --passes, --seed, --data, --quick\n")
    assert_one_line(error)
    assert end_of(reproduce, *again) == 0
    assert capsys.readouterr().err == ""


@TRAINS
def test_earlier_results_are_not_lost(quick, reproduce, few_strokes, tmp_path, capsys):
    shutil.copytree(quick[0], tmp_path, dirs_exist_ok=True)
    before = (tmp_path / "results.json").read_bytes()
    fewer = ("--data", "strokes", "--passes", "1", "--only", "fig8", "--out", tmp_path)
    assert end_of(reproduce, *fewer) == 2
    error = capsys.readouterr().err
    assert "has runs that this command would not make again" in error
    assert not (tmp_path / "checkpoints").exists()
    assert "draw from them with --figures-only, or give another --out" in error
    assert_one_line(error)
    # What trains nothing has no results to write.
    (tmp_path / "table1.png").unlink()
    assert end_of(reproduce, "--data", "strokes", "--only", "table1", "--out", tmp_path) == 0
    assert (tmp_path / "table1.png").exists()
    assert (tmp_path / "results.json").read_bytes() == before


def test_drawing_makes_no_folder(reproduce, tmp_path, capsys):
    assert end_of(reproduce, "--figures-only", "--out", tmp_path / "typed wrong") == 2
    assert_one_line(capsys.readouterr().err)
    assert not (tmp_path / "typed wrong").exists()


def test_a_study_that_is_named_twice_is_made_once(reproduce, few_strokes, tmp_path, capsys):
    study = ("--only", "fig9,fig9", "--full", "--data", "strokes", "--out", tmp_path)
    assert end_of(reproduce, *study) == 2
    assert "fig9 is about MNIST, so it needs MNIST; found strokes" in capsys.readouterr().err


def test_a_study_says_what_it_ignores(reproduce, few_strokes, tmp_path, capsys):
    study = ("--only", "validation", "--data", "strokes", "--out", tmp_path)
    assert end_of(reproduce, *study, "--seeds", "3", "--resume") == 2
    said, refused = capsys.readouterr().err.splitlines()
    assert said.endswith("validation has its own recipes; ignored: --seeds, --resume")
    assert "needs MNIST" in refused


@TRAINS
def test_figures_only_leaves_out_what_a_lost_network_would_show(
    quick, reproduce, few_strokes, tmp_path, capsys
):
    shutil.copytree(quick[0], tmp_path, dirs_exist_ok=True)
    (tmp_path / "weights" / "60000.npz").unlink()
    for path in tmp_path.glob("*.png"):
        path.unlink()
    again = ("--figures-only", "--only", "learned,fig5,states", "--out", tmp_path)
    assert end_of(reproduce, *again) == 2
    said = capsys.readouterr()
    assert f"learned is left out: {tmp_path / 'weights' / '60000.npz'}: expected" in said.err
    assert_one_line(said.err)
    assert said.out.endswith(f"Drew fig5, states in {tmp_path}.\n")
    assert {path.name for path in tmp_path.glob("*.png")} == {"fig5.png", "states.png"}


@TRAINS
@pytest.mark.parametrize(
    "edit",
    [
        lambda results: results["runs"]["60000"][0]["history"][0].update(test_error=0.1),
        lambda results: results["runs"]["distorted"][0]["misclassified"].append([10**9, 1, 2]),
        lambda results: results["runs"].update(other=[]),
        lambda results: results.update(data="mnist"),
        lambda results: results.pop("sha256"),
        lambda results: results.update(format=2),
        lambda results: results.clear(),
    ],
)
def test_results_edited_by_hand_are_not_drawn(
    quick, reproduce, few_strokes, tmp_path, capsys, edit
):
    results = json.loads((quick[0] / "results.json").read_text())
    edit(results)
    (tmp_path / "results.json").write_text(json.dumps(results))
    assert end_of(reproduce, "--figures-only", "--out", tmp_path) == 2
    error = capsys.readouterr().err
    assert f"{tmp_path / 'results.json'}: expected results" in error
    assert_one_line(error)


ONE_RUN = ("--data", "strokes", "--only", "fig8")


def start(out, *arguments):
    """Start a command as a shell does, Ctrl-C included."""
    return subprocess.Popen(
        [sys.executable, ON_FEW, *ONE_RUN, *arguments, "--out", out],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        # A suite in the background of a script is deaf to Ctrl-C, and so would its children be.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def weights(out):
    with np.load(out / "weights" / "distorted.npz") as file:
        return file["parameters"].tobytes()


@TRAINS
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_interrupted_and_resumed_the_weights_are_the_same(reproduce, few_strokes, tmp_path, capsys):
    long, seeds = tmp_path / "long", ("--passes", "20", "--seeds", "2")
    assert end_of(reproduce, *ONE_RUN, *seeds, "--out", tmp_path / "whole") == 0
    capsys.readouterr()
    again = ()
    for which in (signal.SIGINT, signal.SIGTERM):
        process = start(long, *seeds, *again)
        for line in process.stdout:
            if re.match(r"distorted +\d+ +\d+ +5e-05|distorted .*goes on", line):
                break
        begin = time.monotonic()
        process.send_signal(which)
        output, error = process.communicate(timeout=30)
        assert time.monotonic() - begin < 4
        assert process.returncode == 130, output + error
        assert "go on with the same command and --resume" in error
        assert_one_line(error)
        again = ("--resume",)
    assert not (long / "results.json").exists()

    assert end_of(reproduce, *ONE_RUN, *seeds, "--out", long) == 2
    error = capsys.readouterr().err
    assert "go on with --resume, or give another --out, or remove" in error
    assert_one_line(error)
    for other, field in [
        (("--passes", "21", "--seeds", "2"), "passes 20 there, 21 here"),
        ((*seeds, "--seed", "7"), "seed 1998 there, 7 here"),
        ((*seeds, "--loss", "mse"), "loss map there, mse here"),
    ]:
        assert end_of(reproduce, *ONE_RUN, *other, "--resume", "--out", long) == 2
        error = capsys.readouterr().err
        assert field in error
        assert_one_line(error)

    assert end_of(reproduce, *ONE_RUN, *seeds, "--resume", "--out", long) == 0
    assert "goes on after this pass" in capsys.readouterr().out
    assert weights(long) == weights(tmp_path / "whole")
    resumed, whole = (
        json.loads((out / "results.json").read_text()) for out in (long, tmp_path / "whole")
    )
    for one, other in zip(resumed["runs"]["distorted"], whole["runs"]["distorted"], strict=True):
        assert one["misclassified"] == other["misclassified"]
        for record, same in zip(one["history"], other["history"], strict=True):
            assert record | {"seconds": 0} == same | {"seconds": 0}
    assert resumed["provenance"]["resumed"] is True
    assert not (long / "checkpoints").exists()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_the_share_and_the_time_left(reproduce, monkeypatch, capsys):
    now = [100.0]
    monkeypatch.setattr(reproduce, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    recipe, stream = TrainingConfig(), Terminal()
    record = PassRecord(1, 5e-4, 1e-5, 1e-2, 1.0, 2.0, None, 3.0, 4.0)
    lines = reproduce.PassLines(stream, passes=6)
    lines.on_resume("60000", recipe, 2)
    now[0] += 10
    lines.on_progress("60000", recipe, 1, 2)
    assert stream.getvalue().endswith(" 12.5% done, about 70 s left \x1b[K")
    lines.on_pass("60000", recipe, record)
    now[0] += 10
    lines.on_progress("30000", recipe, 1, 1)
    assert stream.getvalue().endswith(" 50.0% done, about 20 s left \x1b[K")


def test_what_an_interrupted_study_leaves_is_told(reproduce, monkeypatch, tmp_path, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(reproduce, "make_study", interrupt)
    for names, said in (
        ("fig9", "finished cells are kept; the same command goes on"),
        ("fig9,fig9", "finished cells are kept; the same command goes on"),
        ("animation", "no pass was finished yet; the same command begins again"),
    ):
        assert end_of(reproduce, "--only", names, "--out", tmp_path) == 130
        assert capsys.readouterr().err == f"reproduce.py: interrupted; {said}\n"


@TRAINS
def test_an_interruption_is_said_at_any_other_moment(
    reproduce, few_strokes, tmp_path, monkeypatch, capsys
):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    command = ("--data", "strokes", "--only", "fig8", "--passes", "1", "--out", tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("lenet98.data.strokes.draw_digits", interrupt)
        assert end_of(reproduce, *command) == 130
    error = capsys.readouterr().err
    assert "no pass was finished yet" in error
    assert_one_line(error)
    with monkeypatch.context() as patch:
        patch.setattr("lenet98.plots.draw", interrupt)
        assert end_of(reproduce, *command) == 130
        assert "--resume" in capsys.readouterr().err
        assert end_of(reproduce, "--figures-only", "--only", "fig8", "--out", tmp_path) == 130
        assert "the same command draws again" in capsys.readouterr().err
    assert end_of(reproduce, *command, "--resume") == 0
    assert not (tmp_path / "checkpoints").exists()


@TRAINS
@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise")
def test_output_that_nobody_reads_is_one_line(tmp_path):
    process = start(tmp_path, "--passes", "40")
    process.stdout.close()
    error = process.stderr.read()
    assert process.wait(timeout=60) == 2
    assert "the reader of its output has gone; " in error
    assert_one_line(error)
    process.stderr.close()


@TRAINS
def test_resume_with_nothing_to_resume_says_so(reproduce, few_strokes, tmp_path, capsys):
    options = ("--data", "strokes", "--only", "fig8", "--passes", "1", "--resume")
    assert end_of(reproduce, *options, "--out", tmp_path) == 0
    assert "nothing to resume, beginning at the start" in capsys.readouterr().out
    assert (tmp_path / "results.json").exists()


@TRAINS
@pytest.mark.filterwarnings("ignore:overflow")
def test_divergence_is_never_written_as_a_result(
    reproduce, few_strokes, tmp_path, monkeypatch, capsys
):
    wild = replace(OF_FEW["paper"], loss="mse", eta=(1e38,))
    monkeypatch.setattr(reproduce, "RECIPES", {"paper": wild})
    command = ("--data", "strokes", "--only", "fig6", "--out", tmp_path)
    assert end_of(reproduce, *command) == 2
    error = capsys.readouterr().err
    assert re.search(r"diverged in pass 1, at pattern \d+", error)
    assert_one_line(error)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@TRAINS
@pytest.mark.parametrize("written", ["weights/distorted.npz", "results.json", "fig8.png"])
def test_a_full_disk_is_one_line_and_resumed_later(
    reproduce, few_strokes, tmp_path, monkeypatch, capsys, written
):
    command = ("--data", "strokes", "--only", "fig8", "--passes", "1", "--out", tmp_path)
    real = os.replace

    def fail(source, destination):
        if destination == tmp_path / written:
            raise OSError(28, "No space left on device")
        real(source, destination)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        assert end_of(reproduce, *command) == 2
    error = capsys.readouterr().err
    assert f"{tmp_path / written}: cannot write it: No space left on device" in error
    assert_one_line(error)
    assert not (tmp_path / written).exists()
    assert end_of(reproduce, *command, "--resume") == 0
    assert (tmp_path / written).exists()
