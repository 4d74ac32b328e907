"""Why a file is refused: the error that ingestion shows to people and keeps in the control table."""

from dataclasses import dataclass


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 (a refusal is an answer about a file, not a fault of the program)
    """A whole file that is not landed.

    `reason` is the code kept in the control table (`no_trailer`), `detail` a sentence with numbers and
    places, `advice` what the reader can do, `line` the line of the text, from 1, where it shows, if there is
    one. `header_date` and `rows_expected` are what the file itself says, as far as it could be read.
    """

    reason: str
    detail: str
    advice: str
    line: int | None = None
    header_date: str | None = None
    rows_expected: int | None = None

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"
