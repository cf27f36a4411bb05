"""Finding a browser that prints, and what is said where there is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from simulator.errors import ResultError
from simulator.views import pdf

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


def program(place: Path, script: str = "exit 0") -> Path:
    """A program that stands in for a browser."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)
    return place


def bare(tmp_path, **more):
    """An environment without any browser."""
    return {"PATH": str(tmp_path / "empty"), "HOME": str(tmp_path / "home"), **more}


def test_names_on_the_path_come_first_in_their_order(tmp_path):
    edge = program(tmp_path / "a" / "microsoft-edge")
    chrome = program(tmp_path / "b" / "google-chrome")
    (tmp_path / "b" / "chromium").write_text("not a program")
    place = os.pathsep.join((str(tmp_path / "a"), str(tmp_path / "b")))
    assert list(pdf.browsers(bare(tmp_path, PATH=place))) == [chrome, edge]


def test_the_usual_places_of_macos_and_windows(tmp_path):
    home, files = tmp_path / "home", tmp_path / "Program Files (x86)"
    mac = program(home / "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge")
    windows = program(files / "Microsoft" / "Edge" / "Application" / "msedge.exe")
    found = list(pdf.browsers(bare(tmp_path, **{"PROGRAMFILES(X86)": str(files)})))
    assert found == [mac, windows]


def test_the_variable_decides_alone(tmp_path):
    chosen = program(tmp_path / "mine")
    program(tmp_path / "path" / "chromium")
    environment = bare(tmp_path, PATH=str(tmp_path / "path"), SOCSIM_BROWSER=str(chosen))
    assert list(pdf.browsers(environment)) == [chosen]
    with pytest.raises(ResultError, match="SOCSIM_BROWSER is /nowhere, which is not a program"):
        list(pdf.browsers({"SOCSIM_BROWSER": "/nowhere"}))


def test_without_a_browser_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    for name, value in bare(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SOCSIM_BROWSER", raising=False)
    with pytest.raises(ResultError) as caught:
        pdf.write_pdf(tmp_path / "report.pdf", "<p>")
    said = str(caught.value)
    for word in ("Chromium", "Google Chrome", "Microsoft Edge", "install", "SOCSIM_BROWSER"):
        assert word in said
    assert "\n" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo no usable sandbox >&2; exit 7", r"failed with code 7 \(no usable sandbox\)"),
        ("exit 0", "did not draw the charts"),
        ("echo '<html data-charts=\"drawn\">'", "printed nothing"),
    ],
)
def test_a_browser_that_does_not_do_its_work_is_named(tmp_path, monkeypatch, script, said):
    browser = program(tmp_path / "browser", script)
    monkeypatch.setenv("SOCSIM_BROWSER", str(browser))
    with pytest.raises(ResultError, match=f"^{browser} {said}"):
        pdf.write_pdf(tmp_path / "report.pdf", "<p><script></script>")
    assert list(tmp_path.iterdir()) == [browser]


def test_a_placeholder_is_passed_over(tmp_path, monkeypatch):
    """Ubuntu's chromium-browser only tells how to install it."""
    program(tmp_path / "chromium-browser", "echo install the snap >&2; exit 1")
    printing = 'for a; do case "$a" in --print-to-pdf=*) echo PDF >"${a#*=}";; esac; done'
    program(tmp_path / "google-chrome", printing)
    for name, value in bare(tmp_path, PATH=f"{tmp_path}:/bin:/usr/bin").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(pdf, "NAMES", ("chromium-browser", "google-chrome"))
    monkeypatch.delenv("SOCSIM_BROWSER", raising=False)
    pdf.write_pdf(tmp_path / "report.pdf", "<p>")
    assert (tmp_path / "report.pdf").read_text() == "PDF\n"


def test_a_drawn_page_runs_no_script_again_and_shows_its_short_tables():
    drawn = (
        "<meta content=\"default-src 'none'; script-src 'unsafe-inline'; img-src data:\">"
        '<details class="data"></details><details class="data long"></details>'
    )
    assert pdf.still(drawn) == (
        "<meta content=\"default-src 'none'; script-src 'none'; img-src data:\">"
        '<details class="data" open=""></details><details class="data long"></details>'
    )
