"""Numbers as people type them, and the options every command shares."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from simulator.cli import main, options

SCENARIO_COMMANDS = ("run", "check", "show", "settle")


@pytest.mark.parametrize(
    ("text", "number"), [("100000", 100_000), ("100_000", 100_000), ("1e5", 100_000), ("2.0", 2)]
)
def test_whole_numbers_as_people_type_them(text, number):
    assert options.whole(1, 10**6)(None, None, text) == number


@pytest.mark.parametrize("text", ["0", "-3", "1.5", "many", "1000001", "nan", "inf", "1e999", ""])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(click.BadParameter):
        options.whole(1, 10**6)(None, None, text)


def test_no_number_stays_none():
    assert options.whole(1, 10**6)(None, None, None) is None


@pytest.mark.parametrize("name", SCENARIO_COMMANDS)
def test_commands_that_take_a_scenario_share_their_options(name):
    shared = {"--variant", "--set", "--json", "--lang"}
    found = {flag for option in main.commands[name].params for flag in option.opts}
    assert shared <= found


def test_run_has_the_promised_options_and_defaults():
    flags = {
        flag: option
        for option in main.commands["run"].params
        for flag in (*option.opts, *option.secondary_opts)
    }
    promised = {"--paths", "--seed", "--threads", "--keep", "--no-report", "--out", "--debug"}
    assert promised <= set(flags)
    with main.commands["run"].make_context("run", ["norrkoping"]) as ctx:
        assert ctx.params["paths"] == 100_000
        assert ctx.params["seed"] == 1
        assert ctx.params["threads"] is None
        assert ctx.params["keep"] == "summary"
        assert ctx.params["lang"] == "en"


def test_the_shell_completes_names_of_scenarios():
    words = {
        "_SOCSIM_COMPLETE": "bash_complete",
        "COMP_WORDS": "socsim run norr",
        "COMP_CWORD": "2",
    }
    outcome = CliRunner().invoke(main, [], prog_name="socsim", env=words)
    assert outcome.stdout.strip() == "plain,norrkoping"
