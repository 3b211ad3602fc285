"""The first command: what it does on machines that lack this or that, without touching this one."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "installer" / "start.py"
posix = pytest.mark.skipif(sys.platform == "win32", reason="of POSIX systems")


@pytest.fixture
def start() -> ModuleType:
    """installer/start.py, loaded afresh."""
    spec = importlib.util.spec_from_file_location("start_under_test", SOURCE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def move(start: ModuleType, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """Let the module believe that its checkout is `root`."""
    environment = root / ".venv"
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    for name, value in {
        "ROOT": root,
        "VENV": environment,
        "STAMP": environment / start.STAMP.name,
        "UNFINISHED": environment / start.UNFINISHED.name,
        "BIN": programs,
        "PYTHON": programs / start.PYTHON.name,
        "COMMAND": programs / start.COMMAND.name,
    }.items():
        monkeypatch.setattr(start, name, value)


# ----- Python ------------------------------------------------------------------------------------------------------


def test_an_old_python_can_read_it_and_is_told(start: ModuleType) -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))
    at_start_up = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {a.name for n in at_start_up if isinstance(n, ast.Import) for a in n.names} | {
        n.module for n in at_start_up if isinstance(n, ast.ImportFrom)
    }
    assert "tomllib" not in names and "__future__" not in names  # the first is of 3.11, the second's annotations of 3.7
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        for given in [function.returns, *(a.annotation for a in function.args.args)]:
            assert isinstance(given, ast.Constant | ast.Name | None), f"{function.name} has an annotation that an old Python would run"
    assert "3.11 or later, and this is Python 3.9" in start.too_old((3, 9, 18))
    assert start.too_old((3, 11, 0)) is None
    assert start.too_old((4, 0, 0)) is None


# ----- system libraries --------------------------------------------------------------------------------------------


def no_libraries(start: ModuleType, monkeypatch: pytest.MonkeyPatch, *, may: bool, works: bool = True) -> list[list[str]]:
    """A Debian machine on which Qt does not load until its packages are installed; returns the list of what is installed."""
    installed: list[list[str]] = []

    def loads(code: str, **environment: str) -> str | None:
        return None if installed and works else "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"

    def install(packages: list[str]) -> bool:
        installed.append(packages)
        return True

    monkeypatch.setattr(start, "loads", loads)
    monkeypatch.setattr(start, "may_install", lambda: may)
    monkeypatch.setattr(start, "install_system", install)
    monkeypatch.setattr(start, "not_installed", lambda packages: [p for p in packages if p != "libdbus-1-3"])
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/usr/bin/{name}")
    return installed


def test_with_the_right_to_it_missing_libraries_are_installed(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = no_libraries(start, monkeypatch, may=True)
    start.need_libraries(start.LOAD_QT, start.OFFSCREEN, "Qt")
    assert installed == [[p for p in start.OFFSCREEN if p != "libdbus-1-3"]]


def test_without_it_the_exact_line_is_said_and_nothing_is_installed(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = no_libraries(start, monkeypatch, may=False)
    with pytest.raises(start.Stop) as stop:
        start.need_libraries(start.LOAD_QT, start.OFFSCREEN, "Qt")
    assert "\n    sudo apt-get install -y libglib2.0-0 libgl1 libegl1 libxkbcommon0 libfontconfig1\n" in str(stop.value)
    assert installed == []


def test_libraries_that_do_not_help_are_said_with_pythons_own_words(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    no_libraries(start, monkeypatch, may=True, works=False)
    with pytest.raises(start.Stop, match=r"cannot be loaded for Qt[\s\S]*libGL\.so\.1"):
        start.need_libraries(start.LOAD_QT, start.OFFSCREEN, "Qt")


@posix
def test_the_right_to_install_is_roots_or_that_of_sudo_without_a_password(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1, "sudo: a password is required")

    monkeypatch.setattr(start, "run", run)
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    assert not start.may_install()
    assert asked == [["sudo", "-n", "true"]]
    monkeypatch.setattr(start.os, "geteuid", lambda: 0)
    assert start.may_install()
    monkeypatch.setattr(start.shutil, "which", lambda name: None)
    assert not start.may_install()


@posix
def test_lists_of_packages_are_fetched_only_when_the_first_try_fails(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[list[str]] = []

    def run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
        done.append(command)
        return subprocess.CompletedProcess(command, 100 if len(done) == 1 else 0, "E: Unable to locate package")

    monkeypatch.setattr(start, "run", run)
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    assert start.install_system(["libgl1"])
    assert [c[-1] for c in done] == ["libgl1", "update", "libgl1"]
    assert all(c[:2] == ["sudo", "-n"] for c in done)


# ----- screen ------------------------------------------------------------------------------------------------------


def screens(start: ModuleType, monkeypatch: pytest.MonkeyPatch, answers: bool, **variables: str) -> list[list[str]]:
    needed: list[list[str]] = []
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(start, "linux", lambda: True)
    monkeypatch.setattr(start, "need_libraries", lambda code, packages, purpose: needed.append(packages))
    monkeypatch.setattr(start, "loads", lambda code, **environment: None if answers else "could not connect to display")
    return needed


def test_no_display_is_no_screen(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    screens(start, monkeypatch, answers=True)
    here, why = start.screen()
    assert not here and "no screen" in why


def test_a_display_that_does_not_answer_is_none_either(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    screens(start, monkeypatch, answers=False, DISPLAY=":7")
    here, why = start.screen()
    assert not here and "screen does not answer" in why and ":7" in why


@pytest.mark.parametrize(("name", "package"), [("DISPLAY", "libxcb-cursor0"), ("WAYLAND_DISPLAY", "libwayland-cursor0")])
def test_each_kind_of_screen_asks_for_its_own_libraries(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str, package: str
) -> None:
    needed = screens(start, monkeypatch, answers=True, **{name: "x"})
    assert start.screen() == (True, "")
    assert package in needed[0]


# ----- the environment ---------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A small checkout under an odd path, whose environment is made without pip and without packages; `.log` says what was done."""
    root = tmp_path / "odd é #1 100%"
    (root / "installer").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    for name in ("requirements.txt", "requirements-test.txt"):
        (root / "installer" / name).write_text(f"{name}==1\n", encoding="utf-8")
    move(start, monkeypatch, root)
    log = root / "log"
    log.touch()

    def note(what: str) -> None:
        with log.open("a") as f:
            f.write(what + "\n")

    def make() -> None:
        note("venv")
        venv.create(start.VENV, with_pip=False, symlinks=sys.platform != "win32")

    def link() -> None:
        note("link")
        start.COMMAND.touch()

    monkeypatch.setattr(start, "make_venv", make)
    monkeypatch.setattr(start, "install", note)
    monkeypatch.setattr(start, "link", link)
    return root


