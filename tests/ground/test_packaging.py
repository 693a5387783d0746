"""The files around the code say the same as the code."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from compose_spec import PyOptions

from models.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PARTS = {"migrate", "web", "relay", "worker"}


def settings_example() -> dict[str, tuple[str, str]]:
    """Name -> default, meaning."""
    text = (ROOT / ".env.example").read_text()
    entries = re.findall(r"^# (.+)\n(\w+)=(.*)$", text, re.MULTILINE)
    return {name: (default, meaning) for meaning, name, default in entries}


WORKERS = ("worker-email", "worker", "worker-webhook")


def test_it_works() -> None:
    compose = PyOptions(apply_merge=True).from_yaml((ROOT / "compose.yaml").read_text())
    names = set(compose.service_names())
    assert names == {"postgres", "redis", "mailpit", "release", "web", "relay", *WORKERS}


def test_it_lets_every_container_end_in_peace_and_begin_in_order() -> None:
    services = (
        PyOptions(apply_merge=True).from_yaml((ROOT / "compose.yaml").read_text()).to_dict()["services"]
    )
    for name in ("release", "web", "relay", *WORKERS):
        assert services[name]["stop_grace_period"] == "30s"
        assert services[name]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "relay", *WORKERS):
        assert services[name]["depends_on"]["release"]["condition"] == "service_completed_successfully"
    for name in ("postgres", "redis", "mailpit", "web"):
        assert services[name]["healthcheck"]["test"]


def test_it_names_the_same_parts_everywhere() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert {line.split()[2] for line in lines} == PARTS
    services = (
        PyOptions(apply_merge=True).from_yaml((ROOT / "compose.yaml").read_text()).to_dict()["services"]
    )
    ours = [service for service in services.values() if service.get("image") == "lead-intake"]
    assert {service["command"][0] for service in ours} == PARTS


def test_it_documents_every_setting_with_its_default() -> None:
    example = settings_example()
    expected = {
        name.upper(): ("" if field.default is None else str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    }
    assert example == expected


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_it_explains_its_make_targets() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("help", "install", "run", "test", "lint", "bench", "clean"):
        assert re.search(rf"^  {target} +\w", told, re.MULTILINE), target


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_it_says_which_python_it_needs(tmp_path: Path) -> None:
    for name in ("make", "sh"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    told = subprocess.run(
        [tmp_path / "make", "install"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode != 0
    assert "Python 3.11 or later" in told.stderr


def test_it_ships_no_secret() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert ignored[ignored.index("*") :][0] == "*"
    assert "!.env" not in ignored
    assert re.search(r"^USER (?!root)\w+", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
