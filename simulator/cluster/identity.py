"""Which program a process runs: what must be the same on a worker for its bits to be ours."""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata
from pathlib import Path

from simulator import __version__

Identity = dict[str, str]
LIBRARIES = ("numpy", "numba", "scipy")
"""Those that compute; another version of one of them may round otherwise."""


def _sources_hash(folder: Path) -> str:
    """A hash over the name and text of every source of the package, in 16 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(folder.rglob("*.py")):
        digest.update(source.relative_to(folder).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


IDENTITY: Identity = {
    "socsim": __version__,
    "socsim's sources": _sources_hash(Path(__file__).parents[1]),
    "processor": platform.machine(),
    "Python": ".".join(platform.python_version_tuple()[:2]),
    **{name: metadata.version(name) for name in LIBRARIES},
}
"""Of this process, as it was when it began: an edit on disk does not change what is loaded."""


def unlike(expected: Identity, found: Identity) -> str:
    """What differs, as "numpy 2.3.0 instead of 2.4.6"; empty for nothing."""
    return ", ".join(
        f"{name} {found.get(name, 'unknown')} instead of {wanted}"
        for name, wanted in expected.items()
        if found.get(name) != wanted
    )
