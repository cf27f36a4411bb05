"""Scenarios of a few lines for tests of interim results."""

from __future__ import annotations

SMALL = """
title = "A test"
currency = "SEK"

[time]
start = 2025-01-01
period = "quarter"
horizon = "2 years"

[parties]
investor = "Fund"
outcome_payer = "Town"
service_provider = "Team"

[cohorts.all]
service_users = 50
enrolment = { reached = { beta = { alpha = 18, beta = 2 } } }

[metrics.plain]
kind = "binary"
better = "higher"
baseline = { beta = { alpha = 8, beta = 12 } }
effect = { difference = 0 }

[metrics.changed]
kind = "binary"
better = "higher"
baseline = { beta = { alpha = 8, beta = 12 } }
effect = { ratio = 1.0 }

[metrics.helped]
kind = "binary"
better = "higher"
baseline = { beta = { mean = 0.3, sd = 0.08 } }
effect = { difference = { normal = { mean = 0.1, sd = 0.06 } } }

[metrics.visits]
kind = "count"
better = "lower"
unit = "visits"
baseline = { gamma = { shape = 9, mean = 3 } }
spread = { law = "poisson" }
effect = { difference = 0 }

[metrics.spells]
kind = "count"
better = "lower"
unit = "spells"
baseline = 2
spread = { law = "negative binomial", dispersion = 0.5 }
persistence = 0.5
effect = { ratio = { lognormal = { median = 0.8, sigma = 0.2 } } }

[metrics.days]
kind = "amount"
better = "lower"
unit = "days"
baseline = { truncated_normal = { mean = 100, sd = 20, low = 0 } }
spread = { law = "gamma", sd = 50 }
persistence = 0.5
effect = { difference = 0 }

[measures.successes]
metric = "helped"
quantity = "count"
window = "1 year"

[capital]
commitment = 900_000

[capital.costs]
per_year = { truncated_normal = { mean = 400_000, sd = 40_000, low = 0 } }

[payments.tariff]
of = "successes"
terms = [{ price = 40_000 }]
"""

HEAD = """
title = "A test"
currency = "SEK"

[time]
start = 2025-01-01
period = "quarter"
horizon = "3 years"

[parties]
investor = "Fund"
outcome_payer = "Town"
service_provider = "Team"
"""

TOWN = (
    HEAD
    + """
[cohorts.early]
service_users = 8
drop_out = { per_year = 0.3 }

[cohorts.late]
service_users = 12
enrolment = { from = 2025-07-01 }
drop_out = { per_year = 0.3 }

[metrics.helped]
kind = "binary"
better = "higher"
baseline = { beta = { mean = 0.3, sd = 0.08 } }
effect = { difference = { normal = { mean = 0.2, sd = 0.1 } } }

[metrics.days]
kind = "amount"
better = "lower"
unit = "days"
baseline = { truncated_normal = { mean = 100, sd = 20, low = 0 } }
spread = { law = "gamma", sd = 90, none = 0.3 }
persistence = 0.6
lasts = "2 years"
effect = { ratio = { normal = { mean = 0.8, sd = 0.1 } } }

[metrics.visits]
kind = "count"
better = "lower"
unit = "visits"
baseline = { gamma = { shape = 9, mean = 3 } }
spread = { law = "negative binomial", dispersion = 0.5 }
persistence = 0.5
lasts = "2 years"
effect = { ratio = 0.7 }

[measures]
early_helped = { metric = "helped", cohorts = ["early"], quantity = "count", window = "1 year" }
early_days = { metric = "days", cohorts = ["early"], quantity = "count", window = "1 year" }
early_visits = { metric = "visits", cohorts = ["early"], quantity = "count", window = "1 year" }
helped = { metric = "helped", quantity = "count", window = "1 year" }

[measures.days]
metric = "days"
quantity = "effect"
window = "2 years"
reference = { kind = "fixed", value = 100 }

[measures.visits]
metric = "visits"
quantity = "effect"
window = "2 years"
reference = { kind = "fixed", value = 3 }

[capital]
commitment = 900_000

[capital.costs]
per_year = { truncated_normal = { mean = 300_000, sd = 40_000, low = 0 } }
until = 2026-12-31

[payments.helped]
of = "helped"
terms = [{ price = 40_000 }]

[payments.days]
of = "days"
terms = [{ price = 300 }, { at_least = 0 }]

[payments.visits]
of = "visits"
terms = [{ price = 3000 }, { at_least = 0 }]
"""
)

STEPS = (
    HEAD
    + """
[cohorts.all]
service_users = 30

[metrics.started]
kind = "binary"
better = "higher"
at = "6 months"
baseline = 0
effect = { difference = 0.6 }

[metrics.kept]
kind = "binary"
better = "higher"
given = "started"
baseline = 0
effect = { difference = 0.5 }

[metrics.pay]
kind = "amount"
better = "higher"
unit = "kronor"
given = "started"
baseline = { uniform = { low = 100, high = 200 } }
spread = { law = "gamma", sd = 50 }
effect = { difference = 0 }
lasts = "1 year"

[measures.kept]
metric = "kept"
quantity = "count"
window = "1 year"

[payments.kept]
of = "kept"
terms = [{ price = 1000 }]
"""
)

REACHED = (
    HEAD
    + """
[cohorts.all]
service_users = 50
enrolment = { reached = { beta = { alpha = 18, beta = 2 } } }

[metrics.plain]
kind = "binary"
better = "higher"
baseline = 0.5
effect = { difference = 0 }

[measures.plain]
metric = "plain"
quantity = "count"
window = "1 year"

[capital]
commitment = 9_000_000

[capital.costs]
per_service_user = 1000
per_year = { truncated_normal = { mean = 400_000, sd = 40_000, low = 0 } }
until = 2026-12-31

[payments.plain]
of = "plain"
if_terminated = "paid"
terms = [{ price = 1000 }]

[events.stop]
kind = "termination"
per_year = { uniform = { low = 0.1, high = 0.9 } }
from = 2025-01-01
to = 2027-06-30
"""
)
