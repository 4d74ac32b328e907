"""Whatever an answer is, it is rows or a refusal, and no record of it gets lost."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.b3 import corporate_actions, index_levels, index_portfolio
from ingestion.entity import Entity, RowOrigin
from ingestion.keep import Received
from ingestion.land import Parsed, parse
from tests.python.ingestion.reading import LANDED_AT
from tests.python.ingestion.service_answers import MONTHS, asset, dividend

ENTITIES = (index_levels.ENTITY, index_portfolio.ENTITY, corporate_actions.ENTITY)
KEYS = (
    "results",
    "page",
    "header",
    "date",
    "totalPages",
    "tradingName",
    "cashDividends",
    "code",
    "cod",
    "day",
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
RECORDS = st.one_of(
    VALUES, st.just(asset()), st.just(dividend()), st.just({"day": 1} | dict.fromkeys(MONTHS, "1,5"))
)


def _parsed(content: bytes, entity: Entity, name: str = "Any_IBOV_2022.json") -> Parsed:
    with TemporaryDirectory() as folder, TemporaryDirectory() as parts:
        path = Path(folder) / name
        path.write_bytes(content)
        return parse(Received(path, str(path)), entity, RowOrigin(path.name, LANDED_AT), Path(parts))


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
@settings(max_examples=60, deadline=None)
@given(answer=VALUES)
def test_any_answer_is_rows_or_a_refusal(entity: Entity, answer: Any) -> None:
    parsed = _parsed(json.dumps(answer).encode(), entity)
    assert (parsed.envelope is None) != (parsed.refusal is None)


@settings(max_examples=60, deadline=None)
@given(records=st.lists(RECORDS, max_size=6))
def test_every_record_is_a_row(records: list[Any]) -> None:
    content = json.dumps({"results": records}).encode()
    for entity, whole in ((index_portfolio.ENTITY, asset()), (corporate_actions.ENTITY, dividend())):
        parsed = _parsed(content, entity, "Any_IBOV_20220506.json")
        assert parsed.envelope is not None or whole not in records
        if parsed.envelope is not None:
            assert parsed.envelope.rows == len(records)


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_rows_or_a_refusal(content: bytes) -> None:
    for entity in ENTITIES:
        parsed = _parsed(content, entity)
        assert (parsed.envelope is None) != (parsed.refusal is None)
