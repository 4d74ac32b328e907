"""One run of an ingestion command: files in, outcomes shown, exit status returned.

Files are read one after another, in order, and settled in S3 and the catalog side by side.
"""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import awswrangler as wr
from botocore.exceptions import BotoCoreError, ClientError

from ingestion import control
from ingestion.clients import SharedSession, session_of
from ingestion.domains import ENTITIES
from ingestion.entity import Entity
from ingestion.fetch import FetchError, NotPublished
from ingestion.folder import Folder, Offered, look_into, look_into_s3, of_path
from ingestion.keep import Received
from ingestion.lake import Lake, lake_of
from ingestion.land import Examined, Landing, Target, examine, prepare, settle
from ingestion.objects import S3
from ingestion.progress import bar
from ingestion.question import PAUSE_SECONDS, Question, ask
from ingestion.report import Outcome, as_json, complaints, of_landing, print_table, unavailable
from ingestion.settings import Settings, SettingsError, from_environment
from ingestion.source import Source
from ingestion.workspace import sweep, workspace

ALL_GOOD, SOMETHING_REFUSED, WRONG_USE = 0, 1, 2
SETTLING_AT_ONCE = 4
WAITING = 2 * SETTLING_AT_ONCE
LOOK = "Is it up, and is the bucket there? Of the local AWS, `python -m localaws status` tells."


@dataclass(frozen=True, slots=True)
class _Lands:
    """Where a run lands what it is given, and what became of it so far."""

    source: Source
    lake: Lake
    session: SharedSession
    outcomes: list[Outcome]

    def target(self, entity: Entity) -> Target:
        return Target(entity, self.lake, self.session)


class _NothingThereError(Exception):
    """The place that the command names has no file for it."""


Work = Callable[[_Lands], None]


def from_path(place: str | Path, source: Source, json: bool) -> int:
    """Land the file at a path or s3:// address, or the source's files of a folder there; the exit status."""
    if str(place).startswith(S3):
        uri = str(place)
        return _run(
            lambda lands: _land_all(_meant(uri, look_into_s3(uri, source, lands.session), source), lands),
            source,
            json,
        )
    try:
        files = _meant(str(place), look_into(Path(place), source), source)
    except OSError as error:
        return _say(f"{error}. Nothing was landed.", SOMETHING_REFUSED)
    except _NothingThereError as error:
        return _say(str(error), WRONG_USE)
    return _run(lambda lands: _land_all(files, lands), source, json)


def from_web(questions: Callable[[Settings], list[Question]], source: Source, json: bool) -> int:
    """Ask what the settings lead to, one question after another, and land each answer; the exit status.

    An answer is landed before the next question, so that a run that was killed goes on where it stopped.
    """

    def work(lands: _Lands) -> None:
        waiting = questions(from_environment(os.environ))
        while waiting:
            asked, waiting = _not_here_yet(waiting, lands), []
            for number, question in enumerate(asked, start=1):
                if lands.outcomes:
                    time.sleep(PAUSE_SECONDS)
                place = f", {number} of {len(asked)}" if len(asked) > 1 else ""
                waiting += _asked(question, place, lands)

    return _run(work, source, json)


def _asked(question: Question, place: str, lands: _Lands) -> list[Question]:
    """What is asked next because of the answer, which is landed."""
    with workspace() as folder:
        try:
            with bar(f"{question.name}{place}") as shown:
                received = ask(question, folder, shown.reach)
        except NotPublished as error:
            detail = f"{error.url}: {error.detail}."
            missing = unavailable(question.name, error.url, detail, "not_published", question.absent)
        except FetchError as error:
            missing = unavailable(question.name, error.url, error.detail, "not_fetched", error.advice)
        else:
            _land_all([of_path(received.path, received.origin)], lands)
            return question.then(received.path) if lands.outcomes[-1].is_good else []
    lands.outcomes.append(missing)
    return []


