"""Plotly's script, packed for one page: gzip and base64, the same bytes every time.

The full bundle is needed (the basic one silently draws some charts as others), and packed it takes
2 MB of the page where it would take 4.8.
"""

from __future__ import annotations

import base64
import gzip
from functools import cache
from pathlib import Path

from markupsafe import Markup


@cache
def packed_plotly() -> Markup:
    """The bundle as base64 text; the page inflates it with DecompressionStream."""
    from plotly.offline import get_plotlyjs

    packed = gzip.compress(get_plotlyjs().encode("utf-8"), compresslevel=9, mtime=0)
    return Markup(base64.b64encode(packed).decode("ascii"))  # base64 has no markup


def write_plotly(folder: Path) -> str:
    """The bundle as a file of its own for pages that share it; returns the file's name."""
    from plotly.offline import get_plotlyjs, get_plotlyjs_version

    name = f"plotly-{get_plotlyjs_version()}.js"
    (folder / name).write_text(get_plotlyjs(), encoding="utf-8", newline="\n")
    return name
