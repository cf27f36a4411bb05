"""What was asked of rare futures: losses beside the curve of losses, any other figure in a list."""

from __future__ import annotations

from simulator.views.deciding import Deciding
from simulator.views.rare import is_loss, told_whole
from simulator.views.report.parts import Bullets, Part
from simulator.views.report.source import Told


def rare_losses(told: Told) -> tuple[str, ...]:
    """One paragraph of all losses that were looked for by themselves, in the order asked."""
    sentences = _answers(told, losses=True)
    if not sentences:
        return ()
    return (told.language.say("rare.report", sentences=" ".join(sentences)),)


def rare_parts(told: Told) -> tuple[Part, ...]:
    """Every other question, in the order asked."""
    items = _answers(told, losses=False)
    return (Bullets(tuple(items), told.language.say("rare.title")),) if items else ()


def _answers(told: Told, *, losses: bool) -> list[str]:
    asked, deciding = told.run.analyses.get("rare", {}).get("rare", []), Deciding(told.names)
    return [told_whole(data, deciding) for data in asked if is_loss(data) == losses]
