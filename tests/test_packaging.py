"""What a stranger receives: dependencies, wheel, Makefile; and the laws of the house."""

import ast
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "simulator"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DATA = (".html", ".j2", ".css", ".js", ".json", ".toml", ".typed", ".svg")
LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pixi.lock", "package-lock.json")


def pins() -> dict[str, str]:
    """Constraints as name → version; a line that is anything but a plain pin is an error here."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    plain = [line for line in lines if line.strip() and not line.startswith("#")]
    odd = [line for line in plain if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!]+", line)]
    assert not odd, f"not plain name==version pins: {odd}"
    return {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in plain}


def requirements() -> list[Requirement]:
    """Everything that the project and its extras ask for, apart from the project itself."""
    extras = PROJECT["optional-dependencies"].values()
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in extra)]
    return [wish for wish in map(Requirement, texts) if wish.name != PROJECT["name"]]


def tracked_files() -> list[Path]:
    """Files under version control; in an unpacked archive, every file outside hidden folders."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode == 0 and listing.stdout:
        named = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        named = [p for p in ROOT.rglob("*") if not p.relative_to(ROOT).parts[0].startswith(".")]
    return [path for path in named if path.is_file()]


def python_files(room: Path) -> list[Path]:
    return sorted(room.rglob("*.py"))


def environment_without(*names: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in names}


# --- dependencies -------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", requirements(), ids=str)
def test_every_requirement_is_pinned_within_its_bounds(wish: Requirement) -> None:
    version = pins().get(canonicalize_name(wish.name))
    assert version is not None, f"{wish.name} is missing from constraints.txt"
    assert wish.specifier.contains(version), f"{wish.name}=={version} is outside {wish.specifier}"
    assert wish.specifier, f"{wish.name} has no lower bound in pyproject.toml"


def test_the_package_imports_only_what_it_declares() -> None:
    declared = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    allowed = declared | set(sys.stdlib_module_names) | {"simulator"}
    extra = {Requirement(text).name for text in PROJECT["optional-dependencies"]["cluster"]}
    foreign = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files(PACKAGE)
        for name in imported(path)
        if name.split(".")[0] not in allowed
        and canonicalize_name(name.split(".")[0]) not in declared
        and not (path.parent.name == "cluster" and name.split(".")[0] in extra)
    }
    assert not foreign, f"imported but not declared: {sorted(foreign)}"


def test_no_lock_file_and_no_download_address() -> None:
    address = re.compile(
        r"https?://\S+\.(?:whl|tar\.gz)\b|-{2}hash=|-{2}(?:extra-)?index-url|^-e git\+", re.M
    )
    found = []
    for path in tracked_files():
        if path.name in LOCKS or path.name.startswith("pylock"):
            found.append(f"{path.relative_to(ROOT)} is a lock file")
        elif address.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(f"{path.relative_to(ROOT)} holds a download address")
    assert not found, found


def test_no_machine_paths_in_tracked_files() -> None:
    path_of_somebody = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w")
    prose = [p for p in tracked_files() if ROOT / "results" not in p.parents]
    found = [
        str(path.relative_to(ROOT))
        for path in prose
        if path_of_somebody.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert not found, found


# --- one version --------------------------------------------------------------------------------


def test_the_version_is_the_same_everywhere() -> None:
    import simulator

    version = PROJECT["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert simulator.__version__ == version
    assert re.search(rf"^version: {re.escape(version)}$", citation, re.M)
    assert re.search(rf"^## {re.escape(version)}\b", changelog, re.M)


def test_every_release_leads_with_results_changed() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.split(r"^## ", changelog, flags=re.M)[1:]
    assert releases
    for release in releases:
        first = re.search(r"^### (.+)$", release, re.M)
        assert first, f"{release.splitlines()[0]}: says nothing"
        assert first[1] == "Results changed", release.splitlines()[0]


# --- the Makefile -------------------------------------------------------------------------------


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = set(re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split())
    listing = subprocess.run(
        ["make", "-s", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=environment_without("MAKEFLAGS", "MAKELEVEL", "MFLAGS"),
    ).stdout
    listed = dict(re.findall(r"^\s+make (\w+)\s+(\S.*)$", listing, re.M))
    assert set(listed) == declared
    assert {"help", "run", "test", "check", "bench", "docs", "clean"} <= declared


# --- the laws of the house ----------------------------------------------------------------------


def imported(path: Path) -> set[str]:
    """Absolute names of all modules a file imports, at its top or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module if node.level == 0 else f"simulator.{node.module or ''}")
    return names


def test_import_directions() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    checked = subprocess.run(
        [tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert re.search(r"Contracts: 3 kept, 0 broken", checked.stdout)


def test_kernels_see_numpy_numba_and_math_alone() -> None:
    allowed = ("numpy", "numba", "math", "simulator.kernels", "__future__", "typing")
    # How kernels are compiled, kept and called is machinery, as are instructions that are written
    # out for the compiler: it sees files and the compiler.
    machinery = {"compile.py", "borrow.py", "stages.py", "lookups.py", "choosing.py", "copies.py"}
    files = [path for path in python_files(PACKAGE / "kernels") if path.name not in machinery]
    assert not machinery - {path.name for path in python_files(PACKAGE / "kernels")}
    assert files
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in imported(path)
        if not any(name == root or name.startswith(f"{root}.") for root in allowed)
    }
    assert not found, sorted(found)


def test_only_the_command_line_prints() -> None:
    printing = []
    for path in python_files(PACKAGE):
        if PACKAGE / "cli" in path.parents:
            continue
        calls = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call))
        names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        if "print" in names:
            printing.append(str(path.relative_to(ROOT)))
    assert not printing, printing


# --- the wheel and the archive ------------------------------------------------------------------


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """Names of the files in the wheel, and in the source archive from which it is built."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,), (archive,) = out.glob("*.whl"), out.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        in_wheel = set(opened.namelist())
    with tarfile.open(archive) as packed:
        in_archive = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    return in_wheel, in_archive


def shipped_data() -> list[str]:
    """Every file of the package that is not Python: templates, styles, scripts, word lists."""
    files = (path for path in tracked_files() if PACKAGE in path.parents)
    return [path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".py"]


@pytest.mark.slow
def test_wheel_and_archive_hold_every_scenario(distributions: tuple[set[str], set[str]]) -> None:
    in_wheel, in_archive = distributions
    names = [path.name for path in (ROOT / "scenarios").glob("*.toml")]
    assert "norrkoping.toml" in names
    assert {f"simulator/_scenarios/{name}" for name in names} <= in_wheel
    assert {f"scenarios/{name}" for name in names} <= in_archive


@pytest.mark.slow
def test_wheel_and_archive_hold_the_whole_package(
    distributions: tuple[set[str], set[str]],
) -> None:
    code = {path.relative_to(ROOT).as_posix() for path in python_files(PACKAGE)}
    data = set(shipped_data())
    assert any(name.endswith(".html.j2") for name in data), "the report's template is nowhere"
    for held in distributions:
        assert code | data <= held, sorted((code | data) - held)


@pytest.mark.slow
def test_the_wheel_holds_nothing_else(distributions: tuple[set[str], set[str]]) -> None:
    in_wheel, _ = distributions
    top = {name.split("/")[0] for name in in_wheel}
    assert top == {"simulator", f"social_outcome_contracts-{PROJECT['version']}.dist-info"}
    odd = [
        n for n in in_wheel if n.startswith("simulator/") and not n.endswith((".py", ".md", *DATA))
    ]
    assert not odd, f"a kind of file that nobody expected: {odd}"
