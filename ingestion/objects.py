"""Files of this machine to objects of S3."""

from pathlib import Path
from urllib.parse import urlsplit

import boto3
from boto3.s3.transfer import TransferConfig

# boto3's own 8 MiB make many requests, each of which is signed, answered and put together again.
PIECE_BYTES = 64 << 20
IN_PIECES = TransferConfig(multipart_threshold=PIECE_BYTES, multipart_chunksize=PIECE_BYTES)


def upload(path: Path, uri: str, session: boto3.Session) -> None:
    """Upload the file at `path` to `uri`, in pieces when it is large: a file never has to fit into memory."""
    place = urlsplit(uri)
    session.client("s3").upload_file(str(path), place.netloc, place.path.lstrip("/"), Config=IN_PIECES)
