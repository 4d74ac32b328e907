"""Files of this machine to objects of S3."""

from pathlib import Path

import boto3
from boto3.s3.transfer import TransferConfig

S3 = "s3://"
# boto3's own 8 MiB make many requests, each of which is signed, answered and put together again.
PIECE_BYTES = 64 << 20
IN_PIECES = TransferConfig(multipart_threshold=PIECE_BYTES, multipart_chunksize=PIECE_BYTES)


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of an s3:// address; a key may have any character in it, as # and ?."""
    bucket, _, key = uri.removeprefix(S3).partition("/")
    return bucket, key


def upload(path: Path, uri: str, session: boto3.Session) -> None:
    """Upload the file at `path` to `uri`, in pieces when it is large: a file never has to fit into memory."""
    bucket, key = split_uri(uri)
    session.client("s3").upload_file(str(path), bucket, key, Config=IN_PIECES)
