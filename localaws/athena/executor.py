"""Does what a plan says: statements to Trino, calls to Glue, results to S3."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from localaws.athena.columns import column_info, text_column_info
from localaws.athena.data_catalogs import AWS_CATALOG
from localaws.athena.errors import QueryCancelled, QueryFailed, invalid_request
from localaws.athena.glue_catalog import GlueCatalog
from localaws.athena.iceberg_commit import commit
from localaws.athena.metadata import encode_metadata
from localaws.athena.query import Query
from localaws.athena.store import Columns, Line, Results, split_uri, write_bytes, write_csv, write_text
from localaws.athena.trino_client import EngineSession, QueryRun, Row, TrinoClient
from localaws.athena.type_rules import refused_type
from localaws.athena.values import Formatter, formatter
from localaws.statements import StatementError, make_plan
from localaws.statements import plan as plans
from localaws.statements.errors import execution_error
from localaws.storage.objects import has_bucket, keys_under

_DEFAULT_DATABASE = "default"
# Trino keeps its list of nodes for five seconds.
_MOST_ATTEMPTS = 24
_BETWEEN_ATTEMPTS = 0.25
_ROWS_COLUMN = {"name": "rows", "type": "bigint", "typeSignature": {"rawType": "bigint", "arguments": []}}
KeepPrepared = Callable[[str, str, str | None], None]


class Executor:
    """Runs queries, each in the thread that calls it; keeps nothing of them."""

    def __init__(self, trino: TrinoClient, s3: Any, glue: Any, keep_prepared: KeepPrepared) -> None:
        self._trino = trino
        self._s3 = s3
        self._glue = glue
        self._catalog = GlueCatalog(glue, s3)
        self._keep_prepared = keep_prepared
        self._results = Results(s3)

    def require_bucket(self, location: str) -> None:
        """Raises ApiError for a result location whose bucket is not there."""
        bucket, _ = split_uri(location)
        if not has_bucket(bucket):
            raise invalid_request(f"Unable to verify/create output bucket {bucket}")

    def execute(self, query: Query) -> None:
        """Do it all. Raises QueryFailed or QueryCancelled."""
        request = query.request
        if request.catalog.lower() != AWS_CATALOG.lower():
            raise QueryFailed("CATALOG_NOT_FOUND", f"Catalog '{request.catalog}' not found")
        session = plans.Session(
            database=request.database or _DEFAULT_DATABASE,
            output_location=request.output_location,
            query_id=query.id,
        )
        try:
            plan = make_plan(request.statement, session, self._catalog)
        except StatementError as error:
            raise QueryFailed(error.name, error.message) from error
        query.output = plan.output
        if plan.output is plans.Output.ROWS:
            self._rows(query, _only_sql(plan))
            return
        self._finish(query, plan, self._all_steps(query, plan))

    def _all_steps(self, query: Query, plan: plans.Plan) -> tuple[str, ...]:
        lines: tuple[str, ...] = ()
        steps = iter(plan.steps)
        try:
            for step in steps:
                if query.cancel.is_set() and not _is_always_done(step):
                    raise QueryCancelled
                lines = self._step(query, step) or lines
        finally:
            # none is left but where one failed or the query was stopped
            for step in filter(_is_always_done, steps):
                self._step(query, step)
        return lines

    def _rows(self, query: Query, sql: plans.Sql) -> None:
        pages = self._pages(query, sql)
        # The columns are known once the first page is there, or once there is none.
        ahead = next(pages, [])
        writers = [formatter(column["typeSignature"]) for column in query.run.columns]
        names = [column["name"] for column in query.run.columns]
        query.columns = column_info(query.run.columns)
        formatted = (_formatted(page, writers) for page in itertools.chain([ahead], pages) if page)
        query.result = write_csv(self._s3, query.output_location, names, formatted)
        self._write_metadata(query)

    def _finish(self, query: Query, plan: plans.Plan, lines: tuple[str, ...]) -> None:
        if plan.output is plans.Output.TEXT:
            query.lines = lines
            query.columns = text_column_info(plan.columns)
            write_text(self._s3, query.output_location, lines)
        else:
            query.columns = column_info([_ROWS_COLUMN])
            query.update_count = query.run.update_count or 0
        self._write_metadata(query)

    def _write_metadata(self, query: Query) -> None:
        write_bytes(self._s3, f"{query.output_location}.metadata", encode_metadata(query.columns))

    def _step(self, query: Query, step: plans.Step) -> tuple[str, ...]:
        return _STEPS[type(step)](self, query, step)

    def sql(self, query: Query, step: plans.Sql) -> tuple[str, ...]:
        for _ in self._pages(query, step):
            pass
        return ()

    def sql_lines(self, query: Query, step: plans.SqlLines) -> tuple[str, ...]:
        rows = itertools.chain.from_iterable(self._pages(query, plans.Sql(step.text)))
        return tuple(line for row in rows for line in str(row[0]).split("\n"))

    def lines(self, query: Query, step: plans.Lines) -> tuple[str, ...]:
        del query
        return step.lines

    def glue(self, query: Query, step: plans.Glue) -> tuple[str, ...]:
        del query
        try:
            answer = getattr(self._glue, step.call)(**step.parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] == step.forgives:
                return ()
            raise _glue_failed(error.response["Error"]["Code"], error.response["Error"]["Message"]) from error
        for refused in answer.get("Errors", []):
            if refused["ErrorDetail"]["ErrorCode"] != step.forgives:
                raise _glue_failed(
                    refused["ErrorDetail"]["ErrorCode"], refused["ErrorDetail"]["ErrorMessage"]
                )
        return ()

    def check_types(self, query: Query, step: plans.CheckTypes) -> tuple[str, ...]:
        """Ask Trino for the columns alone, the query standing where it stood in the statement."""
        before = "SELECT*FROM("
        blank = "\n" * (step.line - 1) + " " * (step.column - 1)
        text = before + blank[len(before) :] if step.line == 1 else before + blank
        run = QueryRun()
        for _ in self._pages(query, plans.Sql(f"{text}{step.query}\n) LIMIT 0"), run):
            pass
        for column in run.columns:
            if (refusal := refused_type(column, step.table_format)) is not None:
                raise refusal
        return ()

    def files(self, query: Query, step: plans.Files) -> tuple[str, ...]:
        """The manifest: one line per data file."""
        bucket, prefix = split_uri(step.location)
        keys = keys_under(bucket, prefix.rstrip("/") + "/")
        written = [f"s3://{bucket}/{key}" for key in keys if f"/{prefix}/metadata/" not in f"/{key}"]
        if step.own:
            # Trino names a file after the statement that writes it.
            own = query.run.query_id
            written = [uri for uri in written if uri.rpartition("/")[2].startswith(own)]
        location = f"{query.output_location}-manifest.csv"
        write_text(self._s3, location, written)
        query.manifest = location
        return ()

    def iceberg(self, query: Query, step: plans.IcebergChange) -> tuple[str, ...]:
        del query
        try:
            commit(step, self._catalog, self._s3, self._glue)
        except ClientError as error:
            raise _glue_failed(error.response["Error"]["Code"], error.response["Error"]["Message"]) from error
        return ()

    def prepared(self, query: Query, step: plans.PreparedStatement) -> tuple[str, ...]:
        self._keep_prepared(query.request.workgroup, step.name, step.text)
        return ()

    def stop(self, query: Query) -> None:
        """Stop what Trino does for the query at this moment."""
        if query.run.query_id:
            self._trino.kill(query.run.query_id)

    def result_rows(self, query: Query, start: int, count: int) -> list[Line]:
        """Rows of a finished query's result; the header is row 0. Raises ApiError when the file is gone."""
        if query.result is None:
            return [[line] for line in query.lines[start : start + count]]
        header: list[Line] = [[column["Name"] for column in query.columns]] if start == 0 else []
        try:
            rows = self._results.rows(query.result, max(start - 1, 0), count - len(header))
        except self._s3.exceptions.NoSuchKey as error:
            raise invalid_request("Could not find results", "RESULT_NOT_FOUND") from error
        return header + rows

    def _pages(self, query: Query, step: plans.Sql, run: QueryRun | None = None) -> Iterator[list[Row]]:
        current = run or QueryRun()
        query.run = current
        before = query.bytes_scanned

        def watch(seen: QueryRun) -> None:
            query.bytes_scanned = before + int(seen.stats.get("physicalInputBytes", 0))
            if query.cancel.is_set():
                raise QueryCancelled
            cutoff = query.request.bytes_cutoff
            if cutoff is not None and query.bytes_scanned > cutoff:
                raise QueryCancelled("Bytes scanned limit was exceeded")

        schema = query.request.database or _DEFAULT_DATABASE
        session = EngineSession(plans.DEFAULT_CATALOG, schema, step.session)
        for attempt in itertools.count(1):
            try:
                yield from self._trino.pages(step.text, session, current, watch)
                break
            except QueryFailed as error:
                # A Trino that has just started may not count itself as a node yet: nothing was done then.
                if error.name != "NO_NODES_AVAILABLE" or attempt > _MOST_ATTEMPTS or query.cancel.is_set():
                    raise
                query.cancel.wait(_BETWEEN_ATTEMPTS)
        query.planning_ms += int(current.stats.get("planningTimeMillis", 0))


def _is_always_done(step: plans.Step) -> bool:
    return isinstance(step, plans.Glue) and step.always


def _only_sql(plan: plans.Plan) -> plans.Sql:
    (step,) = plan.steps
    if not isinstance(step, plans.Sql):
        raise TypeError(f"A plan for rows is one statement, not {step}")
    return step


def _formatted(page: Iterable[Row], writers: list[Formatter]) -> Columns:
    return [
        [None if value is None else write(value) for value in column]
        for column, write in zip(zip(*page, strict=True), writers, strict=True)
    ]


def _glue_failed(code: str, message: str) -> QueryFailed:
    error = execution_error(f"{message} (Service: AWSGlue; Error Code: {code})")
    return QueryFailed(error.name, error.message)


_STEPS: dict[type[Any], Callable[[Executor, Query, Any], tuple[str, ...]]] = {
    plans.Sql: Executor.sql,
    plans.SqlLines: Executor.sql_lines,
    plans.Lines: Executor.lines,
    plans.Glue: Executor.glue,
    plans.CheckTypes: Executor.check_types,
    plans.Files: Executor.files,
    plans.IcebergChange: Executor.iceberg,
    plans.PreparedStatement: Executor.prepared,
}
