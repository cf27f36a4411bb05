"""A report as tests read it: its text, its tables, its headings, its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from simulator.scenario.numbers_of import assumptions
from simulator.views import report
from simulator.views.report import render_report
from tests.unit.views.run import Run, example

PROVENANCE = {"version": "0.1.0", "scenario_hash": "f00d" * 8, "seed": 7, "paths": 3000}
_VOID = {"meta", "img", "br", "link", "input", "wbr"}


@dataclass
class Page(HTMLParser):
    """Parses a report and remembers what a reader meets, in order."""

    headings: list[int] = field(default_factory=list)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    left_open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._rows: list[list[str]] = []
        self._caption = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in _VOID:
            self.left_open.append(tag)
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "table":
            self._rows, self._caption = [], ""
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.left_open and self.left_open[-1] == tag, (tag, self.left_open[-3:])
        self.left_open.pop()
        if tag == "table":
            self.tables[self._caption.strip()] = self._rows

    def handle_data(self, data: str) -> None:
        if "script" in self.left_open or "style" in self.left_open:
            return
        self.text += data
        if "caption" in self.left_open:
            self._caption += data
        elif self.left_open and {"td", "th"} & set(self.left_open):
            self._rows[-1][-1] += data


def rendered(lang: str, run: Run | None = None, reader: str = "investor") -> str:
    return render_report(source(run), reader, lang)


def source(run: Run | None = None) -> report.Run:
    summary, cash_flows, scenario = run or example()
    return report.Run(summary, cash_flows, scenario, assumptions(scenario), PROVENANCE)


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.left_open == []
    return page
