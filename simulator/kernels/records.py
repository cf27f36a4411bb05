"""The flat records that a plan consists of: read-only arrays with names, made once per scenario.

A *value* is a row of the table of numbers: uncertain ones are redrawn on every path, certain ones
are constant. −1 stands for "there is none". Keys are stream keys,
two uint32 words each. A *cell* is a metric in a cohort,
a *view* a measure of a cell, a *comparison* a measure of a metric with its reference.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Array = Any  # numpy arrays; numba specialises on their dtype and rank

BINARY, COUNT, AMOUNT = 0, 1, 2
DIFFERENCE, RATIO, ODDS_RATIO, NO_EFFECT = 0, 1, 2, 3
FIXED, SAMPLED, OWN_PAST, DIFFERENCES, NOTHING, STATED_ERROR = 0, 1, 2, 3, 4, 5
TOTAL, RATE, EFFECT, EFFECT_PER_USER, RELATIVE_EFFECT, SAVING = 0, 1, 2, 3, 4, 5
ABOVE, PRICE, BANDS, STEPPED, INTERPOLATED, SHARE, AT_MOST, AT_LEAST, IF_AT_LEAST = range(9)
LESS, COMPOUNDED, UNTIL_REPAID, ROUNDED, WITHIN = range(9, 14)
OF_NOTHING, OF_DRAWN, OF_COMMITMENT, OF_COST, OF_OUTSTANDING = range(5)
OF_PAID, OF_PAYMENT, OF_INPUT, BY_DRAWN = range(5, 9)
NEAREST, DOWN, UP = 0, 1, 2
NON_START, TERMINATION, DEFAULT, LATE = range(4)
PLAIN, ANTITHETIC, LATIN, SOBOL = range(4)
BY_CHANCE, BY_HAZARD, BY_RESULT = range(3)
STANDS, FORFEITED, ONLY_THEN, DELIVERED = range(4)
PARI_PASSU, FLOOR, FIRST_LOSS, SECOND_LOSS, MAXIMUM_LOSS = range(5)
DRAWN, COMMITTED, WITH_RETURN, AT_RISK = range(4)
ON_COMPLETION, ON_TERMINATION, ON_EITHER = range(3)
FROM_PAYMENTS, AS_GIVEN = 1, 2
TO_OTHERS, TO_INVESTOR = 1, 2
PAID_IN, BOTH_WAYS, OWN_ROW, WITHHELD = 1, 2, 3, 4
OF_CAPITAL_DRAWN, OF_OUTCOME_PAYMENTS = 1, 2
CAP_STEPS = 1024
BY_PERSON, BY_COUNT, BY_SUM, BY_NOBODY = 0, 1, 2, 3
MEASURED, EXPECTED, REALISED = 0, 1, 2
(
    OF_INVESTOR,
    OF_PAYER,
    OF_ERRORS,
    OF_GUARANTEES,
    OF_SOCIETY,
    OF_METRIC,
    OF_MEASURE,
    OF_EVENTS,
) = range(8)
DIGITS = 3  # a number of people is written with so many digits to the base PEOPLE
PEOPLE = 32


class Draws(NamedTuple):
    """Numbers: scores by key, the copula as sparse rows, a table for each uncertain value."""

    keys: Array  # (scores, 2) uint32
    shared: Array  # (scores,) 1 where all contracts of a portfolio have the same draw
    value: Array  # (uncertain,) the value each fills
    start: Array  # (uncertain + 1,) start of each one's loadings
    score: Array  # score index of each loading
    loading: Array
    grid: Array  # (uncertain,) row of `tables`, or −1 when by knots
    tables: Array  # (grids, SCORE_CELLS + 1)
    knot: Array  # (uncertain + 1,) start of each one's knots
    knot_z: Array
    knot_x: Array
    constant_value: Array  # the values that are certain
    constant: Array
    values: Array  # () number of values
    sampler: Array  # () PLAIN, ANTITHETIC, LATIN or SOBOL
    points: Array  # (scores, 4096) uint16, a Sobol sequence in 12 bits; (0, 4096) for others
    shift: Array  # (scores,) is added to the score: importance sampling


class Cohorts(NamedTuple):
    """People: enrolment groups of each cohort, drop-out, follow-up."""

    group: Array  # (cohorts + 1,) start of each cohort's groups
    period: Array  # (groups,) period of enrolment
    size: Array  # (groups,) service users
    first: Array  # (groups,) index of the first user within the cohort
    cell: Array  # (cohorts + 1,) start of each cohort's cells
    hazard: Array  # (cohorts,) value: yearly drop-out rate
    drop_key: Array  # (cohorts, 2)
    trace: Array  # (cohorts + 1,) start of each cohort's traces
    users: Array  # (cohorts,)
    persons: Array  # (cohorts,) 1 where some metric is drawn for each participant
    reached: Array  # (cohorts,) value: share of those planned who enrol, or −1
    everybody: Array  # () float, all of them


class Traces(NamedTuple):
    """Follow-up of a cohort by a measure: who can be traced."""

    key: Array  # (traces, 2)
    share: Array  # value
    measure: Array


class Cells(NamedTuple):
    """Metrics in cohorts; those that others are `given` come before them."""

    cohort: Array
    metric: Array  # whose effect is told, or −1 where nobody asks for it
    kind: Array
    direction: Array  # +1 or −1
    baseline: Array  # value
    form: Array
    effect: Array  # value
    declared: Array  # constant factor on the baseline (observed value ÷ the declared average)
    growth: Array  # value: yearly price growth since the reference, or −1
    growth_years: Array
    drift: Array  # value, or −1
    truth: Array  # value: sampling error of an observed reference, or −1
    before: Array  # value: level of the year before (own past), or −1
    needs_before: Array  # 1 when the year before is sampled
    rho: Array
    table: Array  # row of the unit laws, or −1 (no variation between people)
    lasts: Array  # whole years; a large number for no end
    window_years: Array  # years sampled because a window needs them
    profile: Array  # (cells, years)
    at_year: Array
    at_periods: Array
    at_years: Array  # float, for drop-out
    given: Array  # cell, or −1
    person_key: Array  # (cells, 2)
    year_key: Array
    outcome_key: Array
    events_key: Array
    view_start: Array  # (cells + 1,) start of each cell's views
    currency: Array  # 1 for an amount of money
    level: Array  # BY_PERSON, BY_COUNT, BY_SUM, or BY_NOBODY where nothing reads it
    expects: Array  # 1 where the expected outcome is read
    sums: Array  # row of `Laws.sum_place`, or −1 where nobody differs
    count_key: Array  # (cells, 2)
    sum_key: Array  # (cells · DIGITS, 2)


class Chains(NamedTuple):
    """Placement states: a chain for each cohort and table of states, and who reads it.

    States are numbered in name order. Moves lie chain by chain, state by state, by next state.
    """

    of_cohort: Array  # (cohorts + 1,) start of each cohort's chains
    cohort: Array  # (chains,)
    states: Array  # (chains,) number of states
    start: Array  # (chains, states) shares in month 0
    move: Array  # (chains + 1,) start of each chain's moves
    leave: Array  # (chains, states + 1) start of each state's moves
    origin: Array  # (moves,) state
    to: Array  # (moves,) state
    chance: Array  # (moves,) value: chance in a month without the programme
    form: Array  # (moves,) of the effect
    effect: Array  # (moves,) value, or −1
    profile: Array  # (chains, steps)
    steps: Array  # (chains,) number of steps of the profile
    ladder: Array  # (chains + 1,) start of each chain's rows of cumulative chances
    key: Array  # (chains, 2)
    reader: Array  # (chains + 1,) start of each chain's entries in `cell`
    cell: Array  # (readers,) cells that read it
    of_cell: Array  # (cells,) chain, or −1
    amount: Array  # (cells, states) value: amount of a month in the state, or −1 for nothing
    inside: Array  # (cells, states) 1 for the states of a success, or into which moves count
    at: Array  # (cells,) months after which a success is settled
    reference_key: Array  # (comparisons, 2)


class Laws(NamedTuple):
    """Laws of one service user's year with mean 1, by score and by word, and two laws for all."""

    by_score: Array  # (laws, SCORE_CELLS + 3): the knots, and two at 0 for those who have nothing
    none_score: Array  # (laws,) zero at and below this score
    word_line: Array  # (laws, 2·cells, 2): value and slope
    none_word: Array  # (laws,) zero below this word
    normal_line: Array  # (2·cells, 2): the normal score itself
    least_word: Array  # (SCORE_CELLS,): all words below have normal scores below the cell of scores
    exponential_line: Array
    sum_place: Array  # (laws, DIGITS · PEOPLE) row of the sum of d·PEOPLE^i people, row 0 for none
    sum_line: Array  # (rows · 2·cells, 2) value and slope of sums by word, table after table
    sum_none: Array  # (rows,) zero below this word
    sum_zeros: Array  # (laws,) 1 where a sum may be zero


