"""NextToken: where the next page begins, of what, and since when; opaque to the client."""

import base64
import json
import time
from collections.abc import Sequence
from typing import Any, TypeVar

from localaws.athena.errors import invalid_request

T = TypeVar("T")

# AWS says of Athena's tokens neither that they stay nor how long; of other services' that they stay a day.
LIFETIME_SECONDS = 24 * 60 * 60
now = time.time


def offset_of(token: str | None, of: str = "") -> int:
    """Where the page begins. Raises ApiError for a token that is not ours, of another query or too old."""
    if token is None:
        return 0
    try:
        owner, offset, given = json.loads(base64.urlsafe_b64decode(token.encode()))
        begin, age = int(offset), now() - float(given)
    except (TypeError, ValueError) as error:
        raise invalid_request(f"Invalid NextToken: {token}") from error
    if owner != of:
        raise invalid_request(f"Invalid NextToken: {token}")
    if age > LIFETIME_SECONDS:
        raise invalid_request(f"NextToken has expired: {token}")
    return begin


def token_of(offset: int, of: str = "") -> str:
    """The token of the page that begins there, of a query's results or of a list."""
    return base64.urlsafe_b64encode(json.dumps([of, offset, now()]).encode()).decode()


def page(items: Sequence[T], payload: dict[str, Any], largest: int) -> tuple[list[T], dict[str, Any]]:
    """The items of the page asked for, and the NextToken member if more follow."""
    size = int(payload.get("MaxResults", largest))
    if not 1 <= size <= largest:
        raise invalid_request(f"MaxResults must be between 1 and {largest}")
    start = offset_of(payload.get("NextToken"))
    end = start + size
    return list(items[start:end]), {"NextToken": token_of(end)} if end < len(items) else {}
