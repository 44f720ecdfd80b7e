"""The rules of the house: imports run one way, and numbers of the architecture stand once."""

import ast
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import numba
import pytest

import lenet98

PACKAGE = Path(lenet98.__file__).parent

# A folder imports only from the floors below its own.
FLOORS = [
    {"cores", "errors", "notebook", "version"},
    {"paper"},
    {"storage"},
    {"data"},
    {"network"},
    {"reading"},
    {"training"},
    {"classifiers", "modern"},
    {"reproduction"},
    {"questions"},
    {"plots"},
    {"command_line"},
    {"maps_command"},
    {"__main__"},
]


def name_of(path):
    """Dotted name of a module, the package's own left out: `network.kernels`."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


MODULES = {name_of(path): path for path in PACKAGE.rglob("*.py")}


def imports_in(source, name):
    """Modules of the package that a module's source imports, those for type checking aside.

    Every form counts: absolute and relative, of a module and from one, in a function too.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "lenet98":
                    yield alias.name.partition(".")[2] or "__init__"
        elif isinstance(node, ast.ImportFrom):
            base = node.module.split(".") if node.module else []
            if node.level:
                base = [*name.split(".")[: -node.level], *base]
            elif base and base[0] == "lenet98":
                base = base[1:]
            else:
                continue
            for alias in node.names:
                inner = ".".join([*base, alias.name])
                known = [name for name in (inner, f"{inner}.__init__") if name in MODULES]
                yield known[0] if known else ".".join(base) or "__init__"


def imports(name):
    return set(imports_in(MODULES[name].read_text(encoding="utf-8"), name))


def floor_of(name):
    folder = name.split(".")[0]
    return next((k for k, floor in enumerate(FLOORS) if folder in floor), None)


@pytest.mark.parametrize("name", sorted(MODULES.keys() - {"__init__"}))
def test_imports_run_one_way(name):
    assert floor_of(name) is not None, f"{name} has no floor: place its folder in FLOORS"
    for imported in imports(name):
        assert floor_of(imported) is not None, f"{name} imports {imported}"
        if imported.split(".")[0] != name.split(".")[0]:
            assert floor_of(imported) < floor_of(name), f"{name} imports {imported}"


def test_no_module_imports_itself_by_way_of_others():
    known = {name: imports(name) & MODULES.keys() for name in MODULES}
    TopologicalSorter(known).prepare()  # raises CycleError


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import lenet98", "__init__"),
        ("import lenet98.network.kernels as k", "network.kernels"),
        ("from lenet98 import errors", "errors"),
        ("from lenet98.network import kernels", "network.kernels"),
        ("from lenet98.network.kernels import squash", "network.kernels"),
        ("from . import weights", "network.weights"),
        ("from .weights import read_weights", "network.weights"),
        ("from ..plots.page import style", "plots.page.style"),
        ("def late():\n    from ..data.digits import Digits", "data.digits"),
        ("from lenet98 import plots", "plots.__init__"),
        ("from lenet98 import LeNet5", "__init__"),
    ],
)
def test_every_form_of_import_is_seen(source, found):
    assert list(imports_in(source, "network.network")) == [found]


def test_each_room_says_in_a_line_what_it_is_for():
    rooms = [path for name, path in MODULES.items() if name.endswith(".__init__")]
    assert {path.parent.name for path in rooms} >= {"paper", "data", "network", "plots"}
    for path in rooms:
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert docstring, path
        assert len(docstring.splitlines()[0]) > 20, path


def test_only_plots_and_the_picture_reader_import_matplotlib():
    importers = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and ast.unparse(node).split()[1].startswith("matplotlib")
    }
    assert importers <= {"plots", "reading"}


def test_only_the_window_touches_pyplot():
    touching = {
        name
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom) and "pyplot" in ast.unparse(node)
    }
    assert touching == {"plots.live.display"}


def test_sizes_of_the_architecture_stand_in_the_layer_table_alone():
    sizes = {120, 84}
    names = ("network.kernels", "network.plan", "network.network", "training.training")
    for name in names:
        tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
        numbers = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert not numbers & sizes, name


def test_the_library_neither_prints_nor_exits():
    for path in PACKAGE.rglob("*.py"):
        if path.stem in {"__main__", "command_line", "maps_command"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in {"print", "exit", "sys.exit", "plt.show"}, path


def test_what_is_compiled_is_kept_in_one_way():
    texts = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    numbas = [name for name, text in texts.items() if "numba.njit" in text or "import njit" in text]
    assert numbas == ["storage.cache"]


def compiling():
    """Every module that compiles something."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    del texts["storage.cache"]  # whose functions are those of others
    return [import_module(f"lenet98.{name}") for name, text in texts.items() if "njit" in text]


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="is about compilation")
@pytest.mark.parametrize("module", compiling(), ids=lambda module: module.__name__)
def test_what_is_compiled_reads_no_constant_of_another_file(module):
    # Numba freezes constants into its cache, and looks at the function's own file alone.
    foreign = set()
    for statement in ast.parse(Path(module.__file__).read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom):
            foreign |= {alias.name for alias in statement.names}
        names = [name for name in ast.walk(statement) if isinstance(name, ast.Name)]
        if isinstance(statement, ast.Assign) and {name.id for name in names} & foreign:
            foreign |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
    compiled = [one for one in vars(module).values() if hasattr(one, "py_func")]
    read = {name for one in compiled for name in one.py_func.__code__.co_names}
    constants = {name for name in read if isinstance(vars(module).get(name), int | float | tuple)}
    assert compiled
    assert not constants & foreign