def done(root: Path) -> list[str]:
    said = (root / "log").read_text().split()
    (root / "log").write_text("")
    return said


def test_set_up_makes_once_and_then_changes_nothing(start: ModuleType, checkout: Path) -> None:
    start.set_up(tests=False)
    assert done(checkout) == ["venv", "requirements.txt", "link"]
    assert not start.UNFINISHED.exists()
    before = start.STAMP.read_bytes()
    start.set_up(tests=False)
    assert done(checkout) == []
    assert start.STAMP.read_bytes() == before


def test_tests_add_their_own_list_once(start: ModuleType, checkout: Path) -> None:
    start.set_up(tests=False)
    done(checkout)
    start.set_up(tests=True)
    assert done(checkout) == ["requirements-test.txt", "link"]
    start.set_up(tests=False)
    start.set_up(tests=True)
    assert done(checkout) == []


def test_a_new_lock_is_installed_over_the_old(start: ModuleType, checkout: Path) -> None:
    start.set_up(tests=True)
    done(checkout)
    (checkout / "installer" / "requirements.txt").write_text("x==2\n", encoding="utf-8")
    (checkout / "installer" / "requirements-test.txt").write_text("x==2\n", encoding="utf-8")
    start.set_up(tests=False)
    assert done(checkout) == ["requirements.txt", "link"]
    start.set_up(tests=True)
    assert done(checkout) == ["requirements-test.txt", "link"]


