"""The contracts of a pipeline: one instance for each offer, with an address for its draws."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from simulator.fund.model import Fund

PATHS = 1 << 32
"""Paths of one instance: path p of instance i is engine path i·2³² + p."""


@dataclass(frozen=True)
class Instance:
    """One offered contract.

    `year` and `number` count from 0, within its kind. `address` is the high word of its paths
    and names its own draws of size, hurdle, belief and reservation: that of the first of the kind
    where luck is shared. `municipality` names the one it goes to.
    """

    kind: str
    year: int
    number: int
    municipality: str
    address: int

    @property
    def stream(self) -> str:
        """Head of the streams of its offer: `fund/offers.ADDRESS`."""
        return f"fund/offers.{self.address}"


def address_of(kind: str, year: int, number: int) -> int:
    """A number from 1 to 2³¹ − 1 by BLAKE2b of "kind/year/number", years and numbers from 1.

    It does not depend on what else is offered, so a longer pipeline leaves earlier draws alone.
    """
    digest = hashlib.blake2b(f"{kind}/{year + 1}/{number + 1}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") % ((1 << 31) - 1) + 1


def instances_of(fund: Fund) -> list[Instance]:
    """All offers: by year, then by kind in the order of the file, then by number.

    Two that have the same address (one pipeline in 4,000 of 1,000 contracts) are told apart: the
    later one takes the next free address.
    """
    made: list[Instance] = []
    taken: set[int] = set()
    counts = dict.fromkeys(fund.pipeline, 0)
    for year in range(max(len(kind.offered) for kind in fund.pipeline.values())):
        for name, kind in fund.pipeline.items():
            offered = kind.offered[year] if year < len(kind.offered) else 0
            for number in range(offered):
                shared = kind.luck == "shared"
                address = address_of(name, 0, 0) if shared else address_of(name, year, number)
                while address in taken and not shared:
                    address = address % ((1 << 31) - 1) + 1
                taken.add(address)
                place = counts[name]
                if kind.municipalities is not None:
                    place %= kind.municipalities
                made.append(Instance(name, year, number, f"{name}/{place + 1}", address))
                counts[name] += 1
    return made
