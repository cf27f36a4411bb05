"""Uncertain numbers by key, and assumptions with the source and grade they have or inherit."""

from pathlib import Path

from simulator.scenario.load import load_scenario
from simulator.scenario.numbers_of import assumptions, uncertain_numbers
from simulator.scenario.walk import numbers

VALID = Path(__file__).parents[2] / "cases" / "valid"


def test_uncertain_numbers_by_key_in_order():
    assert [key for key, _ in uncertain_numbers(load_scenario(VALID / "saving.toml"))] == [
        "capital.costs.per_year",
        "measures.saving.follow_up.share",
        "measures.saving.reference.drift",
        "metrics.cost.effect.ratio",
        "metrics.school.effect.difference",
    ]


def test_what_a_cohort_has_of_its_own_is_under_its_key(tmp_path):
    text = (VALID / "rate_card.toml").read_text(encoding="utf-8")
    own = (
        "\n[cohorts.all.metrics.work]\neffect.odds_ratio.lognormal = { median = 2, sigma = 0.1 }\n"
    )
    (tmp_path / "s.toml").write_text(text + own, encoding="utf-8")
    scenario = load_scenario(tmp_path / "s.toml")
    assert [key for key, _ in uncertain_numbers(scenario)] == [
        "cohorts.all.metrics.work.effect.odds_ratio",
        "metrics.work.baseline",
        "metrics.work.effect.odds_ratio",
    ]


def test_items_of_lists_are_counted_from_one(tmp_path):
    text = (VALID / "saving.toml").read_text(encoding="utf-8")
    schedule = "costs = { schedule = [1, { uniform = { low = 1, high = 2 } }] }"
    start = text.index("costs = {")
    (tmp_path / "s.toml").write_text(
        text[:start] + schedule + text[text.index("\n", start) :], encoding="utf-8"
    )
    keys = [key for key, _ in uncertain_numbers(load_scenario(tmp_path / "s.toml"))]
    assert "capital.costs.schedule.2" in keys


def rows_of(name):
    return {row.key: row for row in assumptions(load_scenario(name))}


def test_every_number_outside_the_results_is_listed():
    scenario = load_scenario("norrkoping")
    listed = [row for row in assumptions(scenario) if row.number is not None]
    assert len(listed) == sum(1 for path, _ in numbers(scenario) if path[0] != "realised")
    assert len({row.key for row in listed}) == len(listed)


def test_grades_and_sources_are_inherited_from_the_nearest_table():
    rows = rows_of("norrkoping")
    share = rows["payments.activity.terms.1.share"]
    assert (share.value, share.grade) == ("0.4", "fact")
    assert share.source["en"].startswith("RISE, abstract of the final report")
    assert share.source["sv"].startswith("RISE, sammanfattning av slutrapporten")
    assert share.address.startswith("https://")
    # a grade of its own does not borrow the payment's source
    upside = rows["payments.upside.terms.2.share"]
    assert (upside.grade, upside.source) == ("assumption", None)
    assert "not published" in upside.note["en"]
    assert "inte publicerad" in upside.note["sv"]
    # a source that begins with a key is written out with the rest of its words
    people = rows["cohorts.younger.service_users"]
    assert (people.value, people.grade) == ("25", "assumption")
    assert people.source["en"].startswith("Den Sociale Investeringsfond (DK)")
    assert people.source["sv"].startswith("Den Sociale Investeringsfond (Danmark)")
    assert people.source["en"].endswith("no split is published")
    assert people.source["sv"].endswith("ingen fördelning är publicerad")


def test_values_in_a_line_of_text():
    rows = rows_of("norrkoping")
    assert rows["metrics.placement_cost.effect.ratio"].value == "normal: mean 0.85, sd 0.12"
    assert rows["metrics.placement_cost.profile"].value == "0.5, 1, 1, 0.5, 0"
    assert rows["measures.saving.perimeter"].value == "placement_cost"
    assert rows["cohorts.younger.enrolment.from"].value == "2016-08-01"
    assert rows["capital.commitment"].value == "10000000"


def test_numbers_without_a_grade_say_so():
    rows = rows_of(VALID / "saving.toml")
    assert rows["metrics.cost.persistence"].grade == "ungraded"
    assert rows["cohorts.old.metrics.cost.baseline"].grade == "estimate"
    assert rows["cohorts.old.metrics.cost.baseline"].address == "https://example.org/register"


BOTH = '{ sv = "boken: s. 3", en = "the book" }'


def in_two_languages(tmp_path, more=""):
    text = (VALID / "rate_card.toml").read_text(encoding="utf-8")
    written = f'baseline = {{ value = 0.2, grade = "fact", source = {BOTH} }}'
    start = text.index("baseline = ")
    text = text[:start] + written + text[text.index("\n", start) :]
    book = '\n[sources.boken]\ntitle = "Boken"\naddress = "https://example.org/bok"\n'
    (tmp_path / "s.toml").write_text(text + book + more, encoding="utf-8")
    return tmp_path / "s.toml"


def test_a_source_in_two_languages_is_written_out_in_each(tmp_path):
    scenario = load_scenario(in_two_languages(tmp_path))
    row = next(row for row in assumptions(scenario) if row.key == "metrics.work.baseline")
    assert row.source == {"sv": "Boken: s. 3", "en": "the book"}
    assert row.address == "https://example.org/bok"


def test_a_variant_replaces_a_source_in_all_its_languages(tmp_path):
    more = '\n[variants.other.metrics.work.baseline]\nsource = { en = "a trial" }\n'
    scenario = load_scenario(in_two_languages(tmp_path, more), variants=("other",))
    assert scenario.metrics["work"].baseline.source == {"en": "a trial"}


def test_a_source_whose_title_is_in_two_languages_is_written_out_in_each(tmp_path):
    path = in_two_languages(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count('title = "Boken"') == text.count(BOTH) == 1
    titled = text.replace('title = "Boken"', 'title = { sv = "Boken", en = "The book" }')
    for source, said in (
        (BOTH, {"sv": "Boken: s. 3", "en": "the book"}),
        ('"boken: 3"', {"sv": "Boken: 3", "en": "The book: 3"}),
        ('{ en = "boken" }', {"en": "The book"}),
    ):
        path.write_text(titled.replace(BOTH, source), encoding="utf-8")
        rows = {row.key: row for row in assumptions(load_scenario(path))}
        row = rows["metrics.work.baseline"]
        assert (row.source, row.address) == (said, "https://example.org/bok")
