"""The rules of the house: imports run one way, and numbers of the architecture stand once."""

import ast
from pathlib import Path

import pytest

import lenet98

PACKAGE = Path(lenet98.__file__).parent

# A module imports only from the floors below its own.
FLOORS = [
    {"errors"},
    {"codes", "paper", "configuration", "digits", "files", "side_by_side"},
    {"architecture", "archive", "recipes", "experiments", "patterns", "idx", "rejection"},
    {"plan", "download", "normalisation", "distortions", "weights"},
    {"kernels", "mnist", "strokes", "presentations", "ink"},
    {"network", "handwriting"},
    {"training"},
    {"results", "checkpoint"},
    {"comparison", "runs", "report"},
    {"findings"},
    {"cells"},
    {"open_questions", "validation"},
    {"plots"},
    {"drawing"},
    {"__main__"},
]
# They only name the package's version.
UNPLACED = {"__init__", "provenance"}


def imports(path):
    """Modules of the package that a file imports, those for type checking aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lenet98"):
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [name.name for name in node.names]


def modules():
    return [path for path in PACKAGE.rglob("*.py") if path.stem not in UNPLACED]


def floor_of(name):
    return next((k for k, floor in enumerate(FLOORS) if name in floor), None)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_imports_run_one_way(path):
    name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert floor_of(name) is not None, f"{name} has no floor: place it in FLOORS"
    for imported in imports(path):
        assert floor_of(imported) is not None, f"{path.name} imports {imported}"
        if imported != name:
            assert floor_of(imported) < floor_of(name), f"{path.name} imports {imported}"


def test_only_plots_and_the_picture_reader_import_matplotlib():
    importers = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and ast.unparse(node).split()[1].startswith("matplotlib")
    }
    assert importers <= {"plots", "handwriting.py", "drawing.py"}


def test_sizes_of_the_architecture_stand_in_the_layer_table_alone():
    sizes = {120, 84}
    for name in ("kernels", "plan", "network", "training", "patterns"):
        tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
        numbers = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert not numbers & sizes, name


def test_the_library_neither_prints_nor_exits():
    for path in PACKAGE.rglob("*.py"):
        if path.stem == "__main__":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in {"print", "exit", "sys.exit", "plt.show"}, path
