"""`python -m dictionary.b3_holidays` writes the seed of the exchange's holidays, from exchange-calendars."""

from datetime import date
from pathlib import Path

import exchange_calendars
import typer

SEED = Path(__file__).parents[1] / "seeds" / "b3" / "b3_holidays.csv"
CALENDAR = "BVMF"
# Of the years before, the library knows the holidays that follow a rule, and not the others.
FIRST, LAST = date(2000, 1, 1), date(2035, 12, 31)


def rendered() -> str:
    """The seed: the days from Monday to Friday on which the exchange does not trade."""
    calendar = exchange_calendars.get_calendar(CALENDAR, start=str(FIRST), end=str(LAST))
    sessions = {session.date() for session in calendar.sessions}
    days = (date.fromordinal(number) for number in range(FIRST.toordinal(), LAST.toordinal() + 1))
    closed = [str(day) for day in days if day.weekday() < 5 and day not in sessions]
    return "\n".join(["dt_feriado", *closed, ""])


def main() -> None:
    """Write the seed of the exchange's holidays."""
    SEED.write_text(rendered(), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
