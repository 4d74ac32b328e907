"""What a command asks a service for, and the whole answer: all pages of it, or none."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingestion.fetch import Heard, fetch
from ingestion.keep import Received

# Nobody is in a hurry, and the server is not ours.
PAUSE_SECONDS = 1.0
NO_SESSION = "It was no session, or the file is not out yet."


@dataclass(frozen=True, slots=True)
class Question:
    """One file to be fetched, under the name by which it is kept.

    `address` is where a page of it is, from 1 on, and `pages` tells by the first how many there are. What was
    received at `final_from` (UTC) or later is not asked for again; where the answer leads on, that is told by
    the last file of it, `final_name`. `absent` is the advice where nothing is there. `then` tells by the
    answer what is asked next.
    """

    name: str
    address: Callable[[int], str]
    pages: Callable[[Path], int] = lambda _: 1
    final_from: datetime | None = None
    final_name: str | None = None
    absent: str = NO_SESSION
    then: Callable[[Path], list["Question"]] = lambda _: []


def ask(question: Question, folder: Path, heard: Heard) -> Received:
    """Fetch a file into `folder`, page after page with a pause between. Raises as `fetch` does.

    An answer of one page is what was sent, byte for byte; pages are put one after another into a JSON list.
    """
    first = fetch(question.address(1), folder, heard=heard, name=question.name)
    texts = [first.path.read_bytes()] if (count := question.pages(first.path)) > 1 else []
    for number in range(2, count + 1):
        time.sleep(PAUSE_SECONDS)
        page = fetch(question.address(number), folder, heard=heard, name=f"{question.name}.page-{number}")
        texts.append(page.path.read_bytes())
    if texts:
        first.path.write_bytes(b"[" + b",\n".join(texts) + b"]")
    return first