class Views(NamedTuple):
    """Measures of cells."""

    cell: Array
    comparison: Array
    weight: Array  # (views, years): share of the year inside the window
    units: Array  # service-user years (weighted) or service users that the reference stands for
    trace: Array  # trace, or −1
    lifted: Array  # 1 when what is measured is money
    by_period: Array  # slot in the per-period work arrays, or −1
    first_period: Array  # (views,) the periods in which anything is measured, where it is by period
    last_period: Array
    most: Array  # (views,) what one person counts for at most, inf without
    counted: Array  # (views,) row of `share_counted`, or −1
    share_counted: Array  # (capped totals, CAP_STEPS + 1) E[min(T, most)]/min(E[T], most)
    expects: Array  # 1 where the expected total, or that without the programme, is read


class Comparisons(NamedTuple):
    """Measures of metrics: the reference and how it is sampled."""

    measure: Array
    kind: Array
    metric_kind: Array
    direction: Array
    money: Array  # value, or −1 for 1
    view_start: Array  # (comparisons + 1,) start of each comparison's entries in `view_index`
    view_index: Array
    value: Array  # value: the reference's known number, or −1
    lift: Array  # constant: contract indexation
    deflate: Array  # value of the true price growth, or −1 (to be collected)
    deflate_years: Array
    drift: Array
    bias: Array
    size: Array
    rho: Array
    table: Array
    variation: Array  # one person's mean over the window: standard deviation over mean
    most: Array  # (comparisons,) what one person counts for at most, inf without
    weight: Array  # (comparisons, years)
    window: Array  # sum of the weights
    person_key: Array
    year_key: Array
    outcome_key: Array
    events_key: Array


