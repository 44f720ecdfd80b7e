"""Documented parameters and fields are the actual ones, and the examples of docstrings run."""

import ast
import doctest
import importlib
import inspect
import pydoc
import re
from pathlib import Path
from types import FunctionType

import pytest

import lenet98

PACKAGE = Path(lenet98.__file__).parent
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.stem != "__main__"]

NEEDS = {"lenet98.reproduction.cluster": "distributed"}
"""Modules that need a package which not everybody has."""


def dotted(path):
    """Name of a module: `lenet98.network.kernels`."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def sections(docstring):
    """Return the sections of a numpydoc docstring by their title, and its summary as ``""``."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}$", inspect.cleandoc(docstring), flags=re.MULTILINE)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def named_in(section):
    """Return the names that a section documents, in their order."""
    heads = re.findall(r"^(\S.*)$", section, re.MULTILINE)
    return [name.strip() for head in heads for name in head.split(" : ")[0].split(",")]


def parameters_of(function):
    """Return the names of the parameters, marked as numpydoc marks them; self and cls aside."""
    spec = function.args
    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    names += [f"*{spec.vararg.arg}"] if spec.vararg else []
    names += [argument.arg for argument in spec.kwonlyargs]
    names += [f"**{spec.kwarg.arg}"] if spec.kwarg else []
    return [name for name in names if name not in ("self", "cls")]


def fields_of(definition):
    """Return the fields that a class annotates, and what its properties and `__init__` set."""
    fields = [
        node.target.id
        for node in definition.body
        if isinstance(node, ast.AnnAssign) and not node.target.id.startswith("_")
    ]
    for node in ast.walk(definition):
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(node, ast.Assign | ast.AnnAssign) and not isinstance(targets[0], ast.Name):
            fields += [
                target.attr
                for target in targets
                if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self"
            ]
    return {name for name in fields if not name.startswith("_")}


def is_record(definition):
    """Whether what a class annotates is all it has: a NamedTuple or a dataclass."""
    marks = [ast.unparse(mark) for mark in (*definition.bases, *definition.decorator_list)]
    return any(mark.split("(")[0] in ("NamedTuple", "dataclass") for mark in marks)


def public(body, prefix=""):
    """Yield the public functions and classes of a module, and the methods of its classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{prefix}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


DOCUMENTED = [
    pytest.param(node, sections(ast.get_docstring(node)), id=f"{dotted(path)}.{name}")
    for path in FILES
    for name, node in public(ast.parse(path.read_text(encoding="utf-8")).body)
    if ast.get_docstring(node)
]


def complaint(node, said):
    """Return what is wrong about the documented names of a function or a class; None if nothing."""
    if isinstance(node, ast.FunctionDef):
        names = parameters_of(node)
        if "Parameters" in said:
            return None if named_in(said["Parameters"]) == names else f"takes {names}"
        # "Parameters and errors are those of ..." will do; so will a sentence with what it raises.
        silent = names and "Returns" in said and "Parameters" not in said[""]
        return f"does not tell of {names}" if silent else None
    init = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    names = parameters_of(init[0]) if init else []
    if "Parameters" in said and named_in(said["Parameters"]) != names:
        return f"takes {names}"
    if names and "Parameters" not in said and len(said) > 1:
        return f"does not tell of {names}"
    fields = fields_of(node)
    documented = named_in(said.get("Attributes", ""))
    if is_record(node) and "Attributes" in said:
        own = [n.target.id for n in node.body if isinstance(n, ast.AnnAssign)]
        return None if documented == own else f"has {own}"
    return None if set(documented) <= fields else f"has {sorted(fields)}"


@pytest.mark.parametrize(("node", "said"), DOCUMENTED)
def test_what_is_documented_is_what_is_there(node, said):
    assert complaint(node, said) is None


def documented(head, section, names, body=""):
    """Return the source of a function or a class with one section in its docstring."""
    rule = "-" * len(section)
    return f"{head}\n  '''Do.\n\n  {section}\n  {rule}\n  {names}\n  '''\n  {body}"


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        (documented("def f(a, b):", "Parameters", "a, b : int"), False),
        (documented("def f(self, a):", "Parameters", "a : int"), False),
        (documented("def f(a, *, b):", "Parameters", "a : int"), True),
        (documented("def f(b, a):", "Parameters", "a, b : int"), True),
        (documented("def f(*a):", "Parameters", "*a : int"), False),
        (documented("def f(a):", "Raises", "SomeError"), False),
        (documented("def f(a):", "Returns", "int"), True),
        (documented("def f():", "Returns", "int"), False),
        (documented("def f(a):", "Returns", "int").replace("Do", "Parameters as in g"), False),
        (documented("@dataclass\nclass C:", "Attributes", "a : int", "b: int"), True),
        (documented("@dataclass\nclass C:", "Attributes", "a : int", "a: int"), False),
        (documented("class C(NamedTuple):", "Attributes", "a : int", "a: int; b: int"), True),
        (documented("class C:", "Attributes", "a : int", "b = 1"), True),
        (documented("class C:", "Attributes", "a : int", "def f(self): self.a = 1"), False),
        (documented("class C:", "Parameters", "a : int", "def __init__(self, b): pass"), True),
        (documented("class C:", "Notes", "None.", "def __init__(self, a): pass"), True),
        ("def f(a):\n  '''Do.'''", False),
        ("class C:\n  '''Do.'''\n  def __init__(self, a): pass", False),
    ],
)
def test_a_wrong_name_is_seen(source, wrong):
    (node,) = ast.parse(source).body
    assert (complaint(node, sections(ast.get_docstring(node))) is not None) is wrong


def test_help_lists_every_public_name():
    text = re.sub(".\b", "", pydoc.render_doc(lenet98))
    for name in lenet98.__all__:
        assert re.search(rf"\b{name}\b", lenet98.__doc__), name
        assert re.search(rf"^    (class )?{name}\b", text, re.MULTILINE), name


def test_whatever_is_public_has_an_example():
    without = []
    for name in lenet98.__all__:
        value = getattr(lenet98, name)
        members = vars(value).items() if inspect.isclass(value) else ()
        methods = [
            (f"{name}.{inner}", member)
            for inner, member in members
            if not inner.startswith("_") and isinstance(member, FunctionType | classmethod)
        ]
        for full, one in [(name, value), *methods]:
            if ">>> " not in (getattr(one, "__doc__", None) or ""):
                without.append(full)
    assert not without


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_the_examples_of_docstrings_run_wherever_one_is(path, tmp_path, monkeypatch):
    if dotted(path) in NEEDS:
        pytest.importorskip(NEEDS[dotted(path)])
    monkeypatch.chdir(tmp_path)
    failed, _ = doctest.testmod(importlib.import_module(dotted(path)))
    assert not failed
    assert not [*tmp_path.iterdir()]
