"""Compiled code is known to be on disk where it is, and only there."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location

from simulator.kernels import compile as compiling

SOURCE = """
from simulator.kernels.compile import entry


@entry
def twice(number: float) -> float:
    return 2.0 * number
"""


def checkout(folder, source=SOURCE):
    """The kernel of a module in this folder."""
    folder.mkdir()
    (folder / "sample.py").write_text(source, encoding="utf-8")
    spec = spec_from_file_location("sample", folder / "sample.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.twice


def test_it_is_known_once_it_is_compiled_and_to_a_second_checkout_of_the_same_sources_too(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(compiling, "CACHE_FOLDER", tmp_path / "cache")
    first, second = checkout(tmp_path / "first"), checkout(tmp_path / "second")
    assert not compiling.is_compiled(first)
    assert first(2.0) == 4.0
    assert compiling.is_compiled(first) and compiling.is_compiled(second)
    edited = checkout(tmp_path / "third", SOURCE.replace("2.0 *", "3.0 *"))
    assert edited(2.0) == 6.0


def test_it_is_known_in_the_next_process_too(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "CACHE_FOLDER", tmp_path / "cache")
    checkout(tmp_path / "first")(2.0)
    again = spec_from_file_location("sample", tmp_path / "first" / "sample.py")
    module = module_from_spec(again)
    again.loader.exec_module(module)
    assert compiling.is_compiled(module.twice)
