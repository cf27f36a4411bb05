"""A small scenario whose contract the tests rewrite, sentence by sentence."""

import tomllib

from simulator.scenario.model import Scenario

BASE = """
title = { sv = "Exempel", en = "Example" }
currency = "SEK"
price_year = 2024
time = { start = 2024-01-01, period = "half-year", horizon = "3 years" }

[parties.investor]
title = { sv = "Fonden", en = "The fund" }
[parties.outcome_payer]
title = { sv = "Kommunen", en = "The municipality" }
[parties.guarantor]
title = { sv = "Staten", en = "The state" }

[cohorts.all]
service_users = 60

[metrics.cost]
title = { sv = "placeringskostnad", en = "placement cost" }
kind = "amount"
better = "lower"
baseline = 300_000
effect = { ratio = 0.9 }
spread = { law = "gamma", sd = 100_000 }
[metrics.work]
title = { sv = "i arbete", en = "in work" }
kind = "binary"
better = "higher"
baseline = 0.3
effect = { difference = 0.1 }
[metrics.days]
title = { sv = "frånvarodagar", en = "days absent" }
kind = "count"
better = "lower"
unit = "days"
baseline = 30
effect = { ratio = 0.9 }
spread = { law = "poisson" }

[measures.saving]
title = { sv = "besparingen", en = "the saving" }
perimeter = ["cost"]
window = "2 years"
reference = { kind = "fixed", value = 300_000 }
[measures.in_work]
title = { sv = "arbete", en = "employment" }
metric = "work"
quantity = "rate"
window = "1 year"
[measures.found_work]
title = { sv = "nya jobb", en = "new jobs" }
metric = "work"
quantity = "count"
window = "1 year"
[measures.fewer_days]
title = { sv = "färre dagar", en = "fewer days" }
metric = "days"
quantity = "relative effect"
window = "18 months"
reference = { kind = "to be collected", size = 80 }

[capital]
commitment = 10_000_000
costs = { per_year = 3_000_000 }
"""


def scenario(more: str = "", **replaced: str) -> Scenario:
    """The base with more TOML at the end; `replaced` swaps whole texts in it."""
    text = BASE + more
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return Scenario.model_validate(tomllib.loads(text))


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u00a0", " ")
