"""The engine's generator against the vectors published with Random123, and against plain integers.

https://github.com/DEShawResearch/random123/blob/main/tests/kat_vectors
"""

from __future__ import annotations

import numpy as np
import pytest

from simulator.kernels.compile import LANES
from simulator.kernels.people import YEAR_BEFORE, person_words, year_words
from simulator.kernels.philox import fill_uniforms_53, fill_words, philox4x32
from simulator.kernels.tables import uniform
from simulator.plan.streams import stream_key, stream_keys
from tests.reference import philox as plain

ONES = 0xFFFFFFFF
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), VECTORS)
def test_known_answers(counter, key, words):
    assert philox4x32(*map(np.uint32, (*counter, *key))) == words


def test_the_first_published_vector_comes_out_of_a_filled_block():
    block = np.zeros((4, LANES), dtype=np.uint32)
    fill_words(np.zeros(2, dtype=np.uint32), 0, 0, block)
    assert tuple(block[:, 0]) == VECTORS[0][2]


def test_against_plain_integers_at_random_addresses():
    rng = np.random.default_rng(20261121)
    for _ in range(200):
        counter = tuple(int(c) for c in rng.integers(0, 2**32, 4))
        key = tuple(int(k) for k in rng.integers(0, 2**32, 2))
        found = philox4x32(*map(np.uint32, (*counter, *key)))
        assert found == plain.philox4x32(counter, key)


@pytest.mark.parametrize("path", [0, 1, 4096, 2**32 - 64, 2**32, 10**12])
@pytest.mark.parametrize("block", [0, 1, 16 * 1_000_000])
def test_filled_words_have_the_address_of_the_model(path, block):
    """64 lanes before and 64 after 2³², where the path's second counter word begins to count."""
    seed, stream = 7, "cohorts.older/metrics.school/year"
    key = np.array(stream_key(seed, stream), dtype=np.uint32)
    out = np.zeros((4, LANES), dtype=np.uint32)
    fill_words(key, block, path, out)
    for lane in (0, 1, 63, 64, LANES - 1):
        assert tuple(out[:, lane]) == plain.block(seed, stream, block, path + lane)


def test_filled_parameter_uniforms_have_the_address_of_the_model():
    seed, stream = 3, "metrics.school.effect.difference"
    key = np.array(stream_key(seed, stream), dtype=np.uint32)
    out = np.zeros(LANES)
    fill_uniforms_53(key, 2**32 - 64, out)
    expected = [plain.parameter_uniform(seed, stream, 2**32 - 64 + lane) for lane in range(LANES)]
    assert out.tolist() == expected


def test_stream_keys_follow_the_names():
    names = ["metrics.school.baseline", "cohorts.a/drop_out", ""]
    found = stream_keys(9, names).tolist()
    assert found[:2] == [list(plain.stream_key(9, name)) for name in names[:2]]
    assert found[2] == [0, 0]


def test_a_persons_words_are_those_of_the_persons_index():
    seed, stream = 5, "cohorts.a/drop_out"
    key = np.array(stream_key(seed, stream), dtype=np.uint32)
    block = np.zeros((4, LANES), dtype=np.uint32)
    for person in range(9):
        words = person_words(key, person, 256, block)
        expected = [plain.uniform(seed, stream, person, 256 + lane) for lane in (0, 77)]
        assert [uniform(words[lane]) for lane in (0, 77)] == expected


def test_a_years_words_are_those_of_person_and_year():
    seed, stream = 5, "cohorts.a/metrics.cost/year"
    key = np.array(stream_key(seed, stream), dtype=np.uint32)
    block = np.zeros((4, LANES), dtype=np.uint32)
    for person in (0, 1, 30):
        for year in (*range(7), YEAR_BEFORE):
            words = year_words(key, person, year, 0, block)
            assert uniform(words[5]) == plain.uniform(seed, stream, 64 * person + year, 5)


def test_uniforms_lie_inside_the_open_interval():
    assert uniform(np.uint32(0)) == 0.5 / 2**32
    assert uniform(np.uint32(ONES)) == (ONES + 0.5) / 2**32 < 1


def test_neighbouring_addresses_share_no_word():
    """Words of different lanes, blocks and streams: n of them hold n²/2³³ equal pairs by chance.

    That is 0.28 for 256 lanes; nine or more come less than once in 10¹⁰ (Poisson).
    """
    words = []
    for stream in ("a", "b", "a/b"):
        key = np.array(stream_key(1, stream), dtype=np.uint32)
        for block in range(16):
            out = np.zeros((4, LANES), dtype=np.uint32)
            fill_words(key, block, 0, out)
            words.append(out.ravel())
    found = np.concatenate(words)
    assert len(found) == 3 * 16 * 4 * LANES <= 50_000
    assert len(np.unique(found)) > len(found) - 9
