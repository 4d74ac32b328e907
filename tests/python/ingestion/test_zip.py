"""What a received file may be packed in, and what is refused before its text is looked at."""

import resource
import struct
import zipfile
from pathlib import Path

import pytest

from tests.python.ingestion.cotahist_lines import packed, rows, text, zipped
from tests.python.ingestion.reading import read, read_path

WHOLE = text(*rows(50))
NAME = "COTAHIST_D06032026.ZIP"


def test_a_zip_is_read_like_the_text_in_it() -> None:
    found = read(packed(WHOLE), NAME)
    assert len(found.rows) == 50
    assert found.file_hash == read(WHOLE).file_hash


@pytest.mark.parametrize("member", ["COTAHIST.A1986", "COTAHIST_A2001", "folder/COTAHIST_D.TXT", "x"])
def test_the_members_name_does_not_matter(member: str) -> None:
    assert len(read(packed(WHOLE, member), NAME).rows) == 50


def test_a_zip_is_known_by_its_content_and_not_by_its_name() -> None:
    assert len(read(packed(WHOLE), "COTAHIST_D06032026.TXT").rows) == 50


def test_a_folder_beside_the_member_does_not_matter() -> None:
    assert len(read(zipped({"folder/": b"", "folder/a.txt": WHOLE}), NAME).rows) == 50


@pytest.mark.parametrize("content", [b"<html>Not here</html>", b"Rar!\x1a\x07", b"PK", WHOLE])
def test_what_is_named_zip_and_is_none_is_refused(content: bytes) -> None:
    assert read(content, NAME).reason == "not_a_zip"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_what_it_begins_with_is_shown_readably(encoding: str) -> None:
    page = "<html><body>Arquivo não encontrado.</body></html>" + "ã" * 20
    found = read(page.encode(encoding), NAME)
    assert found.refusal
    assert "Arquivo não encontrado" in found.refusal.detail
    assert "Ã" not in found.refusal.detail


def test_an_empty_file_named_zip_is_empty() -> None:
    assert read(b"", NAME).reason == "empty"


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.95, 0.999])
def test_a_cut_zip_is_refused(share: float) -> None:
    whole = packed(WHOLE)
    assert read(whole[: max(int(len(whole) * share), 4)], NAME).reason == "zip_cut"


def test_a_zip_whose_bytes_were_damaged_is_refused() -> None:
    content = bytearray(packed(WHOLE))
    content[len(content) // 2] ^= 0xFF
    assert read(bytes(content), NAME).reason in {"zip_cut", "not_cotahist"}


def test_a_zip_with_the_wrong_checksum_is_refused() -> None:
    content = bytearray(packed(WHOLE))
    central = content.rindex(b"PK\x01\x02")
    content[central + 16] ^= 0xFF
    assert read(bytes(content), NAME).reason == "zip_cut"


@pytest.mark.parametrize("members", [{}, {"a.txt": WHOLE, "b.txt": WHOLE}])
def test_a_zip_has_one_member(members: dict[str, bytes]) -> None:
    found = read(zipped(members), NAME)
    assert found.reason == "zip_members"
    assert found.refusal
    assert str(len(members)) in found.refusal.detail


@pytest.mark.parametrize(
    "member", ["/etc/passwd", "../../up.txt", "a/../../b.txt", "..\\up.txt", "C:\\a.txt", "\\\\host\\share"]
)
def test_a_member_with_an_unsafe_path_is_refused(member: str) -> None:
    found = read(packed(WHOLE, member), NAME)
    assert found.reason == "zip_unsafe_path"


def test_an_encrypted_zip_is_refused() -> None:
    content = bytearray(packed(WHOLE))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    assert read(bytes(content), NAME).reason == "zip_encrypted"


def test_an_unknown_way_of_packing_is_refused() -> None:
    content = bytearray(packed(WHOLE))
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.index(magic) + offset
        content[at : at + 2] = struct.pack("<H", 97)
    assert read(bytes(content), NAME).reason == "zip_unsupported"


def test_a_gigabyte_of_zeros_is_refused_without_being_unpacked(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("COTAHIST_D06032026.TXT", "w") as member,
    ):
        for _ in range(1024):
            member.write(bytes(1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read_path(path)
    assert found.reason == "zip_bomb"
    assert found.refusal
    assert str(1 << 30) in found.refusal.detail
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_a_bomb_that_lies_about_its_size_is_read_no_further_than_it_says() -> None:
    content = bytearray(packed(text(*rows(20_000))))
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(magic) + offset
        content[at : at + 4] = struct.pack("<I", 10_000)
    assert read(bytes(content), NAME).reason == "zip_cut"


def test_a_file_whose_text_cannot_be_read_goes_by_the_hash_of_its_bytes() -> None:
    content = packed(WHOLE)[:-30]
    assert read(content, NAME).file_hash == read(content, "other.zip").file_hash != read(WHOLE).file_hash