class Measures(NamedTuple):
    """Measured quantities and the rows of inputs they fill."""

    quantity: Array
    comparison: Array  # (measures + 1,)
    error: Array  # value: standard error, or −1
    error_score: Array  # first row of `scores`: pooled, or −1
    failure: Array  # 1: those lost count as failure
    lost: Array  # value: lost ratio, or −1
    share: Array  # value: share traced, or −1
    minus_cost: Array
    users: Array
    row: Array  # input row of the pooled value
    cohort_row: Array  # first input row of the values by cohort, or −1
    period_row: Array  # first input row of the values by period, or −1
    to_date: Array  # 1 where a period's value is that of all periods up to it
    z_row: Array  # input row of effect over standard error, then by cohort; −1 where nobody asks
    cohort_users: Array  # (measures, cohorts), 0 where the cohort is not measured


class Takings(NamedTuple):
    """Which values of measures are worked out, in this order."""

    measure: Array
    cohort: Array  # −1 for all
    period: Array  # −1 for the whole window
    mode: Array  # MEASURED, EXPECTED, REALISED
    row: Array  # of what is measured, expected or realised


class Capital(NamedTuple):
    """Cost and capital: cost in a period = share of a yearly number, or a number."""

    commitment: Array  # () float, 0 without capital
    at_start: Array  # () int
    cost_value: Array  # (periods,) value
    cost_factor: Array  # (periods,)
    row: Array  # () input row: drawn total, cost total, then drawn and cost by period
    share: Array  # () share of each cost that capital finances
    recycling: Array  # () 0, FROM_PAYMENTS, or AS_GIVEN where the capital drawn is given
    user_value: Array  # () value: cost of each service user who enrols, or −1
    user_factor: Array  # (periods,) price level
    growth: Array  # () value: yearly change of price, or −1
    growth_years: Array  # (periods,)
    shock: Array  # () value: jump of price, or −1
    shock_from: Array  # () first period of it


class Classes(NamedTuple):
    """Classes of capital in name order, and who bears and receives each payment."""

    share: Array  # (classes,) of every drawdown
    loan: Array  # 1 for private capital that is repaid
    repaid: Array  # 1 for all but grants
    rank: Array
    rate: Array  # interest a period
    residual: Array  # share of what is left when all are repaid
    negative: Array  # share of a negative payment
    ranks: Array  # (ranks,) the ranks of those that are repaid, ascending
    payment: Array  # (entries,) a payment for each of its payers, payments in name order
    portion: Array  # (entries,) the payer's share
    pooled: Array  # (entries,) 1 where it is paid to the investor as a whole
    direct: Array  # (entries,) class that is paid by name, or −1


