"""Make the folder that goes to an intranet PC: ccm, every wheel it needs there, and what installs them.

    python scripts/bundle.py          Windows, Linux and macOS, every Python that ccm runs on
    python scripts/bundle.py --here   this computer and this Python only

Needs a package index, as pip is set up. The folder is `dist/ccm-VERSION-offline`:

    install.bat  install.sh  install.py   what a person runs, and what both of them run
    wheels/any  wheels/SYSTEM             the wheels, apart, so that a bank may take along one system alone
    requirements/SYSTEM-PYTHON.txt        exactly what is installed there: versions and digests, held by pip
    examples/ledger.xlsx                  to try it
    SHA256SUMS
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parents[1]
OFFLINE = Path(__file__).parent / "offline"
EXTRAS = "[lock]"
"""What goes along with ccm: passwords on exports and packs are every manager's need, a server or a cluster is not."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")

GLIBC = (
    *(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)),
    *(f"manylinux{n}_x86_64" for n in (2014, 2010, 1)),
)
"""What runs with the C library of 2018 (2.28), which the Linux desktops of Chinese banks have."""


@dataclass(frozen=True)
class System:
    """A system that wheels are fetched for: its name, the tags of its wheels, and how Python calls it there."""

    name: str
    tags: tuple[str, ...]
    markers: dict[str, str]


def _system(name: str, tags: tuple[str, ...], os_name: str, sys_platform: str, called: str, machine: str) -> System:
    markers = {"os_name": os_name, "sys_platform": sys_platform, "platform_system": called, "platform_machine": machine}
    return System(name, tags, markers)


SYSTEMS = (
    _system("windows-x86_64", ("win_amd64",), "nt", "win32", "Windows", "AMD64"),
    _system("linux-x86_64", GLIBC, "posix", "linux", "Linux", "x86_64"),
    _system("macos-arm64", ("macosx_13_0_arm64",), "posix", "darwin", "Darwin", "arm64"),
    _system("macos-x86_64", ("macosx_13_0_x86_64",), "posix", "darwin", "Darwin", "x86_64"),
)


@dataclass(frozen=True)
class Wheel:
    """A wheel on the disk: what it is called, and what it asks for."""

    path: Path
    name: str
    version: str
    asks: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def wheel(path: Path) -> Wheel:
    name, version, *_ = parse_wheel_filename(path.name)
    with zipfile.ZipFile(path) as package:
        inside = next(one for one in package.namelist() if one.endswith(".dist-info/METADATA"))
        facts = HeaderParser().parsestr(package.read(inside).decode())
    return Wheel(path, name, str(version), tuple(facts.get_all("Requires-Dist", ())))


def needed(wheels: dict[str, Wheel], markers: dict[str, str]) -> tuple[set[str], set[str]]:
    """Return the names that ccm needs on a system, and the requirements that no wheel answers.

    pip fetches for another system but judges `platform_system == "Windows"` by the one it runs on, so it misses what
    is needed there alone, and brings what is needed here alone.
    """
    names, missing, seen, todo = set(), set(), set(), [Requirement(f"ccm{EXTRAS}")]
    while todo:
        want = todo.pop()
        name = canonicalize_name(want.name)
        if (name, *want.extras) in seen:
            continue
        seen.add((name, *want.extras))
        if name not in wheels:
            want.marker = None
            missing.add(str(want))
            continue
        names.add(name)
        here = [{**markers, "extra": one} for one in ("", *want.extras)]
        asked = [Requirement(one) for one in wheels[name].asks]
        todo += [one for one in asked if not one.marker or any(map(one.marker.evaluate, here))]
    return names, missing


def fetch(ccm: Path, system: System, python: str, folder: Path) -> list[Wheel]:
    """Fetch into a folder what ccm needs on a system with a Python; raise CalledProcessError where a wheel misses."""
    markers = {
        **system.markers, "python_version": python, "python_full_version": f"{python}.0",
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
    }  # fmt: skip
    tags = [word for tag in system.tags for word in ("--platform", tag)]
    also: set[str] = set()
    while True:
        pip("download", "--only-binary", ":all:", *tags, "--implementation", "cp", "--python-version", python,
            "--dest", str(folder), f"{ccm}{EXTRAS}", *sorted(also))  # fmt: skip
        wheels = {one.name: one for one in map(wheel, folder.glob("*.whl"))}
        names, missing = needed(wheels, markers)
        if missing <= also:
            return [wheels[name] for name in sorted(names)]
        also |= missing


def pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *words], check=True)  # noqa: S603 - pip itself


def here() -> System:
    """Return the system this runs on."""
    machine = sysconfig.get_platform().replace("win-amd64", "windows-x86_64").replace("macosx", "macos").split("-")
    return next(one for one in SYSTEMS if one.name == f"{machine[0]}-{machine[-1]}")


def lay(ccm: Path, system: System, python: str, target: Path) -> int:
    """Put the wheels of one system and Python into the bundle, and the list of them; return their bytes."""
    with tempfile.TemporaryDirectory() as fetched:
        wheels = fetch(ccm, system, python, Path(fetched))
        for one in wheels:
            home = target / "wheels" / ("any" if one.path.name.endswith("-none-any.whl") else system.name)
            home.mkdir(parents=True, exist_ok=True)
            shutil.copy(one.path, home)
        lines = [f"{one.name}=={one.version} --hash=sha256:{one.digest}\n" for one in wheels]
        (target / "requirements").mkdir(exist_ok=True)
        (target / "requirements" / f"{system.name}-{python}.txt").write_text("".join(lines), "utf-8", newline="\n")
        return sum(one.path.stat().st_size for one in wheels)


def furnish(target: Path, version: str) -> None:
    """Add what a person reads and runs; Windows' files have its line ends, and none but the reading matter a BOM."""
    for path in sorted(OFFLINE.iterdir()):
        text = path.read_text("utf-8").replace("@VERSION@", version)
        windows = path.suffix in {".bat", ".txt"}
        made = target / path.name
        made.write_text(
            text, "utf-8-sig" if path.name == "README.txt" else "utf-8", newline="\r\n" if windows else "\n"
        )
        made.chmod(0o755 if path.suffix == ".sh" else 0o644)
    (target / "examples").mkdir()
    shutil.copy(ROOT / "examples" / "ledger.xlsx", target / "examples")


def seal(target: Path) -> None:
    """Write the digest of every file, as `sha256sum -c` reads it."""
    files = sorted(path for path in target.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(target).as_posix()}\n" for path in files
    ]
    (target / "SHA256SUMS").write_text("".join(lines), "utf-8", newline="\n")


def strays(target: Path) -> list[str]:
    """Return the wheels that no list asks for."""
    asked = "".join(path.read_text("utf-8") for path in (target / "requirements").iterdir())
    wheels = sorted((target / "wheels").rglob("*.whl"))
    return [path.name for path in wheels if hashlib.sha256(path.read_bytes()).hexdigest() not in asked]


def main() -> int:
    alone = "--here" in sys.argv[1:]
    pairs = [(one, python) for one in SYSTEMS for python in PYTHONS]
    if alone:
        pairs = [(here(), "{}.{}".format(*sys.version_info))]
    failed = []
    with tempfile.TemporaryDirectory() as work:
        pip("wheel", "--no-deps", "--wheel-dir", work, str(ROOT))
        ccm = wheel(next(Path(work).glob("ccm-*.whl")))
        target = ROOT / "dist" / f"ccm-{ccm.version}-offline"
        shutil.rmtree(target, ignore_errors=True)
        for system, python in pairs:
            try:
                size = lay(ccm.path, system, python, target)
            except subprocess.CalledProcessError:
                failed.append(f"{system.name} {python}")
            else:
                print(f"{system.name:15} Python {python:5} {size / 1e6:6.0f} MB")
    furnish(target, ccm.version)
    seal(target)
    for folder in sorted((target / "wheels").iterdir()):
        files = list(folder.iterdir())
        print(f"wheels/{folder.name:15} {len(files):3} wheels {sum(one.stat().st_size for one in files) / 1e6:6.0f} MB")
    print(target)
    for name in failed:
        print(f"no wheels for {name}: pip says above which", file=sys.stderr)
    for name in (left := strays(target)):
        print(f"nobody needs {name}", file=sys.stderr)
    return 1 if failed or left else 0


if __name__ == "__main__":
    sys.exit(main())
