"""The rules of the house, kept by machine: layers, lint, what the domain may import, no Qt without a window, nothing of one machine."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def committed() -> tuple[Path, ...]:
    """The files of the project, as git knows them; without git, what lies in its folders."""
    asked = subprocess.run(["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, check=False)
    if asked.returncode == 0 and asked.stdout:
        return tuple(p for p in (ROOT / os.fsdecode(name) for name in asked.stdout.split(b"\0") if name) if p.is_file())
    folders = ("approgress", "resources", "tests", "installer", "benchmarks", ".ci")
    return tuple(p for folder in folders for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_every_layer_imports_only_what_lies_below_it() -> None:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = run("-X", "utf8", "-c", code)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    files = [str(p.relative_to(ROOT)) for p in committed() if p.suffix == ".py"]
    done = run("-m", "ruff", "check", "--no-cache", "--output-format", "concise", *files)
    assert done.returncode == 0, done.stdout + done.stderr


# ----- domain ------------------------------------------------------------------------------------------------------

# python-stdnum is pure arithmetic on identifiers; the other two are for statistics, inside the function that needs them
FROM_OUTSIDE = {"numpy", "scipy", "stdnum"}
WHEN_NEEDED = {"numpy", "scipy"}
CLOCK = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}
DOMAIN = sorted((ROOT / "approgress" / "domain").rglob("*.py"))


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [(node.module or "").partition(".")[0]]
    return []


def faults_of_domain(source: str) -> list[str]:
    """What a module of the domain does that it may not: foreign imports, statistics at start-up, the clock, files."""
    tree = ast.parse(source)
    in_functions = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef) for n in ast.walk(f)}
    for block in ast.walk(tree):  # what only a type checker reads is no import
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test):
            in_functions |= {id(n) for n in ast.walk(block)}
    out: list[str] = []
    for node in ast.walk(tree):
        for name in imported(node):
            if name not in sys.stdlib_module_names | FROM_OUTSIDE | {"approgress"}:
                out.append(f"imports {name}")
            elif name in WHEN_NEEDED and id(node) not in in_functions:
                out.append(f"imports {name} at start-up")
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and (called.value.id, called.attr) in CLOCK:
                out.append(f"line {node.lineno} asks the clock")
            if isinstance(called, ast.Name) and called.id in ("open", "print", "input"):
                out.append(f"line {node.lineno} calls {called.id}")
    return out


def test_domain_has_no_foreign_imports_no_clock_and_no_files() -> None:
    faults = {str(p.relative_to(ROOT)): f for p in DOMAIN if (f := faults_of_domain(p.read_text(encoding="utf-8")))}
    assert faults == {}


def test_the_guard_of_domain_can_bark() -> None:
    bad = "import numpy\nimport requests\nfrom datetime import date\ndef f():\n    import scipy\n    open('x')\n    return date.today()\n"
    assert faults_of_domain(bad) == ["imports numpy at start-up", "imports requests", "line 6 calls open", "line 7 asks the clock"]


# ----- the window stays out of what needs none ---------------------------------------------------------------------


@pytest.mark.parametrize("module", ["approgress.cli", "approgress.app", "approgress.school.school", "approgress.style"])
def test_no_qt_is_imported_without_a_window(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) & {"PySide6", "shiboken6", "pyqtgraph"} == set()


def test_no_qt_is_imported_by_any_module_outside_ui() -> None:
    names = [
        str(p.relative_to(ROOT).with_suffix("")).replace(os.sep, ".").removesuffix(".__init__")
        for folder in ("domain", "interchange", "reports", "school", "store")
        for p in sorted((ROOT / "approgress" / folder).rglob("*.py"))
        if "migrations" not in p.parts
    ]
    code = f"import importlib, sys; [importlib.import_module(n) for n in {names!r}]; print('PySide6' in sys.modules)"
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False"


# ----- nothing of one machine --------------------------------------------------------------------------------------

TEXT = {".py", ".toml", ".txt", ".md", ".cfg", ".ini", ".json", ".csv", ".xml", ".svg", ".html", ".qss", ".sh", ".yml", ".yaml", ""}
# Written in pieces, so that this file does not hold what it looks for. Homes of one letter are examples.
HOMES = ["/" + r"home/\w{2,}/", "/Us" + r"ers/\w{2,}/", "[A-Z]:" + r"\\+Users\\+\w{2,}"]
MACHINE = re.compile("|".join([r"(?<![\w.])/" + "work/", r"(?<![\w.])/" + "root/", *HOMES, re.escape(str(ROOT) + os.sep)]))
REGISTRY = re.compile(
    "|".join(
        [
            r"pypi\.(?:org|python)",
            r"python" + r"hosted\.org",
            r"(?:registry\.)?npm" + r"js\.(?:org|com)",
            r"(?:deb|snapshot|security|ftp)\.deb" + r"ian\.org",
            r"--(?:extra-)?index-" + r"url[ =]+\S*://",
            r"archive\.ubu" + r"ntu\.com",
        ]
    ),
    re.IGNORECASE,
)


def lines_with(pattern: re.Pattern[str], text: str) -> list[str]:
    return [line.strip()[:120] for line in text.splitlines() if pattern.search(line)]


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["paths of one machine", "hosts of registries"])
def test_no_file_holds(pattern: re.Pattern[str]) -> None:
    found: dict[str, list[str]] = {}
    for path in committed():
        if path.suffix.lower() in TEXT:
            lines = lines_with(pattern, path.read_text(encoding="utf-8", errors="replace"))
            if lines:
                found[str(path.relative_to(ROOT))] = lines[:5]
    assert found == {}


def test_the_guards_of_places_can_bark() -> None:
    assert len(lines_with(MACHINE, "path = '/" + "work/x'\nPath('C:" + "\\Users\\ann')\n/" + "home/ann/x\n/home/x/y\n./" + "work/")) == 3
    assert lines_with(REGISTRY, "https://py" + "pi.org/simple") != []
    assert lines_with(REGISTRY, "--index-" + "url https://somewhere/simple") != []
    assert lines_with(REGISTRY, "--hash=sha256:00aa") == []


def test_the_guards_look_at_files() -> None:
    assert len(committed()) > 50
    assert ROOT / "approgress" / "__init__.py" in committed()


# ----- the locked requirements -------------------------------------------------------------------------------------


def locked(name: str) -> dict[str, list[str]]:
    """Requirement -> hashes, of a locked list."""
    out: dict[str, list[str]] = {}
    current = ""
    for line in (ROOT / "installer" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", " ")):
            current = line.removesuffix("\\").strip()
            out[current] = []
        elif "--hash=" in line:
            out[current].append(line)
    return out


def test_every_requirement_is_pinned_with_hashes_and_both_lists_agree() -> None:
    run_time, tests = locked("requirements.txt"), locked("requirements-test.txt")
    for name, hashes in {**run_time, **tests}.items():
        assert re.match(r"[a-z0-9._-]+==[^ ]+", name), name
        assert hashes, name
    assert {k: v for k, v in run_time.items() if tests.get(k) != v} == {}


def test_the_lists_hold_what_the_project_asks_for() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(lines: list[str]) -> set[str]:
        return {re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", line)[0]).lower() for line in lines}  # type: ignore[index]

    assert names(project["dependencies"]) - names(list(locked("requirements.txt"))) == set()
    assert names(project["optional-dependencies"]["test"]) - names(list(locked("requirements-test.txt"))) == set()
