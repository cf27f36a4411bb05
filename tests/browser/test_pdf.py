"""The PDF of each kind of report, as the machine's own browser prints it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from pypdf import PdfReader

from docs.tools.gallery import GALLERY
from simulator import store
from simulator.views.pdf import write_pdf
from tests.browser.pages import html_of
from tests.unit.views.page import rendered
from tests.unit.views.run import contract, simulated
from tests.unit.views.test_settlement_page import page as settlement

pytestmark = pytest.mark.browser


PAGES = {
    ("investor", "sv"): lambda: store.page_of(GALLERY / "data" / "norrkoping", "investor", "sv"),
    ("investor", "en"): lambda: store.page_of(GALLERY / "data" / "norrkoping", "investor", "en"),
    ("municipality", "sv"): lambda: rendered("sv", reader="municipality"),
    ("fund", "en"): lambda: html_of("fund", "en"),
    ("settlement", "sv"): lambda: settlement("sv"),
}
"""Every kind and both languages; the investor's summary is held to its one sheet in both."""


def printed(page: str, folder: Path, chromium_path: Path) -> PdfReader:
    """The PDF of a page, read."""
    file = folder / "report.pdf"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCSIM_BROWSER", str(chromium_path))
        write_pdf(file, page)
    assert list(folder.iterdir()) == [file]  # neither profile nor page is left
    assert file.stat().st_size < 3e6
    return PdfReader(file)


@pytest.fixture(scope="module")
def both(chromium_path: Path, tmp_path_factory):
    """A kind of page in a language and its PDF, printed once for all tests that read it."""

    @cache
    def written(kind: str, lang: str) -> tuple[str, PdfReader]:
        page = PAGES[kind, lang]()
        return page, printed(page, tmp_path_factory.mktemp("pdf"), chromium_path)

    return written


def flat(text: str) -> str:
    """Text without spaces and ligatures: a PDF breaks its lines and joins letters as it likes."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", unescape(text)))


@pytest.mark.parametrize(("kind", "lang"), PAGES)
def test_it_is_tagged_titled_numbered_and_whole(kind: str, lang: str, both) -> None:
    page, pdf = both(kind, lang)
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == lang
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    assert title is not None
    assert flat(pdf.metadata.title) == flat(title[1])

    texts = [sheet.extract_text() for sheet in pdf.pages]
    assert 2 <= len(texts) <= (40 if kind == "investor" else 30)  # that one has every analysis
    heading = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert heading is not None
    for number, text in enumerate(texts, start=1):
        assert f"{number} ({len(texts)})" in text  # in the margin below
        if number > 1:
            assert flat(heading[1]) in flat(text)
    whole = flat("".join(texts))
    for caption in re.findall(r"<figcaption>(.*?)</figcaption>", page, re.S):
        assert flat(caption) in whole
    assert flat(heading[1]) in whole
    paper = re.sub(r'<section[^>]* class="screen-only">.*?</section>', "", page, flags=re.S)
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", paper, re.S)
    outline = [flat(entry) for entry in headings_of(pdf.outline)]
    assert outline[0] == flat(heading[1])
    assert [entry for entry in outline if entry in map(flat, headings)] == list(map(flat, headings))


def headings_of(outline) -> list[str]:
    """Titles of an outline, in order."""
    return [
        title
        for entry in outline
        for title in (headings_of(entry) if isinstance(entry, list) else [entry.title])
    ]


def test_every_chart_is_a_figure_with_its_words(both) -> None:
    page, pdf = both("municipality", "sv")
    words = re.findall(r'<img class="print-image"[^>]* alt="([^"]*)"', page)
    alternatives = list(_alternatives(pdf.trailer["/Root"]["/StructTreeRoot"]))
    assert len(words) >= 2
    assert [flat(word) for word in words] == [flat(alt) for alt in alternatives]


def _alternatives(node):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _alternatives(child)
    elif isinstance(node, dict):
        if node.get("/S") == "/Figure" and "/Alt" in node:
            yield str(node["/Alt"])
        yield from _alternatives(node.get("/K", []))


def test_a_hostile_title_stays_a_title_in_the_margin(tmp_path: Path, chromium_path: Path) -> None:
    title = 'A"; } body { display: none } </style><script>alert(1)</script> \u202e' + "x" * 300
    made = contract(**{'en = "Example"': f"en = '{title}'"})
    pdf = printed(rendered("en", simulated(made, 300)), tmp_path, chromium_path)
    second = pdf.pages[1].extract_text()
    assert flat('A"; } body { display: none } </style><script>alert(1)</script>') in flat(second)
    assert "[U+202E]xxxx" in second
    assert "xxxx..." in flat(second)
    assert "2 (" in second
    assert "The fund" in "".join(sheet.extract_text() for sheet in pdf.pages)


@pytest.mark.parametrize(
    ("lang", "first", "second"),
    [
        ("en", "what happened has not been used", "The parties and who pays whom"),
        ("sv", "det som hände har inte använts", "Parterna och vem som betalar vem"),
    ],
)
def test_the_investors_decision_summary_is_one_sheet(
    lang: str, first: str, second: str, both
) -> None:
    """The last words of it are on the first page, those of the next chapter on the second."""
    _, pdf = both("investor", lang)
    sheets = [flat(sheet.extract_text()) for sheet in pdf.pages[:2]]
    assert flat(first) in sheets[0]
    assert flat(second) in sheets[1]
    assert flat(second) not in sheets[0]


@pytest.mark.parametrize(("groups", "pages"), [(2, (1, 2)), (1, (2, 2)), (0, (2, 2))])
def test_a_longer_table_is_divided_between_its_groups_alone(
    groups: int, pages: tuple[int, int], tmp_path: Path, chromium_path: Path
) -> None:
    """Its head is told again; a table without groups, of as many rows, stays in one piece."""
    style = Path(store.__file__).with_name("views") / "report" / "style.css"
    rows = [f"<tr><th>row {number}</th><td>{number}</td></tr>" for number in range(10)]
    for number in range(groups):
        rows.insert(6 * number, f'<tr class="group"><th colspan="2">group {number}</th></tr>')
    page = (
        f"<!DOCTYPE html><html><head><style>{style.read_text('utf-8')}</style></head>"
        '<body class="municipality"><main><div style="height: 210mm">above</div>'
        '<div class="scroll few named"><table><caption>Told</caption><thead><tr><th>head</th>'
        f"<th>sum</th></tr></thead><tbody>{''.join(rows)}</tbody></table></div></main></body></html>"
    )
    texts = [flat(sheet.extract_text()) for sheet in printed(page, tmp_path, chromium_path).pages]
    assert len(texts) == 2

    def on(word: str) -> list[int]:
        return [number for number, text in enumerate(texts, start=1) if flat(word) in text]

    assert on("head") == sorted({*pages})
    assert on("Told") == [pages[0]]
    assert [on(f"row {number}") for number in range(10)] == [
        [pages[number >= 5]] for number in range(10)
    ]
