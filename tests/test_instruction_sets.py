"""The same bits with AVX-512, AVX2, SSE4.2 and SSE2: compiled four times, so only when asked.

`make bits` asks. What was found is written to results/bits.json, equal or not.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.instruction_sets import SETS

PLACE = Path(__file__).parents[1] / "results" / "bits.json"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("SOCSIM_INSTRUCTION_SETS"),
        reason="compiles everything four times; asked for with SOCSIM_INSTRUCTION_SETS=1",
    ),
    pytest.mark.skipif(
        platform.machine() not in ("x86_64", "AMD64"), reason="instruction sets of x86"
    ),
]


def test_plans_paths_and_summaries_have_the_same_bits_on_lesser_processors(tmp_path):
    found = {}
    for name, said in SETS.items():
        ran = subprocess.run(
            [sys.executable, "-m", "tests.instruction_sets"],
            env={**os.environ, **said, "SOCSIM_CACHE_DIR": str(tmp_path / name)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found[name] = json.loads(ran.stdout)
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    assert len({made["processor"] for made in found.values()}) >= 3, "the sets are not told apart"
    for name, made in found.items():
        assert made["digests"] == found["as it is"]["digests"], name
