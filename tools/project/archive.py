"""Archives and dates that are the same wherever they are made: from the commit, not from the moment."""

import hashlib
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from tools.project import identity, state

EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier day


def git(project: Path, *asked: str) -> str:
    """What git says of a project; blank where there is no history."""
    try:
        command = ["git", "-C", str(project), *asked]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def moment(project: Path) -> datetime:
    """When the last commit was made; the day of the release where there is no history."""
    if said := git(project, "log", "-1", "--format=%ct"):
        return datetime.fromtimestamp(int(said), UTC)
    day = identity.citation(project)["date-released"]
    return datetime.fromisoformat(str(day)).replace(tzinfo=UTC)


def pack(
    target: Path, files: dict[str, bytes], folder: str = "", first: str = "", programs: tuple[str, ...] = ()
) -> Path:
    """Write a zip: names sorted, one fixed time, one fixed mode.

    Parameters
    ----------
    target : Path
    files : dict
        Bytes by their names in the zip.
    folder : str
        The folder that holds them all, if any.
    first : str
        A file that stands first and is not packed tighter, as an EPUB asks of its `mimetype`.
    programs : tuple of str
        Names of files that can be run.
    """
    part = target.with_name(target.name + ".part")
    with zipfile.ZipFile(part, "w") as file:
        for name in sorted(files, key=lambda one: (one != first, one)):
            entry = zipfile.ZipInfo(f"{folder}/{name}" if folder else name, EARLIEST)
            entry.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, (0o755 if name in programs else 0o644) << 16
            file.writestr(entry, files[name], compresslevel=9)
    part.replace(target)
    return target


def below(start: Path, root: Path | None = None, prefix: str = "") -> dict[str, bytes]:
    """Every file below a folder, or the one file, by its name in an archive: as it stands below `root`."""
    root = root or start
    return {f"{prefix}{path.relative_to(root).as_posix()}": path.read_bytes() for path in state.files(start)}


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
