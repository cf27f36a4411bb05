"""A house with cardboard rooms: what commands call, without the engine behind it."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

import simulator
import simulator.cli
import simulator.laid  # loaded with the real rooms, before any is exchanged
import simulator.scenario.find
import simulator.views
from simulator.cli import helper
from simulator.errors import UnknownScenarioError

SUMMARY = {"schema_version": 1, "scenario": {"name": "tiny"}, "investor": {"median_irr": None}}


@dataclass
class House:
    """Records what the commands asked for; tests change what the rooms answer."""

    asked: dict = field(default_factory=dict)
    realised: object = None
    cache: Path = Path()
    settlement: dict = field(default_factory=lambda: {"settlement": {"repaid": 3e6}})
    order: list = field(default_factory=list)

    def resolve_name(self, name):
        if name == "nowhere":
            raise UnknownScenarioError("no scenario nowhere")
        return Path(f"{name}.toml")

    def load_scenario(self, name, *, variants=(), overrides=()):
        self.resolve_name(name)
        self.order.append("load")
        self.asked["load"] = (name, tuple(variants), tuple(overrides))
        return SimpleNamespace(name=name, variant=tuple(variants), realised=self.realised)

    def checkpoints(self, scenario, out, **asked):
        self.asked["checkpoints"] = asked

    def work_folder(self, scenario, out, **asked):
        self.asked["work_folder"] = asked
        return out / "work"

    def simulate(
        self, scenario, *, paths, seed, threads, keep, progress, checkpoints, cluster, sampler, work
    ):
        self.order.append("simulate")
        self.asked["sampler"], self.asked["work"] = sampler, work
        self.asked["simulate"] = {"paths": paths, "seed": seed, "threads": threads, "keep": keep}
        progress(paths, paths)
        return SimpleNamespace(summary=lambda: SUMMARY, convergence=None)

    def save_run(self, results, root, *, report, lang, council_lang):
        self.order.append("save")
        languages = (lang, council_lang)
        self.asked["save"] = {"root": root, "report": report, "languages": languages}
        return Path(root) / "tiny" / "abc-1-10"

    def settle(self, scenario, results=None):
        self.asked["settle"] = results
        return SimpleNamespace(to_dict=lambda: self.settlement)


def _module(name, **names):
    made = ModuleType(name)
    vars(made).update(names)
    return made


@pytest.fixture
def house(monkeypatch, tmp_path_factory):
    """The commands' view of api, store, kernels and terminal tables, recorded."""
    made = House(cache=tmp_path_factory.mktemp("kernels"))
    for kernel in ("simulate_block", "settle_given", "reduce_rows"):
        (made.cache / kernel).touch()
    rooms = {
        "simulator.api": _module(
            "simulator.api",
            load_scenario=made.load_scenario,
            simulate=made.simulate,
            settle=made.settle,
            read_results=lambda path: {"read": str(path)},
        ),
        "simulator.store": _module("simulator.store", save_run=made.save_run),
        "simulator.cli.stored": _module(
            "simulator.cli.stored",
            checkpoints=made.checkpoints,
            rescued=lambda *_: nullcontext(),
            work_folder=made.work_folder,
            emptied=lambda *_: nullcontext(),
            forget=lambda going, folder: made.order.append("forget"),
        ),
        "simulator.kernels.compile": _module(
            "simulator.kernels.compile",
            is_compiled=lambda kernel: (made.cache / getattr(kernel, "__name__", kernel)).exists(),
            is_being_compiled=lambda: False,
        ),
        "simulator.kernels.loop": _module(
            "simulator.kernels.loop",
            _simulate_block="simulate_block",
            _settle_given="settle_given",
        ),
        "simulator.views.terminal": _module(
            "simulator.views.terminal",
            summary_lines=lambda summary, lang: [f"headline ({lang})"],
            settlement_lines=lambda settlement, lang: [f"statement ({lang})"],
        ),
    }
    for name, room in rooms.items():
        monkeypatch.setitem(sys.modules, name, room)
    monkeypatch.setattr(helper, "start_helper", lambda: made.order.append("helper"))
    monkeypatch.setattr(simulator.scenario.find, "resolve_name", made.resolve_name)
    monkeypatch.setattr(simulator, "api", rooms["simulator.api"], raising=False)
    monkeypatch.setattr(simulator, "store", rooms["simulator.store"], raising=False)
    monkeypatch.setattr(simulator.cli, "stored", rooms["simulator.cli.stored"], raising=False)
    monkeypatch.setattr(
        simulator.views, "terminal", rooms["simulator.views.terminal"], raising=False
    )
    return made
