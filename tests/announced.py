"""What a file of bad input announces in its first line: the problems that it has."""

import re

EXPECTED = re.compile(r"(\d+):(\d+) (.+?) \| (.+)")


def expectations(file):
    """Place, key and part of the text of each problem that the file announces."""
    first = file.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# expects: "), file
    found = [EXPECTED.fullmatch(item) for item in first[len("# expects: ") :].split(" ;; ")]
    assert all(found), file
    return [(int(m[1]), int(m[2]), m[3], m[4]) for m in found]
