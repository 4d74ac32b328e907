"""Files of this machine to objects of S3."""

from pathlib import Path
from urllib.parse import urlsplit

import boto3


def upload(path: Path, uri: str, session: boto3.Session) -> None:
    """Upload the file at `path` to `uri`, in pieces when it is large: a file never has to fit into memory."""
    place = urlsplit(uri)
    session.client("s3").upload_file(str(path), place.netloc, place.path.lstrip("/"))
