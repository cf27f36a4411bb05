"""The rows that updating and base rates give `socsim verify`."""

from __future__ import annotations

import json

from simulator.decisions.updating_oracles import rows


def test_every_row_holds_and_can_be_written():
    found = [row.to_dict() for row in rows()]
    assert len(found) == 5
    assert all(row["passed"] for row in found), found
    assert json.loads(json.dumps(found))[0]["expected"] == 0.35
