"""The folder of what the sinks caught, which the inbox page reads."""

import os
import secrets
import time
from pathlib import Path


def keep(folder: Path, content: bytes, ending: str) -> str:
    """Write one message whole or not at all, for our eyes only; names sort by time."""
    name = f"{time.time_ns():020d}-{secrets.token_hex(6)}{ending}"
    unfinished = folder / f".{name}.tmp"
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        unfinished.rename(folder / name)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    return name


def opened(folder: Path) -> Path:
    """The folder, made when it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
