"""Names of the rows by year that each payer has of its own."""

MUNICIPALITY = "outcome_payer"


def part_name(part: str, party: str) -> str:
    """The rows of a part of a payer's budget by year; of the lead municipality without a name."""
    return f"year.{part}" if party == MUNICIPALITY else f"year.{part}.{party}"


def year_name(part: str, party: str, year: int) -> str:
    """The row of one year."""
    return f"{part_name(part, party)}.{year}"


def cumulative_name(party: str) -> str:
    """The rows of a payer's running total by year."""
    return part_name("cumulative", party)