class Program(NamedTuple):
    """The contract: claims, their inputs and conditions, and steps of terms."""

    payment: Array  # (claims,)
    due: Array  # (claims,) instant
    order: Array  # (batches,) first claim; by instant, payments that others name before those
    together: Array  # (batches,) how many claims, one after another, are evaluated as a batch
    first: Array  # (instants + 1,) start of the batches that begin at each instant
    straight: Array  # (batches,) first of the input rows that its claims take as they stand, or −1
    in_place: Array  # (batches,) 1 where what its claims come to can stand in `pay` at once
    opens: Array  # (claims,) 1 for the first claim of its payment at its instant
    falls_due: Array  # (instants,) 1 where anything falls due, 2 where to the investor
    investor: Array  # payments to the investor
    weight: Array  # (claims + 1,)
    weight_base: Array  # OF_INPUT, or a running quantity
    weight_row: Array
    weight_factor: Array
    condition: Array  # (claims + 1,)
    condition_base: Array  # OF_INPUT, or OF_PAYMENT: whether that payment has paid
    condition_row: Array
    condition_below: Array
    condition_level: Array
    step: Array  # (claims, 2): first and last step
    word: Array  # (steps,)
    base: Array
    row: Array  # input row, payment, balance or rule of rounding, as the word or base wants
    level: Array
    same: Array  # (steps,) 1 where the level is this number in every claim of the batch
    then: Array  # (steps,) share after repayment
    point: Array  # (steps + 1,)
    point_x: Array
    point_y: Array
    activity: Array  # (payments,)
    to_investor: Array  # (payments,)
    payee: Array  # (payments,) number of the party
    principal: Array  # (payments,) 1 where it repays principal
    own_class: Array  # (payments,) 1 where the payee is a class of capital
    class_share: Array  # (payments,) its share of every drawdown, 1 for others
    running: Array  # () 1 when any claim reads a running sum
    balance_rate: Array  # (balances,) interest a period on what is still to be repaid
    balance_share: Array  # (balances,) share of every drawdown
    balance_payee: Array  # (balances,) the class that is repaid, −1 for all of the investor
    total: Array  # () limit, inf without
    multiple: Array
    per_period: Array
    per_user: Array
    hurdle: Array  # () rate per period, inf without
    simple: Array  # () 1 for simple interest
    note_step: Array  # () where the notes of steps, conditions and claims begin, and their number
    note_condition: Array
    note_claim: Array
    notes: Array


class Guarantees(NamedTuple):
    """Guarantees in the order in which they are called."""

    reading: Array
    object: Array
    coverage: Array
    target: Array
    low_base: Array  # attachment or maximum
    low: Array
    high_base: Array  # detachment
    high: Array
    cap_base: Array
    cap: Array
    point: Array  # (3·guarantees + 1,) points of low, high and cap by capital drawn
    point_x: Array
    point_y: Array
    due: Array
    trigger: Array
    loans: Array  # () the loans' share of every drawdown, 1 without classes


class Risks(NamedTuple):
    """Things that go wrong, in name order, and what an early end does to each claim."""

    key: Array  # (events, 2)
    kind: Array  # (events,)
    form: Array  # (events,) by chance, by a hazard, or by an interim result
    chance: Array  # (events,) value, or −1 for 1
    hazard: Array  # (events,) value, or −1
    instant: Array  # (events,) when it takes effect, notice included; of a hazard nothing
    first_day: Array  # (events,) of the hazard, days since the grid's start
    days: Array  # (events,) how many days it lasts
    notice: Array  # (events,) periods
    payer: Array  # (events,) number of the payer, or −1
    recovery: Array  # (events,) share still paid
    delay: Array  # (events,) periods
    interest: Array  # (events,) a period, simple
    test: Array  # (events + 1,) start of each one's tests of an interim result
    test_row: Array  # input row
    test_below: Array
    test_level: Array
    begins: Array  # (instants,) days from the grid's start to each instant
    any: Array  # () 1 where there are events
    ends: Array  # () 1 where the contract can end early
    people: Array  # () 1 where some who are planned may never enrol
    interim: Array  # () 1 where an interim result can end it
    payers: Array  # () 1 where a payer can default or be late
    claim_rule: Array  # (claims,) what an early end does to it
    claim_stop: Array  # (claims,) the instant of the end, or the period delivered, or −1
    meant: Array  # (payments, events) 1 where the payment's rule means an end by the event
    bearer: Array  # (payers of payments,) number of the payer
    trigger: Array  # (guarantees,) 0 completion, 1 early termination, 2 either


