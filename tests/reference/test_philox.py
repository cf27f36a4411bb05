"""The twin's generator against the vectors published with Random123.

https://github.com/DEShawResearch/random123/blob/main/tests/kat_vectors
"""

import hashlib

import pytest

from tests.reference.philox import parameter_uniform, philox4x32, stream_key, uniform

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_known_answers(counter, key, words):
    assert philox4x32(counter, key) == words


def test_a_stream_is_keyed_by_its_name():
    digest = hashlib.blake2b(b"7/metrics.school.baseline", digest_size=8).digest()
    low, high = stream_key(7, "metrics.school.baseline")
    assert low + (high << 32) == int.from_bytes(digest, "little")


def test_uniforms_read_the_words_of_their_block():
    key = stream_key(7, "cohorts.a/drop_out")
    path = 2**32 + 5
    words = philox4x32((2, 0, 5, 1), key)
    assert [uniform(7, "cohorts.a/drop_out", 8 + j, path) for j in range(4)] == [
        (word + 0.5) / 2**32 for word in words
    ]
    first, second, _, _ = philox4x32((0, 0, 5, 1), key)
    expected = ((first >> 5) * 2**26 + (second >> 6) + 0.5) / 2**53
    assert parameter_uniform(7, "cohorts.a/drop_out", path) == expected
