"""What the sandbox runs beside its own work, and the locks it holds meanwhile."""

import ast
import errno
import os
import shutil
import subprocess
import sys
import time

import pytest

from sandbox_lib.debian import extract
from sandbox_lib.errors import SandboxError, describe_os_error
from sandbox_lib.locking import hold
from sandbox_lib.places import Places
from sandbox_lib.processes import run_logged, running
from sandbox_lib.python_env import _uv_environment
from sandbox_lib.session import Session
from sandbox_lib.testing import _Runs

from .sources import parse, walk

ROOT = Places.of_this_clone().root


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_program_runs_beside_the_block_and_is_waited_for(tmp_path):
    argv = python("print('begun', flush=True); open('go').read(); print('ended')")
    subprocess.run(["mkfifo", tmp_path / "go"], check=True)
    log = tmp_path / "beside.log"
    with running("Beside", argv, log, cwd=tmp_path):
        # Opening waits for the other side: the program is under way while this block is.
        (tmp_path / "go").write_text("on", "utf-8")
    assert log.read_text("utf-8").split() == ["begun", "ended"]


def test_its_failure_is_said_in_its_last_line_once_the_block_is_through(tmp_path):
    argv = python("import sys; sys.exit('no mirror is configured')")
    done = []
    with (
        pytest.raises(SandboxError, match=r"^Beside failed: no mirror is configured \(details: "),
        running("Beside", argv, tmp_path / "beside.log"),
    ):
        done.append("block")
    assert done == ["block"]


def test_what_odoo_logs_while_it_ends_is_not_the_reason(tmp_path):
    lines = ("RuntimeError: not in the books", "2026-11-29 03:23:53,835 15 INFO ? odoo.sql_db: end")
    argv = python(f"import sys; print(*{lines}, '', sep='\\n'); sys.exit(1)")
    with pytest.raises(SandboxError, match=r"^Alone failed: RuntimeError: not in the books "):
        run_logged("Alone", argv, tmp_path / "alone.log")


@pytest.mark.parametrize(
    "failure", [SandboxError("pip failed"), KeyboardInterrupt(), SystemExit(143)]
)
def test_a_block_that_ends_early_leaves_nothing_running(tmp_path, failure):
    child = "import time; print('child', flush=True); time.sleep(60)"
    argv = python(f"import os, sys; print(os.getpid(), flush=True); {child}")
    log = tmp_path / "beside.log"

    def fail():
        while "child" not in log.read_text("utf-8"):
            time.sleep(0.01)
        raise failure

    with pytest.raises(type(failure)), running("Beside", argv, log):
        fail()
    process = int(log.read_text("utf-8").split()[0])
    done = subprocess.run(["ps", "-p", str(process)], capture_output=True, check=False)
    assert done.returncode == 1  # no such process


def test_what_is_run_alone_gives_its_output(tmp_path):
    assert run_logged("Alone", python("print('out')"), tmp_path / "alone.log") == "out\n"


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(SandboxError, match="the program no-such-program is missing"):
        run_logged("Alone", ["no-such-program"], tmp_path / "alone.log")


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="packages of Debian only")
def test_a_package_is_unpacked_with_the_french_of_its_translations(tmp_path):
    control = "Package: made\nVersion: 1\nArchitecture: all\nMaintainer: X\nDescription: x\n"
    written = {"fr.po", "fr_BE.po", "made.pot", "de.po", "fa.po", "fil.po", "zh_CN.po"}
    for name in ("DEBIAN/control", *(f"made/i18n/{file}" for file in written), "made/de.po"):
        path = tmp_path / "made" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(control, "utf-8")
    package, tree = tmp_path / "made.deb", tmp_path / "tree"
    tree.mkdir()
    subprocess.run(["dpkg-deb", "--build", tmp_path / "made", package], check=True)
    extract([package, package], tree, tmp_path / "unpack.log")
    assert {path.name for path in tree.glob("made/i18n/*")} == {"fr.po", "fr_BE.po", "made.pot"}
    assert (tree / "made" / "de.po").is_file()  # no translation: it lies elsewhere

    package.write_bytes(package.read_bytes()[:-60])
    with pytest.raises(SandboxError, match="Unpacking Odoo 19 failed"):
        extract([package], tree, tmp_path / "unpack.log")


