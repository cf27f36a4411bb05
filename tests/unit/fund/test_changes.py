"""What a design changes in a kind of contract, and kinds with a reservation of their own."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.fund.funds import figures, fund, guarantee

PRICE = "payments.pay.terms.2.price"
CHANGED = {"coins": {"set": {PRICE: 1.4}}}


def same(one, other):
    """Whether two designs have the same figures, bit for bit."""
    assert one.columns.keys() == other.columns.keys()
    return all(
        np.array_equal(one.columns[name], other.columns[name], equal_nan=True)
        for name in one.columns
    )


def test_a_guarantee_on_changed_contracts_is_the_guarantee_on_contracts_offered_so():
    changed = figures(fund((2,), {"half": guarantee(changes=CHANGED)}))["half"]
    offered = figures(fund((2,), set={PRICE: 1.4}))["half"]
    # what is compared with is another contract, so only what happens under the design is the same
    for name in ("contracts", "drawn", "pv.investor", "pv.municipality", "claims_present"):
        assert np.array_equal(changed.columns[name], offered.columns[name])
    plain = figures(fund((2,)))["half"]
    assert not np.array_equal(changed.columns["pv.investor"], plain.columns["pv.investor"])


def test_a_change_of_nothing_changes_nothing():
    as_is = {"coins": {"set": {PRICE: 1.25}}}  # what the coin contract has anyway
    both = fund((3,), {"half": guarantee(), "same": guarantee(changes=as_is)})
    found = figures(both)
    assert same(found["half"], found["same"])


@pytest.mark.parametrize(
    ("reservation", "happens"),
    [(1e9, 0.0), (-1e9, 1.0)],  # asks for more than there is; asks for nothing
)
def test_a_kind_with_a_reservation_of_its_own_is_not_asked_for_the_common_one(reservation, happens):
    common = {"municipality": {"reservation": -reservation}}
    words = fund((1,), behaviour=common, reservation=reservation)
    assert np.all(figures(words)["half"].columns["contracts"] == happens)
    without_own = fund((1,), behaviour=common)
    assert np.all(figures(without_own)["half"].columns["contracts"] == 1.0 - happens)


def test_a_reservation_of_its_own_that_is_the_common_one_changes_nothing():
    law = {"normal": {"mean": 0.0, "sd": 30.0}}
    common = fund((3,), behaviour={"municipality": {"reservation": law}})
    own = fund((3,), reservation=law)
    for name in ("nothing", "half"):
        assert same(figures(common)[name], figures(own)[name])


def test_method_support_takes_its_relief_off_what_municipalities_ask():
    """A share of 0 pays nothing, so that only the relief differs: reservation N(0, 30) less 20."""
    law = {"normal": {"mean": 0.0, "sd": 30.0}}
    words = {"kind": "outcomes funding", "title": "o", "capital": 1.0, "share": 0.0}
    designs = {"plain": words, "relieved": words | {"relief": 20.0}}
    found = figures(fund((3,), designs, behaviour={"municipality": {"reservation": law}}))
    shifted = {"normal": {"mean": -20.0, "sd": 30.0}}
    other = figures(fund((3,), designs, behaviour={"municipality": {"reservation": shifted}}))
    happening = [found[name].columns["contracts"] for name in ("plain", "nothing")]
    assert np.array_equal(*happening)
    relieved, expected = (f.columns["contracts"] for f in (found["relieved"], other["plain"]))
    assert np.array_equal(relieved, expected)
    assert relieved.sum() > found["plain"].columns["contracts"].sum()
