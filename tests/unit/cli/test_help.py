"""Help answers at once, starts with lines that run, and explains every option."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from simulator.cli import main

try:
    import resource
except ImportError:  # Windows
    resource = None

HEAVY = ("numpy", "numba", "pandas", "scipy", "plotly", "pydantic", "rich", "pyarrow", "jinja2")
COMMANDS = (
    "run",
    "check",
    "show",
    "settle",
    "compare",
    "base-rates",
    "diff",
    "update",
    "sensitivity",
    "solve",
    "sweep",
    "information",
    "rare",
    "fund",
    "report",
    "scenarios",
    "init",
    "schema",
    "verify",
)


def imported_by(*args):
    """Modules that a process has imported when the command line ends."""
    code = (
        "import atexit, sys;"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
        f"sys.argv = ['socsim', *{list(args)!r}];"
        "from simulator.cli import main; main(prog_name='socsim')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout, {name.split(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize("args", [(), ("--help",), ("run", "--help"), ("--version",)])
def test_help_imports_nothing_heavy(args):
    shown, modules = imported_by(*args)
    assert shown
    assert "click" in modules
    assert modules.isdisjoint(HEAVY)


@pytest.mark.serial
@pytest.mark.skipif(resource is None, reason="the system does not tell a child's own time")
def test_help_answers_within_a_tenth_of_a_second():
    """The quickest of 15 tries, in the program's own time.

    Where the machine is so busy that Python alone computes for longer than 1/80 of a second, the
    program gets eight times as long as Python alone, tried in turn with it.
    """

    def computing():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def seconds(*args):
        before = computing()
        subprocess.run([sys.executable, *args], capture_output=True, check=True)
        return computing() - before

    tries = [(seconds("-m", "simulator", "--help"), seconds("-c", "pass")) for _ in range(15)]
    ours, python = map(min, zip(*tries, strict=True))
    assert ours < max(0.1, 8 * python)


def test_the_first_three_lines_can_be_run():
    outcome = CliRunner().invoke(main, ["--help"])
    lines = outcome.stdout.splitlines()[:3]
    for line in lines:
        program, command, *_ = line.split()
        assert program == "socsim"
        assert command in COMMANDS


def test_no_arguments_show_the_same_help():
    alone, asked = (CliRunner().invoke(main, args, prog_name="socsim") for args in ([], ["--help"]))
    assert alone.exit_code == asked.exit_code == 0
    assert alone.stdout == asked.stdout


def test_all_commands_are_there_in_the_order_of_use():
    assert tuple(main.list_commands(click.Context(main)))[: len(COMMANDS)] == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself_in_a_screenful(name):
    outcome = CliRunner().invoke(main, [name, "--help"], terminal_width=100)
    assert outcome.exit_code == 0
    lines = outcome.stdout.splitlines()
    assert len(lines) <= 50
    assert lines[0].strip().startswith(f"socsim {name}")
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_in_help_parse(name):
    """Each example is accepted by its command's own parser; nothing is run."""
    command = main.commands[name]
    for example in command.examples:
        words = example.split(" > ")[0].split()[2:]
        present = [word for word in words if word != "results.toml"]
        with command.make_context(name, present) as ctx:
            assert ctx.params is not None


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_meaning_and_a_default(name):
    for option in main.commands[name].params:
        if not isinstance(option, click.Option) or option.name in ("help", "debug"):
            continue
        context = click.Context(main.commands[name])
        record = option.get_help_record(context)
        assert record is not None, option.name
        assert "[default: " in record[1], option.name
