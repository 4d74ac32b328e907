"""The checksum of an upload in parts is moto's, of parts that nobody has in memory."""

import itertools

import pytest
from moto.s3.models import MultipartChecksumBuilder

from localaws.storage.checksum import PartsChecksum

PARTS = (b"x" * 3_000_000, b"", b"the end")
ALGORITHMS = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")


@pytest.mark.parametrize(
    ("algorithm", "kind"), list(itertools.product(ALGORITHMS, (None, "COMPOSITE", "FULL_OBJECT")))
)
def test_it_is_motos_whatever_the_chunks(algorithm: str, kind: str | None) -> None:
    builder, checksum = MultipartChecksumBuilder(algorithm, kind), PartsChecksum(algorithm, kind)
    for part in PARTS:
        builder.addPart(part)
        for begin in range(0, len(part), 700_000):
            checksum.update(part[begin : begin + 700_000])
        checksum.end_part()
    assert checksum.result() == builder.build()
