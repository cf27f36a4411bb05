"""What the contract pays at most, whatever its payments say, in words."""

from __future__ import annotations

from simulator.views.words.names import Names


def limit_sentences(names: Names) -> list[str]:
    """Every limit, and what is cut first."""
    limits, found = names.scenario.limits, []
    investor = names.inside("investor")
    if limits.total is not None:
        amount = names.value(limits.total, "money")
        found.append(names.say("limit.total", amount=amount, investor=investor))
    if limits.multiple is not None:
        share = names.value(limits.multiple, "share")
        found.append(names.say("limit.multiple", share=share, investor=investor))
    if limits.per_period is not None:
        amount = names.value(limits.per_period, "money")
        found.append(names.say("limit.per_period", amount=amount, investor=investor))
    if limits.per_service_user is not None:
        amount = names.value(limits.per_service_user, "money")
        found.append(names.say("limit.per_service_user", amount=amount, investor=investor))
    if limits.annual_return is not None:
        rate = names.value(limits.annual_return.rate, "share")
        found.append(names.say(f"limit.annual_return.{limits.annual_return.form}", rate=rate))
    if not found:
        return [names.say("limit.none")] if names.scenario.payments else []
    return [*found, names.say("limit.cut")]