@pytest.mark.parametrize("broken", ["make_venv", "install", "link"])
def test_broken_off_anywhere_it_is_made_again(start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def kill(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(start, broken, kill)
        with pytest.raises(KeyboardInterrupt):
            start.set_up(tests=False)
    (start.VENV / "half a package").write_text("")
    done(checkout)
    start.set_up(tests=False)
    assert done(checkout) == ["venv", "requirements.txt", "link"]
    assert not (start.VENV / "half a package").exists()


def test_an_environment_made_by_hand_is_used_and_not_thrown_away(start: ModuleType, checkout: Path) -> None:
    venv.create(start.VENV, with_pip=False, symlinks=sys.platform != "win32")
    (start.VENV / "mine").write_text("")
    start.set_up(tests=False)
    assert done(checkout) == ["requirements.txt", "link"]
    assert (start.VENV / "mine").exists()


def test_an_environment_whose_python_is_gone_is_made_again(start: ModuleType, checkout: Path) -> None:
    start.set_up(tests=False)
    start.PYTHON.unlink()
    done(checkout)
    start.set_up(tests=False)
    assert done(checkout) == ["venv", "requirements.txt", "link"]


def test_a_moved_checkout_gets_its_commands_again_and_no_packages(
    start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    start.set_up(tests=False)
    checkout.rename(tmp_path / "elsewhere")
    move(start, monkeypatch, tmp_path / "elsewhere")
    monkeypatch.setattr(start, "link", lambda: (tmp_path / "linked").touch())
    start.set_up(tests=False)
    assert (tmp_path / "linked").exists()
    assert json.loads(start.STAMP.read_text(encoding="utf-8"))["place"] == str(tmp_path / "elsewhere")


@posix
def test_the_linked_command_runs_from_any_path(start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With pip of the Python that runs the tests, as on a Debian without ensurepip."""
    root = tmp_path / 'an odd é #1 100% $HOME "place"'
    (root / "approgress").mkdir(parents=True)
    (root / "approgress" / "__init__.py").write_text("", encoding="utf-8")
    (root / "approgress" / "app.py").write_text("import sys\ndef main():\n    print('ran', sys.argv[1:])\n    return 7\n", encoding="utf-8")
    (root / "approgress" / "__main__.py").write_text("import sys\nfrom approgress.app import main\nsys.exit(main())\n", encoding="utf-8")
    (root / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    move(start, monkeypatch, root)
    venv.create(start.VENV, with_pip=False, symlinks=True)
    if start.pip() is None:
        pytest.skip("the Python that runs these tests has no pip")
    start.link()
    ran = subprocess.run([start.COMMAND, "a b"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip(), ran.stderr) == (7, "ran ['a b']", "")
    version = "import importlib.metadata as m; print(m.version('approgress'))"
    asked = subprocess.run([start.PYTHON, "-I", "-c", version], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\d+\.\d+\.\d+", asked.stdout.strip())


@posix
def test_a_python_that_can_make_no_pip_is_told_the_line(start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    move(start, monkeypatch, tmp_path)
    commands: list[list[str]] = []

    def run(command: list[object], **more: object) -> subprocess.CompletedProcess[str]:
        commands.append([str(c) for c in command])
        bare = "--without-pip" in command
        return subprocess.CompletedProcess([], 0 if bare else 1, "ensurepip is not available")

    monkeypatch.setattr(start, "run", run)
    monkeypatch.setattr(start.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    with pytest.raises(start.Stop, match=rf"sudo apt-get install -y python3\.{sys.version_info[1]}-venv"):
        start.make_venv()
    assert any("--python" in c for c in commands)  # the pip of the Python we run under was tried


# ----- the demonstration school ------------------------------------------------------------------------------------


@pytest.fixture
def program(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Instead of the program: notes what it is asked, and makes the files that it would."""
    asked: list[tuple[str, ...]] = []

    def approgress(*arguments: object) -> int:
        words = tuple(map(str, arguments))
        asked.append((words[0], *(w for w in words if w.startswith("--"))))
        if words[0] == "demo":
            (Path(words[1]) / "demonstration.approgress").write_text("a school", encoding="utf-8")
        if "--reports" in words or words[0] == "report":
            pages = (Path(words[1]) if words[0] == "demo" else Path(words[1]).parent) / "reports"
            pages.mkdir(exist_ok=True)
            (pages / "a.pdf").write_text("", encoding="utf-8")
        return 0

    monkeypatch.setattr(start, "approgress", approgress)
    return asked


def test_the_demonstration_school_is_made_once(start: ModuleType, program: list[tuple[str, ...]], tmp_path: Path) -> None:
    folder = tmp_path / "data" / "demonstration"
    school, code = start.demonstrate(folder, reports=True)
    assert (school.read_text(encoding="utf-8"), code) == ("a school", 0)
    assert program == [("demo", "--reports")]
    school.write_text("changed by a person", encoding="utf-8")
    start.demonstrate(folder, reports=True)
    assert program == [("demo", "--reports")]
    assert school.read_text(encoding="utf-8") == "changed by a person"
    assert sorted(p.name for p in folder.iterdir()) == ["demonstration.approgress", "reports"]


def test_reports_come_to_a_school_that_was_made_for_the_window(start: ModuleType, program: list[tuple[str, ...]], tmp_path: Path) -> None:
    start.demonstrate(tmp_path / "d", reports=False)
    start.demonstrate(tmp_path / "d", reports=True)
    assert program == [("demo",), ("report", "--all", "--out")]


def test_a_half_made_school_is_made_again_and_half_made_reports_too(
    start: ModuleType, program: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole: Callable[..., int] = start.approgress
    folder = tmp_path / "d"

    def killed(*arguments: object) -> int:
        whole(*arguments)
        raise KeyboardInterrupt

    for reports, again in ((False, ("demo",)), (True, ("report", "--all", "--out"))):
        monkeypatch.setattr(start, "approgress", killed)
        with pytest.raises(KeyboardInterrupt):
            start.demonstrate(folder, reports=reports)
        monkeypatch.setattr(start, "approgress", whole)
        program.clear()
        start.demonstrate(folder, reports=reports)
        assert program == [again]


def test_a_school_that_could_not_be_made_is_no_success(start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(start, "approgress", lambda *arguments: 3)
    with pytest.raises(start.Stop, match="could not be made"):
        start.demonstrate(tmp_path / "d", reports=False)


def test_without_a_screen_it_says_so_and_makes_school_and_reports(
    start: ModuleType, program: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "set_up", lambda tests: None)
    monkeypatch.setattr(start, "need_libraries", lambda *given: None)
    monkeypatch.setattr(start, "demonstration_folder", lambda: tmp_path / "d")
    monkeypatch.setattr(start, "screen", lambda: (False, "There is no screen here"))
    assert start.main([]) == 0
    said = capsys.readouterr().out
    assert "There is no screen here" in said and "demonstration school and its reports" in said and str(tmp_path / "d" / "reports") in said
    assert program == [("demo", "--reports")]
    monkeypatch.setattr(start, "screen", lambda: (True, ""))
    assert start.main([]) == 0
    assert program[-1] == ("open",)


def test_a_stop_is_said_without_a_traceback_and_leaves_3(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(tests: bool) -> None:
        raise start.Stop("Something is missing.")

    monkeypatch.setattr(start, "set_up", stop)
    assert start.main(["--tests", "-k", "x"]) == 3
    assert capsys.readouterr().out == "Something is missing.\n"


@pytest.mark.parametrize("code", [0, 1, 5])
def test_tests_pass_their_arguments_on_and_pytests_code_back(start: ModuleType, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    called: list[tuple[list[str], dict[str, str]]] = []

    def call(command: list[str], cwd: str, env: dict[str, str]) -> int:
        called.append((command, env))
        return code

    monkeypatch.setattr(start, "set_up", lambda tests: None)
    monkeypatch.setattr(start, "need_libraries", lambda *given: None)
    monkeypatch.setattr(start.subprocess, "call", call)
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    assert start.main(["--tests", "-k", "a b", "--no-window"]) == code
    command, env = called[0]
    assert command[1:] == ["-m", "pytest", "-n", "2", "-k", "a b", "--no-window"]
    assert "PYTHONPATH" not in env
    if sys.platform == "linux":
        assert env["QT_QPA_PLATFORM"] == "offscreen"


def test_the_readme_and_ci_say_the_same_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first, second = (b.strip() for b in re.findall(r"```sh\n(.*?)```", readme, re.S)[:2])
    assert (first, second) == ("python3 installer/start.py", "python3 installer/start.py --tests")
    ci = ROOT / ".ci" / "run"
    assert second in ci.read_text(encoding="utf-8").splitlines()
    assert sys.platform == "win32" or os.access(ci, os.X_OK)
    assert r"py -3 installer\start.py" in re.findall(r"```powershell\n(.*?)```", readme, re.S)[0]
