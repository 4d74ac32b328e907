# mypy: allow-subclassing-any, allow-untyped-calls, disable-error-code="override"
"""dbt's cross-database macros: what dbt-athena makes of them runs."""

import pytest
from dbt.tests.adapter.utils import fixture_datediff, test_datediff
from dbt.tests.adapter.utils.test_any_value import BaseAnyValue
from dbt.tests.adapter.utils.test_array_append import BaseArrayAppend
from dbt.tests.adapter.utils.test_array_concat import BaseArrayConcat
from dbt.tests.adapter.utils.test_array_construct import BaseArrayConstruct
from dbt.tests.adapter.utils.test_bool_or import BaseBoolOr
from dbt.tests.adapter.utils.test_concat import BaseConcat
from dbt.tests.adapter.utils.test_current_timestamp import BaseCurrentTimestampNaive
from dbt.tests.adapter.utils.test_date_trunc import BaseDateTrunc
from dbt.tests.adapter.utils.test_escape_single_quotes import BaseEscapeSingleQuotesQuote
from dbt.tests.adapter.utils.test_except import BaseExcept
from dbt.tests.adapter.utils.test_hash import BaseHash
from dbt.tests.adapter.utils.test_intersect import BaseIntersect
from dbt.tests.adapter.utils.test_length import BaseLength
from dbt.tests.adapter.utils.test_listagg import BaseListagg
from dbt.tests.adapter.utils.test_position import BasePosition
from dbt.tests.adapter.utils.test_replace import BaseReplace
from dbt.tests.adapter.utils.test_right import BaseRight
from dbt.tests.adapter.utils.test_string_literal import BaseStringLiteral

pytestmark = pytest.mark.slow


class TestAnyValue(BaseAnyValue):
    pass


class TestArrayAppend(BaseArrayAppend):
    pass


class TestArrayConstruct(BaseArrayConstruct):
    pass


class TestArrayConcat(BaseArrayConcat):
    """Both arrays typed: Athena joins none with an empty one of no type."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        joined = "array_concat(array_construct([1, 2]), array_construct([3]))"
        return {
            "actual.sql": f"select 1 as id, {{{{ {joined} }}}} as array_col",
            "expected.sql": "select 1 as id, {{ array_construct([1, 2, 3]) }} as array_col",
        }


class TestBoolOr(BaseBoolOr):
    pass


class TestConcat(BaseConcat):
    pass


class TestCurrentTimestamp(BaseCurrentTimestampNaive):
    pass


class TestDateTrunc(BaseDateTrunc):
    pass


class TestEscapeSingleQuotes(BaseEscapeSingleQuotesQuote):
    pass


class TestExcept(BaseExcept):
    pass


class TestHash(BaseHash):
    pass


class TestIntersect(BaseIntersect):
    pass


class TestLength(BaseLength):
    pass


class TestListagg(BaseListagg):
    pass


class TestPosition(BasePosition):
    pass


class TestReplace(BaseReplace):
    pass


class TestRight(BaseRight):
    pass


class TestStringLiteral(BaseStringLiteral):
    pass


class TestDateDiff(test_datediff.BaseDateDiff):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, object]:
        types = {"first_date": "timestamp", "second_date": "timestamp"}
        return {"seeds": {"test": {"data_datediff": {"+column_types": types}}}}

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"data_datediff.csv": fixture_datediff.seeds__data_datediff_csv}

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        """Of moments to the millisecond, as a cast has them; dbt-athena counts no microseconds."""
        sql = fixture_datediff.models__test_datediff_sql
        lines = sql.replace(".999999'", ".999'").replace(".000000'", ".000'").splitlines()
        return {
            "test_datediff.yml": fixture_datediff.models__test_datediff_yml,
            "test_datediff.sql": self.interpolate_macro_namespace(
                "\n".join(line for line in lines if "microsecond" not in line), "datediff"
            ),
        }
