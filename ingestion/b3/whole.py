"""When a COTAHIST file is whole: what it spans by its dates, and how the trailer of such a file counts.

TOTREG, the trailer's count, is the rows (01) and two more (header and trailer) in a day's file, and the rows
alone in a year's file of 2025 or later. Of older years' files both ways have been seen, of months' files
neither way is sure: there a file counted with two more cannot be told from one that lost two rows, and lands.
A year's file is told from a month's where its first rows are from before the month before its header's; so
one of January or February counts as a month's. One of a single session is taken for a day's.

Lines of another width or type are kept as malformed rows. Such a line is mostly a row that was damaged, so it
counts as a row; it may also be one that was never counted (a blank line) or half of one (a stray line break),
so up to as many as there are of them may be missing from TOTREG, and none from the file: a file with one odd
line lands, and a file that lacks lines is refused unless an odd line, kept, stands in the place of each.
Where both ways of counting are possible that holds for the rows alone; with two more, every line is counted.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

FIRST_DAY = date(1986, 1, 1)
HEADER_AND_TRAILER = 2
FIRST_YEAR_OF_ROWS_ALONE = 2025
NEARLY_ALL = 0.9

Dates = NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class Counting:
    """How a kind of file counts: so many `besides` its rows, the likelier first; and that in words."""

    besides: tuple[int, ...]
    words: str


OF_A_DAY = Counting((HEADER_AND_TRAILER,), "a day's file counts them and two more")
OF_A_RECENT_YEAR = Counting(
    (0,), f"a year's file of {FIRST_YEAR_OF_ROWS_ALONE} or later counts them and nothing more"
)
OF_OTHERS = Counting(
    (0, HEADER_AND_TRAILER), "a month's or an older year's file counts them alone, or them and two more"
)


def file_scope(dates: Dates, header_date: date) -> str:
    """`day` when most rows have the header's date, or nearly all have one other date; otherwise `range`.

    `dates` (YYYYMMDD) are those of the first rows. A day's file whose header has the wrong date is so a
    day's file still, in which each row's date contradicts the header.
    """
    if 2 * np.count_nonzero(dates == _written(header_date)) > len(dates) or not len(dates):
        return "day"
    _, counts = np.unique(dates, return_counts=True)
    return "day" if counts.max() >= NEARLY_ALL * len(dates) else "range"


def counting(dates: Dates, header_date: date, scope: str) -> Counting:
    """How a file counts whose first rows have these dates (YYYYMMDD)."""
    if scope == "day":
        return OF_A_DAY
    month_before = (header_date.replace(day=1) - timedelta(days=1)).replace(day=1)
    earlier = (dates >= _written(FIRST_DAY)) & (dates < _written(month_before))
    is_a_years = 2 * np.count_nonzero(earlier) > len(dates)
    if is_a_years and header_date.year >= FIRST_YEAR_OF_ROWS_ALONE:
        return OF_A_RECENT_YEAR
    return OF_OTHERS


def is_whole(expected: int, rows: int, malformed: int, how: Counting) -> bool:
    """Whether a trailer's count fits a file of so many rows and other lines, by the rule told above."""
    lines = rows + malformed
    likely, *others = how.besides
    return rows <= expected - likely <= lines or expected - lines in others


def _written(day: date) -> NDArray[np.bytes_]:
    return np.array(f"{day:%Y%m%d}".encode(), dtype="S8")