def _not_here_yet(questions: list[Question], lands: _Lands) -> list[Question]:
    """The questions whose answers have not been received for good; who waits is told of the others."""
    moments = [question.final_from for question in questions if question.final_from]
    if not moments:
        return questions
    here: dict[str, datetime] = {}
    for entity in lands.source.entities:
        here |= control.received_since(lands.lake, entity.domain, entity.name, min(moments), lands.session)
    final = [
        one
        for one in questions
        if one.final_from and here.get(one.final_name or one.name, datetime.min) >= one.final_from
    ]
    if final:
        _say(f"Here already, and not asked for again: {', '.join(one.name for one in final)}", ALL_GOOD)
    return [question for question in questions if question not in final]


def _meant(place: str, folder: Folder, source: Source) -> list[Offered]:
    if not folder.files:
        raise _NothingThereError(f"{place}: no file in this folder is {source.what}.")
    if folder.left_out:
        _say(f"Left out, since it is not {source.what}: {', '.join(folder.left_out)}", ALL_GOOD)
    return folder.files


def _run(work: Work, source: Source, json: bool) -> int:
    outcomes: list[Outcome] = []
    remarks: list[str] = []
    trouble = None
    try:
        settings = from_environment(os.environ)
        session = session_of(settings)
        sweep()
        lands = _Lands(source, lake_of(settings), session, outcomes)
        _prepare_all(lands)
        work(lands)
        remarks = source.remarks(outcomes, lands.lake, session)
    except (SettingsError, _NothingThereError) as error:
        return _say(str(error), WRONG_USE)
    except (BotoCoreError, ClientError, wr.exceptions.ServiceApiError) as error:
        trouble = f"AWS: {error}\n{LOOK}"
    except OSError as error:
        trouble = f"{error}. What was landed before it stays landed; run it again."
    if json:
        print(as_json(outcomes))  # noqa: T201
    elif outcomes or trouble is None:
        print_table(outcomes)
    for said in (*complaints(outcomes), *([trouble] if trouble else remarks)):
        _say(said, SOMETHING_REFUSED)
    all_good = trouble is None and all(outcome.is_good for outcome in outcomes)
    return ALL_GOOD if all_good else SOMETHING_REFUSED


def _say(message: str, status: int) -> int:
    sys.stdout.flush()
    print(message, file=sys.stderr, flush=True)  # noqa: T201
    return status


def _prepare_all(lands: _Lands) -> None:
    # All tables there are, the other domains' empty: the project is built as one, whatever has landed so far.
    for entity in ENTITIES:
        prepare(lands.target(entity))


def _land_all(files: list[Offered], lands: _Lands) -> None:
    """Land the files; when AWS or this machine fails underway, what landed all the same is told."""
    settling: list[Future[Landing]] = []
    underway: dict[str, set[str]] = defaultdict(set)
    pool = ThreadPoolExecutor(SETTLING_AT_ONCE)
    try:
        with bar("landing", sum(file.size for file in files)) as shown:
            for file, landed_at in zip(files, _moments(), strict=False):
                shown.name(file.name)
                target = lands.target(lands.source.entity_of(file.name))
                of_kind = underway[target.entity.name]
                examined = _examined(file, target, landed_at, frozenset(of_kind), shown.advance)
                if examined.row.status == "landed":
                    of_kind.add(examined.row.file_hash)
                settling.append(pool.submit(settle, examined, target))
                if len(settling) > WAITING:
                    settling[-WAITING].result()
            for landing in settling:
                landing.result()
    finally:
        pool.shutdown(cancel_futures=True)
        settled = (one for one in settling if not one.cancelled() and one.exception() is None)
        lands.outcomes.extend(of_landing(landing.result()) for landing in settled)


def _examined(
    file: Offered,
    target: Target,
    landed_at: datetime,
    underway: frozenset[str],
    on_read: Callable[[float], None],
) -> Examined:
    """The file read and judged; what it takes to have it here is given back when it is settled."""
    with ExitStack() as held:
        received = Received(held.enter_context(file.at_hand()), file.origin)
        examined = examine(received, target, landed_at, underway, on_read)
        examined.held.push(held.pop_all())
        return examined


def _moments() -> Iterator[datetime]:
    """Landing times of the files of a run: now, in UTC, and never the same millisecond twice."""
    moment = datetime.min
    while True:
        moment = max(datetime.now(UTC).replace(tzinfo=None), moment + timedelta(milliseconds=1))
        yield moment
