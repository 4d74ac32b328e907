"""NextToken: an offset, opaque to the client."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from localaws.athena.errors import invalid_request

T = TypeVar("T")


def offset_of(token: str | None) -> int:
    """Where the page begins. Raises ApiError for a token that is not ours."""
    if token is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token.encode()).decode())
    except (binascii.Error, ValueError) as error:
        raise invalid_request(f"Invalid NextToken: {token}") from error


def token_of(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode()


def page(items: Sequence[T], payload: dict[str, Any], largest: int) -> tuple[list[T], dict[str, Any]]:
    """The items of the page asked for, and the NextToken member if more follow."""
    size = int(payload.get("MaxResults", largest))
    if not 1 <= size <= largest:
        raise invalid_request(f"MaxResults must be between 1 and {largest}")
    start = offset_of(payload.get("NextToken"))
    end = start + size
    return list(items[start:end]), {"NextToken": token_of(end)} if end < len(items) else {}
