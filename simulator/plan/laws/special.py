"""scipy.special, imported when one of its functions is first asked for.

It takes a tenth of a second to load, as long as building a plan, and a plan whose tables are kept
(`remembered`) asks for none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scipy.special import (
        betainc,
        betaincc,
        betaincinv,
        expit,
        gammainc,
        gammaincc,
        gammainccinv,
        gammaincinv,
        log_ndtr,
        ndtr,
        ndtri,
        ndtri_exp,
        pdtr,
        pdtrc,
        stdtr,
        stdtrit,
    )

__all__ = [
    "betainc",
    "betaincc",
    "betaincinv",
    "expit",
    "gammainc",
    "gammaincc",
    "gammainccinv",
    "gammaincinv",
    "log_ndtr",
    "ndtr",
    "ndtri",
    "ndtri_exp",
    "pdtr",
    "pdtrc",
    "stdtr",
    "stdtrit",
]


def __getattr__(name: str) -> Any:
    """The function of that name, kept here for the next time."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from scipy import special

    found = globals()[name] = getattr(special, name)
    return found
