"""The fund's rows of `socsim verify`."""

from __future__ import annotations

from simulator.fund import oracles


def test_every_row_passes():
    rows = list(oracles.rows())
    assert len(rows) == 20
    failed = [(row.name, row.expected, row.computed) for row in rows if not row.passed]
    assert not failed


def test_claims_and_volumes_are_those_published():
    # 300 / 0.30, 0.10, 0.50 and 0.30 with 40 % certain; 300 / 0.5 without
    expected = [row.expected for row in oracles.rows()]
    assert expected[:5] == [2.25, 1000.0, 1000.0, 600.0, 600.0]
    assert expected[5:10] == [0.75, 3000.0, 3000.0, 600.0, 600.0]
    assert expected[10:15] == [3.75, 600.0, 600.0, 600.0, 600.0]
    assert expected[15:] == [2.25, 1000.0, 1000.0, 600.0, 600.0]
