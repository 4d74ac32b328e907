"""One run of an ingestion command: files in, outcomes shown, exit status returned."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from ingestion.entity import Entity
from ingestion.fetch import FetchError, NotPublished, fetch
from ingestion.keep import Received
from ingestion.lake import Lake, lake_of
from ingestion.land import land, prepare
from ingestion.report import Outcome, as_json, complaints, of_landing, print_table, unavailable
from ingestion.settings import Settings, SettingsError, from_environment

SUFFIXES = (".zip", ".txt")
ALL_GOOD, SOMETHING_REFUSED, WRONG_USE = 0, 1, 2


def settings_or_exit() -> Settings:
    """The settings of this process. Ends it with status 2 when they do not do."""
    try:
        return from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        raise SystemExit(WRONG_USE) from error


def files_in(path: Path) -> list[Received]:
    """The file at `path`, or the ZIP and text files of the folder there, by name."""
    paths = [path] if path.is_file() else sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
    return [Received(path=p, origin=str(p)) for p in paths if p.is_file()]


def from_path(path: Path, entity: Entity, settings: Settings, json: bool) -> int:
    """Land what is at `path`; the exit status."""
    received = files_in(path)
    if not received:
        print(f"{path}: no *.zip and no *.txt file in this folder.", file=sys.stderr)  # noqa: T201
        return WRONG_USE
    return _run(lambda lake, session: _land_all(received, entity, lake, session), settings, json)


def from_url(url: str, entity: Entity, settings: Settings, json: bool) -> int:
    """Fetch one file and land it; the exit status."""

    def work(lake: Lake, session: boto3.Session) -> list[Outcome]:
        with TemporaryDirectory(prefix="finlake-fetch-") as folder:
            try:
                received = fetch(url, Path(folder))
            except NotPublished as error:
                advice = "It was no session, or the file is not out yet."
                return [
                    unavailable(url, f"There is no such file at {url}: {error.detail}.", "no_session", advice)
                ]
            except FetchError as error:
                return [unavailable(url, error.detail, "not_fetched", "Try again later.")]
            return _land_all([received], entity, lake, session)

    return _run(work, settings, json)


def _run(work: Callable[[Lake, boto3.Session], list[Outcome]], settings: Settings, json: bool) -> int:
    session = boto3.Session(region_name=settings.region)
    try:
        _refuse_real_aws(settings, session)
        outcomes = work(lake_of(settings), session)
    except (BotoCoreError, ClientError) as error:
        print(f"AWS: {error} Is the local AWS up? `python -m localaws status` tells.", file=sys.stderr)  # noqa: T201
        return SOMETHING_REFUSED
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return WRONG_USE
    if json:
        print(as_json(outcomes))  # noqa: T201
    else:
        print_table(outcomes, Console())
    for complaint in complaints(outcomes):
        print(complaint, file=sys.stderr)  # noqa: T201
    return ALL_GOOD if all(outcome.is_good for outcome in outcomes) else SOMETHING_REFUSED


def _refuse_real_aws(settings: Settings, session: boto3.Session) -> None:
    address = session.client("s3").meta.endpoint_url
    if settings.target == "local" and "amazonaws.com" in address:
        raise SettingsError(
            "FINLAKE_TARGET is 'local' and AWS_ENDPOINT_URL is not set, so this would go to AWS itself. "
            'Start the local AWS and take its settings: python -m localaws up --detach; eval "$(python -m localaws env)"'
        )


def _land_all(
    received: Iterable[Received], entity: Entity, lake: Lake, session: boto3.Session
) -> list[Outcome]:
    received = list(received)
    prepare(lake, entity, session)
    outcomes = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as progress:
        task = progress.add_task("landing", total=sum(file.size for file in received))
        for file in received:
            progress.update(task, description=file.name)
            outcomes.append(
                of_landing(land(file, entity, lake, session, lambda size: progress.advance(task, size)))
            )
    return outcomes
