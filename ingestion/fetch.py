"""Fetching a published file over HTTP, politely and until it is whole."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from ingestion.keep import Received

HEADERS = {"User-Agent": "finlake (a data lake's ingestion; python-requests)"}
TIMEOUT_SECONDS = (10, 60)
PIECE_BYTES = 1 << 20
PAGE = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<script")

Heard = Callable[[int, int | None], None]


@dataclass(eq=False)
class NotPublished(Exception):  # noqa: N818 (an answer, not a fault)
    """The source answered, and has no such file: a day without a session, or not yet."""

    url: str
    detail: str


@dataclass(eq=False)
class FetchError(Exception):
    """The source did not answer with the file, again and again; `advice` is what to do."""

    url: str
    detail: str
    advice: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try, and how long to wait in between: doubling from `first_wait` seconds, with jitter."""

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 30.0


PATIENCE = Patience()
TRUST = "Update certifi, or let REQUESTS_CA_BUNDLE name a file with the issuer's certificate."


def _say(message: str) -> None:
    """A line for who waits."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201


def fetch(
    url: str,
    folder: Path,
    patience: Patience | None = None,
    heard: Heard = lambda _got, _all: None,
    name: str | None = None,
) -> Received:
    """Fetch `url` into `folder`, under `name` or the one it has there.

    `heard` is told the bytes got, and of how many. Who waits is told what went wrong, and when it is tried
    again.

    Raises NotPublished for what B3 answers on a day without a session (404, nothing at all, or a page), and
    FetchError when it stays away. What else comes is a file; whether it is whole is judged by who reads it.
    """
    patience = patience or PATIENCE
    path = folder / (name or PurePosixPath(urlsplit(url).path).name)
    retrying = Retrying(
        stop=stop_after_attempt(patience.attempts),
        wait=wait_exponential_jitter(
            multiplier=patience.first_wait, max=patience.longest_wait, jitter=patience.first_wait
        ),
        retry=retry_if_exception(_worth_another_try),
        before_sleep=lambda tried: _say(f"{path.name}: {_next_try(tried, url, patience)}"),
        reraise=True,
    )
    try:
        retrying(_download, url, path, heard)
    except requests.exceptions.SSLError as error:
        raise FetchError(url, f"its certificate is not trusted: {error}", TRUST) from error
    except requests.RequestException as error:
        tried = retrying.statistics["attempt_number"]
        times = f"{tried} times" if tried > 1 else "once"
        raise FetchError(url, f"{_in_short(error, url)} (tried {times}).", "Try again later.") from error
    with path.open("rb") as file:
        begin = file.read(256)
    if not begin:
        raise NotPublished(url, "the answer is empty")
    if begin.lstrip().lower().startswith(PAGE):
        raise NotPublished(url, "the answer is a page and not a file")
    return Received(path=path, origin=url)


def _download(url: str, path: Path, heard: Heard) -> None:
    with requests.get(url, headers=HEADERS, stream=True, timeout=TIMEOUT_SECONDS) as response:
        if response.status_code in (404, 410):
            raise NotPublished(url, f"the answer is {response.status_code}")
        response.raise_for_status()
        length = response.headers.get("Content-Length", "")
        whole = int(length) if length.isdecimal() else None
        got = 0
        with path.open("wb") as file:
            for piece in response.iter_content(PIECE_BYTES):
                file.write(piece)
                got += len(piece)
                heard(got, whole)


def _next_try(tried: RetryCallState, url: str, patience: Patience) -> str:
    error = tried.outcome.exception() if tried.outcome else None
    seconds = tried.next_action.sleep if tried.next_action else 0.0
    number = f"{tried.attempt_number + 1} of {patience.attempts}"
    return f"{_in_short(error, url)}; trying again in {seconds:.0f} s ({number})."


def _in_short(error: BaseException | None, url: str) -> str:
    """What went wrong where it began: requests wraps it in the words of all who passed it on."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"{error.response.status_code} {error.response.reason}".strip()
    while error is not None and (inner := error.__cause__ or error.__context__):
        error = inner
    words = (isinstance(error, OSError) and error.strerror) or str(error)
    return f"{urlsplit(url).netloc}: {words}"


def _worth_another_try(error: BaseException) -> bool:
    if isinstance(error, requests.HTTPError):
        status = error.response.status_code if error.response is not None else 0
        return status == 429 or status >= 500
    passing = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, passing) and not isinstance(error, requests.exceptions.SSLError)
