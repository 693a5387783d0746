"""Makes .venv from a lock file, with the standard library alone: `python3 bootstrap.py run` or `dev`."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": HERE / "requirements.lock", "dev": HERE / "requirements-dev.lock"}
NO_PIP = "Python has neither venv with pip nor pip itself: on Debian run `apt install python3-venv`."


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    # The dev lock holds all of the run lock, so a .venv made for tests serves both.
    if not _works(PYTHON, "pass") or not any(_done(each) for each in {kind, "dev"}):
        sys.stdout.write(f"Installing into {VENV.name} from {LOCKS[kind].name}, once ...\n")
        sys.stdout.flush()
        _install(kind)


def _install(kind: str) -> None:
    for stamp in VENV.glob("*.stamp"):
        stamp.unlink()
    uv = shutil.which("uv")
    installer = _with_uv(uv) if uv else _with_pip()
    _run(*installer, "--require-hashes", "-r", str(LOCKS[kind]))
    # Hatchling comes out of the lock, so that nothing is fetched unpinned.
    _run(*installer, "--no-deps", "--no-build-isolation", "-e", str(HERE))
    _stamp(kind).write_text(_wanted(kind))


def _with_uv(uv: str) -> list[str]:
    if not _works(PYTHON, "pass"):
        _run(uv, "venv", "-q", "--clear", "--python", sys.executable, str(VENV))
    return [uv, "pip", "install", "-q", "--python", str(PYTHON)]


def _with_pip() -> list[str]:
    quiet = ["--disable-pip-version-check", "--no-input", "-qq"]
    if not _works(PYTHON, "import pip") and not _make_venv():
        # Debian without python3-venv: the pip outside works on the environment inside.
        if not _works(Path(sys.executable), "import pip"):
            sys.exit(NO_PIP)
        return [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", *quiet]
    return [str(PYTHON), "-m", "pip", "install", *quiet]


def _make_venv() -> bool:
    """Make the environment; whether it has a pip of its own."""
    fresh = [] if _works(PYTHON, "pass") else ["--clear"]
    command = [sys.executable, "-m", "venv", *fresh, str(VENV)]
    if _works(Path(sys.executable), "import ensurepip, venv"):
        _run(*command)
        return True
    _run(*command, "--without-pip")
    return False


def _works(python: Path, code: str) -> bool:
    """Whether that interpreter exists, is new enough and can run the code."""
    check = f"import sys; assert sys.version_info >= (3, 11); {code}"
    try:
        asked = subprocess.run([python, "-c", check], capture_output=True, check=False)  # noqa: S603
    except OSError:
        return False
    return asked.returncode == 0


def _done(kind: str) -> bool:
    return _stamp(kind).exists() and _stamp(kind).read_text() == _wanted(kind)


def _stamp(kind: str) -> Path:
    return VENV / f"{kind}.stamp"


def _wanted(kind: str) -> str:
    """What the stamp says when nothing has changed: lock, project file and place."""
    content = b"".join(path.read_bytes() for path in (LOCKS[kind], HERE / "pyproject.toml"))
    return hashlib.sha256(content + bytes(HERE)).hexdigest()


def _run(*command: str) -> None:
    # Any pip settings of the user for versions would fight the lock; a place to fetch from stays.
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "PIP_REQUIRE_VIRTUALENV": "0"}
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603 - no shell reads it
    if done.returncode:
        sys.exit(f"Set-up failed at: {' '.join(command)}")


if __name__ == "__main__":
    main()
