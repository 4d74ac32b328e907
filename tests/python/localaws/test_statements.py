"""Athena text in; its kind and what is done for it out: the cases are data, in `cases/`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from localaws.statements import MalformedStatementError, StatementError, make_plan, parse
from localaws.statements import plan as plans
from localaws.statements.parameters import bind
from localaws.statements.types import hive_type, trino_type

CASES = Path(__file__).parent / "cases"
SESSION = plans.Session(database="db", output_location="s3://results/athena/", query_id="a1b2-c3d4")


@dataclass(frozen=True)
class CatalogOfCases:
    """The Glue catalog of `catalog.yml`."""

    names: list[str]
    entries: dict[str, list[dict[str, Any]]]
    parts: dict[str, list[dict[str, Any]]]
    metadata: dict[str, dict[str, Any]]

    @classmethod
    def load(cls) -> "CatalogOfCases":
        found = yaml.safe_load((CASES / "catalog.yml").read_text())
        return cls(found["databases"], found["tables"], found["partitions"], found["iceberg"])

    def table(self, database: str, name: str) -> dict[str, Any] | None:
        return next((table for table in self.tables(database) if table["Name"] == name), None)

    def tables(self, database: str) -> list[dict[str, Any]]:
        return self.entries.get(database, [])

    def databases(self) -> list[str]:
        return self.names

    def database_exists(self, name: str) -> bool:
        return name in self.names

    def partitions(self, database: str, table: str) -> list[dict[str, Any]]:
        return self.parts.get(table, []) if database == "db" else []

    def iceberg_metadata(self, table: dict[str, Any]) -> dict[str, Any]:
        return self.metadata[table["Name"]]


def done(sql: str, catalog: plans.Catalog) -> dict[str, Any]:
    """What becomes of a statement: refused at once, failing, or these steps."""
    try:
        statement = parse(sql)
    except MalformedStatementError as error:
        return {"refused": str(error)}
    kind = f"{statement.kind.statement_type} {statement.kind.substatement_type}"
    try:
        plan = make_plan(statement, SESSION, catalog)
    except StatementError as error:
        return {"kind": kind, "fails": str(error)}
    described = [_step(step) for step in plan.steps]
    columns = {"columns": list(plan.columns)} if plan.columns else {}
    return {"kind": kind, "output": plan.output.value, **columns, "done": described}


def _step(step: plans.Step) -> dict[str, Any]:  # noqa: PLR0911 (one return per kind of step)
    match step:
        case plans.Sql(text, session):
            return {"sql": text, "session": session} if session else {"sql": text}
        case plans.Glue(call, parameters):
            return {"glue": call, **parameters}
        case plans.CheckTypes(query, table_format, line, column):
            return {"check_types": table_format, "at": f"{line}:{column}", "of": query}
        case plans.Files(location, own):
            return {"own_files" if own else "files": location}
        case plans.IcebergChange(_, table, removed, order):
            return {"iceberg": table, "removed": list(removed), "order": list(order)}
        case plans.Lines(lines):
            return {"lines": list(lines)}
        case plans.SqlLines(text):
            return {"sql_lines": text}
        case plans.PreparedStatement(name, text):
            return {"prepared": name, "text": text}


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{number}")
        for path in sorted(CASES.glob("*.yml"))
        if path.name != "catalog.yml"
        for number, case in enumerate(yaml.safe_load(path.read_text()), start=1)
    ]


@pytest.fixture(scope="module")
def catalog() -> CatalogOfCases:
    return CatalogOfCases.load()


@pytest.mark.parametrize("case", _cases())
def test_statement_becomes_what_the_case_says(case: dict[str, Any], catalog: CatalogOfCases) -> None:
    assert done(case["sql"], catalog) == {key: value for key, value in case.items() if key != "sql"}


def test_there_are_many_cases() -> None:
    assert len(_cases()) >= 150


def test_statements_are_read_side_by_side() -> None:
    """sqlglot's tokenizers keep state: nothing of it may leak between threads."""
    texts = [f"select {', '.join(map(str, range(count * 9)))}, 'x'" for count in range(1, 41)]
    texts += [
        f"create external table t{count} ({', '.join(f'c{at} int' for at in range(count))}) location 's3://lake/t/'"
        for count in range(1, 41)
    ]
    alone = [parse(text) for text in texts]
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(parse, texts * 3))
    assert together == alone * 3


@pytest.mark.parametrize(
    ("text", "parameters", "bound"),
    [
        ("select ? + 1", ("2",), "select 2 + 1"),
        ("select ?, '?', \"?\" -- ?\n, ?", ("'it''s'", "null"), "select 'it''s', '?', \"?\" -- ?\n, null"),
        (
            "insert into t values (?, ?)",
            ("1", "date '2024-01-01'"),
            "insert into t values (1, date '2024-01-01')",
        ),
        ("select 1", (), "select 1"),
    ],
)
def test_parameters_take_the_places_of_question_marks(
    text: str, parameters: tuple[str, ...], bound: str
) -> None:
    assert bind(text, parameters) == bound


@pytest.mark.parametrize(
    ("text", "parameters"), [("select ?", ()), ("select ?, ?", ("1",)), ("select 1", ("1",))]
)
def test_parameters_must_be_as_many_as_question_marks(text: str, parameters: tuple[str, ...]) -> None:
    with pytest.raises(MalformedStatementError, match="Incorrect number of parameters"):
        bind(text, parameters)


@pytest.mark.parametrize(
    ("text", "hive", "trino"),
    [
        ("INT", "int", "integer"),
        ("integer", "int", "integer"),
        ("string", "string", "varchar"),
        ("varchar", "string", "varchar"),
        ("varchar(10)", "varchar(10)", "varchar(10)"),
        ("char(3)", "char(3)", "char(3)"),
        ("decimal", "decimal(10,0)", "decimal(10,0)"),
        ("decimal( 38 , 9 )", "decimal(38,9)", "decimal(38,9)"),
        ("float", "float", "real"),
        ("binary", "binary", "varbinary"),
        ("timestamp", "timestamp", "timestamp(3)"),
        ("array<array<date>>", "array<array<date>>", "array(array(date))"),
        ("map<string,array<int>>", "map<string,array<int>>", "map(varchar, array(integer))"),
        ("struct<A:int,`b`:map<int,timestamp>>", "struct<a:int,b:map<int,timestamp>>", None),
        ("struct<a:int comment 'x', b:string>", "struct<a:int,b:string>", 'row("a" integer, "b" varchar)'),
    ],
)
def test_types_are_hives_in_glue_and_trinos_in_trino(text: str, hive: str, trino: str | None) -> None:
    assert hive_type(text) == hive
    if trino is not None:
        assert trino_type(text) == trino


def test_icebergs_timestamps_have_six_digits() -> None:
    assert trino_type("struct<a:array<timestamp>>", timestamp_precision=6) == 'row("a" array(timestamp(6)))'
