"""The fund's account on one path, in plain Python: slow, and written apart from the other."""

from __future__ import annotations

import math


def account(terms, offers):  # noqa: C901
    """`terms` a dict; `offers` dicts with year, municipality, wanted, promise, fee, streams, back.

    A stream is (year, amount, recovered, recoverable, back_year). Returns a dict of results.
    """
    years = terms["years"]
    balance = outstanding = promised_ever = lapsed_amount = topped_up = paid_ever = 0.0
    refused = short = lapsed = math.inf
    happens = [False] * len(offers)
    paid = [[0.0] * len(offer["streams"]) for offer in offers]
    claimed = [0.0] * len(offers)
    drawn_cap = [0.0] * len(offers)
    by_town = {}
    recovery = [0.0] * (years + 1)
    history = {"claims": [], "balance": [], "promised": [], "recoveries": []}
    for year in range(years):
        incoming = terms["appropriations"][year] if year < len(terms["appropriations"]) else 0.0
        if year == 0:
            incoming += terms["capital"]
        balance += incoming
        lag = terms["lapses_after"]
        if lag is not None and year >= lag:
            old = sum(terms["appropriations"][: year - lag + 1]) + terms["capital"]
            free = max(balance - outstanding / terms["leverage"], 0.0)
            gone = min(max(old - lapsed_amount - promised_ever / terms["leverage"], 0.0), free)
            if gone > 0.005:
                lapsed = min(lapsed, year)
                lapsed_amount += gone
                balance -= gone
        spent = min(terms["administration"], max(balance, 0.0))
        topped_up += terms["administration"] - spent
        balance -= spent
        room = terms["leverage"] * max(balance, 0.0) - outstanding
        slack = 1e-9 * abs(balance)
        for i, offer in enumerate(offers):
            if offer["year"] != year or not offer["wanted"]:
                continue
            if offer["promise"] > room + slack:
                refused = min(refused, year)
                continue
            happens[i] = True
            room -= offer["promise"]
            outstanding += offer["promise"]
            promised_ever += offer["promise"]
            balance += offer["fee"]
            slack = 1e-9 * abs(balance)
        history["promised"].append(outstanding)
        balance *= 1 + terms["interest"]
        due = [
            (i, k)
            for i, offer in enumerate(offers)
            for k, stream in enumerate(offer["streams"])
            if stream[0] == year and happens[i]
        ]
        amounts = []
        this_year = 0.0
        for i, k in due:
            whole = offers[i]["streams"][k][1]
            town = offers[i]["municipality"]
            amount = min(whole, max(terms["cap_per_contract"] - drawn_cap[i], 0.0))
            amount = min(amount, max(terms["cap_per_municipality"] - by_town.get(town, 0.0), 0.0))
            if math.isfinite(terms["cap_portfolio"]):
                left = terms["cap_portfolio"] * promised_ever - paid_ever - this_year
                amount = min(amount, max(left, 0.0))
            by_town[town] = by_town.get(town, 0.0) + amount
            drawn_cap[i] += amount
            claimed[i] += whole
            this_year += amount
            amounts.append(amount)
        total = sum(amounts)
        paid_ever += total
        there = max(balance, 0.0)
        if total > balance + 0.005:
            short = min(short, year)
        if terms["when_empty"] == "top-up":
            topped_up += max(total - there, 0.0)
            balance -= min(total, there)
        else:
            left = there
            for place, amount in enumerate(amounts):
                if terms["when_empty"] == "pro rata":
                    amounts[place] = amount * (there / total) if total > there else amount
                else:
                    amounts[place] = min(amount, left)
                    left -= amounts[place]
            balance -= min(total, there)
        for (i, k), amount in zip(due, amounts, strict=True):
            paid[i][k] = amount
            _, _, share, most, back_year = offers[i]["streams"][k]
            recovery[back_year] += min(share * amount, max(most, 0.0))
            if k == len(offers[i]["streams"]) - 1:
                outstanding -= offers[i]["promise"]
        back = recovery[year]
        for i, offer in enumerate(offers):
            for when, amount in offer["back"]:
                if when == year and happens[i]:
                    whole = claimed[i]
                    back += amount * (sum(paid[i]) / whole if whole > 0.005 else 1.0)
        balance += back
        history["claims"].append(sum(amounts))
        history["recoveries"].append(back)
        history["balance"].append(balance)
    return {
        **history,
        "happens": happens,
        "paid": paid,
        "refused": refused,
        "short": short,
        "lapsed": lapsed,
        "lapsed_amount": lapsed_amount,
        "topped_up": topped_up,
    }