HOLD = """
import sys
from pathlib import Path
from sandbox_lib.locking import hold
with hold(Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_run(tmp_path):
    """Give a process that holds ``tmp_path`` for the tests until its input is closed."""
    argv = [*python(HOLD), tmp_path, "test"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(argv, cwd=ROOT, **pipes) as process:
        assert process.stdout.readline() == "held\n"
        yield process


def test_a_second_run_is_refused_and_told_who_holds_the_folder(tmp_path, other_run):
    with (
        pytest.raises(SandboxError, match=rf"\(test, process {other_run.pid}\)"),
        hold(tmp_path, "demo"),
    ):
        pass


def test_a_download_waits_for_its_turn(tmp_path, other_run):
    def end_when_waited_for(line):
        other_run.stdin.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sandbox_lib.locking.say", end_when_waited_for)
        with hold(tmp_path):
            assert other_run.wait(10) == 0


def test_a_killed_run_holds_nothing(tmp_path, other_run):
    other_run.kill()
    other_run.wait(10)
    with hold(tmp_path, "demo"):
        assert "demo, process" in (tmp_path / "holder").read_text("utf-8")


def test_uv_asks_the_index_that_pip_asks(monkeypatch):
    pip = [sys.executable, "-m", "pip"]
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://more.example/simple")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert "UV_DEFAULT_INDEX" not in _uv_environment(pip)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert _uv_environment(pip)["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "the disk is full: "),
        (errno.EDQUOT, "the disk is full: "),
        (errno.EROFS, "base.sql cannot be written: "),
        (errno.EISDIR, "Is a directory"),
    ],
)
def test_an_error_of_the_system_says_what_to_do(number, told):
    assert told in describe_os_error(OSError(number, os.strerror(number), "base.sql"))


def test_fetching_says_in_one_line_why_there_is_no_odoo(tmp_path):
    argv = [sys.executable, ROOT / "sandbox", "fetch"]
    env = {**os.environ, "ODOO": str(tmp_path)}
    with pytest.raises(SandboxError, match=r"holds no odoo/release\.py"):
        run_logged("Fetching Odoo", argv, tmp_path / "fetch.log", env=env)


def test_runs_side_by_side_are_shown_one_after_the_other(tmp_path, capfd):
    """The second has begun and printed before the first may end; the first waits for that."""
    subprocess.run(["mkfifo", tmp_path / "go"], check=True)
    first, second = tmp_path / "test_first.py", tmp_path / "test_second.py"
    first.write_text(f"def test_waits():\n    open({str(tmp_path / 'go')!r}).read()", "utf-8")
    writes = f"open({str(tmp_path / 'go')!r}, 'w').write('on')"
    second.write_text(f"def test_goes():\n    {writes}\n    raise ValueError('é' * 9)", "utf-8")
    with Session(Places.of_this_clone()) as session:
        runs = _Runs(session, ["-p", "no:odoo"])
        runs._start("First", [str(first)], dict(os.environ))
        runs._start("Second", [str(second), "-o", f"cache_dir={tmp_path}"], dict(os.environ))
        runs.end()
    assert runs.codes == [0, 1]
    printed = capfd.readouterr().out
    before, _title, after = printed.partition("\nSecond\n")
    assert "1 passed" in before
    assert "1 failed" in after
    assert "ValueError: ééééééééé" in after
    assert "cache_dir" not in printed


def defined(text):
    """Return the names that a module has: defined, assigned or imported at its top."""
    names = set()
    for node in parse(text).body:
        if isinstance(node, ast.Assign):
            targets = (each for target in node.targets for each in ast.walk(target))
            names.update(each.id for each in targets if isinstance(each, ast.Name))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name for alias in node.names)
        elif name := getattr(node, "name", None):
            names.add(name)
    return names


def test_the_bench_and_the_trials_import_what_the_addon_has():
    """Both would notice only after the minutes that their databases take."""
    missing, seen = [], 0
    for path in (*ROOT.glob("benchmarks/*.py"), *ROOT.glob("tests/faults/*.py")):
        for node in walk(path.read_text("utf-8")):
            module = (isinstance(node, ast.ImportFrom) and node.module) or ""
            if not module.startswith("odoo.addons.account_dunning_fr."):
                continue
            seen += 1
            file = ROOT.joinpath(*module.split(".")[2:])
            file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
            known = defined(file.read_text("utf-8")) if file.exists() else set()
            missing += [
                f"{path.name}: {module}.{alias.name}"
                for alias in node.names
                if alias.name not in known
            ]
    assert seen
    assert not missing, missing
