"""One run of an ingestion command: files in, outcomes shown, exit status returned.

Files are read one after another, in order, and settled in S3 and the catalog side by side.
"""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import awswrangler as wr
from botocore.exceptions import BotoCoreError, ClientError

from ingestion.clients import SharedSession
from ingestion.entity import Entity
from ingestion.fetch import FetchError, NotPublished, fetch
from ingestion.folder import look_into
from ingestion.keep import Received
from ingestion.lake import lake_of
from ingestion.land import Landing, Target, examine, prepare, settle
from ingestion.progress import bar
from ingestion.report import Outcome, as_json, complaints, of_landing, print_table, unavailable
from ingestion.settings import Settings, SettingsError, from_environment
from ingestion.workspace import sweep, workspace

ALL_GOOD, SOMETHING_REFUSED, WRONG_USE = 0, 1, 2
SETTLING_AT_ONCE = 4
WAITING = 2 * SETTLING_AT_ONCE
LOOK = "Is it up, and is the bucket there? Of the local AWS, `python -m localaws status` tells."
Work = Callable[[Target], list[Outcome]]


def from_path(path: Path, entity: Entity, json: bool) -> int:
    """Land the file at `path`, or the files for it of the folder there, by name; the exit status."""
    try:
        folder = look_into(path, entity)
    except OSError as error:
        return _say(f"{error}. Nothing was landed.", SOMETHING_REFUSED)
    what = f"called *.zip or *.txt, or begins like a ZIP or like a text of {entity.name}"
    if not folder.files:
        return _say(f"{path}: no file in this folder is {what}.", WRONG_USE)
    if folder.left_out:
        _say(f"Left out, since it is not {what}: {', '.join(folder.left_out)}", ALL_GOOD)
    return _run(lambda target: _land_all(folder.files, target), entity, json)


def from_url(address: Callable[[Settings], str], entity: Entity, json: bool) -> int:
    """Fetch the file at the address that the settings lead to, and land it; the exit status."""

    def work(target: Target) -> list[Outcome]:
        url = address(from_environment(os.environ))
        with workspace() as folder:
            try:
                with bar(url.rsplit("/", 1)[-1]) as shown:
                    received = fetch(url, folder, heard=shown.reach)
            except NotPublished as error:
                advice = "It was no session, or the file is not out yet."
                return [unavailable(url, f"{url}: {error.detail}.", "not_published", advice)]
            except FetchError as error:
                return [unavailable(url, error.detail, "not_fetched", error.advice)]
            return _land_all([received], target)

    return _run(work, entity, json)


def _run(work: Work, entity: Entity, json: bool) -> int:
    try:
        settings = from_environment(os.environ)
        session = SharedSession(settings.region)
        _refuse_real_aws(settings, session)
        sweep()
        outcomes = work(Target(entity, lake_of(settings), session))
    except SettingsError as error:
        return _say(str(error), WRONG_USE)
    except (BotoCoreError, ClientError, wr.exceptions.ServiceApiError) as error:
        return _say(f"AWS: {error}\n{LOOK}", SOMETHING_REFUSED)
    except OSError as error:
        return _say(f"{error}. What was landed before it stays landed; run it again.", SOMETHING_REFUSED)
    if json:
        print(as_json(outcomes))  # noqa: T201
    else:
        print_table(outcomes)
    for complaint in complaints(outcomes):
        _say(complaint, SOMETHING_REFUSED)
    return ALL_GOOD if all(outcome.is_good for outcome in outcomes) else SOMETHING_REFUSED


def _say(message: str, status: int) -> int:
    sys.stdout.flush()
    print(message, file=sys.stderr, flush=True)  # noqa: T201
    return status


def _refuse_real_aws(settings: Settings, session: SharedSession) -> None:
    if settings.target == "local" and "amazonaws.com" in session.client("s3").meta.endpoint_url:
        raise SettingsError(
            "FINLAKE_TARGET is 'local' and AWS_ENDPOINT_URL is not set: this would go to AWS itself.\n"
            "Start the local AWS and take its settings:\n"
            '  python -m localaws up --detach && eval "$(python -m localaws env)"'
        )


def _land_all(received: list[Received], target: Target) -> list[Outcome]:
    prepare(target)
    settling: list[Future[Landing]] = []
    underway: set[str] = set()
    pool = ThreadPoolExecutor(SETTLING_AT_ONCE)
    try:
        with bar("landing", sum(file.size for file in received)) as shown:
            for file, landed_at in zip(received, _moments(), strict=False):
                shown.name(file.name)
                examined = examine(file, target, landed_at, frozenset(underway), shown.advance)
                underway.add(examined.row.file_hash)
                settling.append(pool.submit(settle, examined, target))
                if len(settling) > WAITING:
                    settling[-WAITING].result()
            return [of_landing(landing.result()) for landing in settling]
    finally:
        pool.shutdown(cancel_futures=True)


def _moments() -> Iterator[datetime]:
    """Landing times of the files of a run: now, in UTC, and never the same millisecond twice."""
    moment = datetime.min
    while True:
        moment = max(datetime.now(UTC).replace(tzinfo=None), moment + timedelta(milliseconds=1))
        yield moment