class Scheduled(NamedTuple):
    """Fees and costs: amounts by instant as value × factor, or a share of a quantity."""

    value: Array  # (items,)
    yearly: Array  # (items,) 1 for an amount by the year, which ends with the contract
    factor: Array  # (items, instants)
    share_of: Array  # 0 amount, OF_CAPITAL_DRAWN, OF_OUTCOME_PAYMENTS
    shock: Array  # (items,) value: jump of the amount, or −1
    shock_from: Array  # (items,) first instant of it


class Ledger(NamedTuple):
    """Where each movement stands among the lines, and who feels it."""

    drawdown: Array  # (parts,) one for each class, or one for all capital
    part: Array  # (parts,) its share
    own: Array
    cost: Array
    kept: Array  # into the contract account, or −1
    released: Array
    spent: Array
    payment: Array  # (entries,) of `Classes.payment`; −1 for lines that nobody asks for
    distribution: Array  # (classes,)
    guarantee: Array
    scheduled: Array
    work: Array  # fee work or −1
    saving: Array  # (metrics,) or −1
    luck: Array
    cashable: Array
    public: Array
    metric_money: Array  # value of a unit, −1 for 1
    metric_cashable: Array  # value, or −1
    metric_public: Array  # value, or −1
    metric_lifted: Array  # 1 where effects are money, and so in the prices of their period already
    investor: Array  # (groups, lines) sign in the net of the investor, then of each class
    role: Array  # (groups, lines) PAID_IN, BOTH_WAYS, OWN_ROW, WITHHELD, or 0
    drawn: Array  # (groups,) share of every drawdown
    municipality: Array  # (payers, lines) sign in the net of the municipality, then of other payers
    payer_share: Array  # (payers, payments)
    several: Array  # () 1 where several parties pay
    society: Array
    society_cost: Array
    municipality_payment: (
        Array  # (payers, lines) 1 outcome payments, 2 activity payments, 3 fees that they pay
    )
    own_saving: Array  # (payers, lines) 1 for savings in pockets that they hold
    discount: Array  # (groups + payers + 1, instants), society last; NaN without a rate
    lift: Array  # (years and periods ahead,) price level by period
    periods_per_year: Array  # ()
    periods: Array  # ()


class Happened(NamedTuple):
    """What is known already; of most plans nothing.

    It is known of the first so many people of a cell's cohort. Rows of `words` stand person after
    person; where they start is −1 where nothing is known.
    """

    any: Array  # () 1 where anything of people is known
    first: Array  # () the path of the first column
    words: Array  # (rows, columns) uint32
    people: Array  # (cells, years) of how many it is known; of successes year 0
    outcome: Array  # (cells, years) first row of words of successes
    score: Array  # (cells, years) of the year's scores
    events: Array  # (cells, years) of the year's events themselves
    lasting: Array  # (cells,) of how many the lasting score is known
    person: Array  # (cells,) first row of words of lasting scores
    periods: Array  # () in how many periods from the start what has been spent is known
    spent: Array  # () what has been spent in them


class Reports(NamedTuple):
    """What is told of a path: groups of figures, and what of them and of the ledger one gets."""

    kind: Array  # (groups,) OF_INVESTOR …
    of: Array  # (groups,) class of capital, payer, metric or measure
    first: Array  # (groups,) place of the group's first figure
    places: Array  # () number of places
    figure: Array  # (figures,) place of each figure that is handed over
    line: Array  # (lines,) line of the ledger of each that is handed over
    supposed: Array  # () 1 where payments on the expected effect are read


class Plan(NamedTuple):
    """A scenario as arrays."""

    draws: Draws
    cohorts: Cohorts
    traces: Traces
    cells: Cells
    chains: Chains
    laws: Laws
    views: Views
    comparisons: Comparisons
    measures: Measures
    takings: Takings
    capital: Capital
    classes: Classes
    program: Program
    guarantees: Guarantees
    risks: Risks
    scheduled: Scheduled
    ledger: Ledger
    reports: Reports
    happened: Happened
