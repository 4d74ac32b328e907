"""The rules of the house, over dbt's manifest: where arrows point, what is described, what is tested."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[3]
SQL = [
    path for folder in ("models", "macros", "analyses", "tests") for path in (PROJECT / folder).rglob("*.sql")
]

PYTHON = ("benchmarks", "demo", "dictionary", "ingestion", "localaws", "reports", "samples", "tests/python")
MOST_LINES = 400

# What a layer may read, of its own project; sources are read by staging alone.
MAY_READ = {
    "staging": {"source"},
    "curated": {"staging", "curated", "seeds", "snapshots"},
    "refined": {"curated", "refined", "seeds"},
    "ops": {"staging", "curated", "refined", "seeds", "ops"},
    "analyses": {"refined", "seeds"},
}
# The lake's own view of landings is for every domain: from it curated models learn which files were landed.
SHARED = {"stg_ops__landings"}

Node = dict[str, Any]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    target = tmp_path_factory.mktemp("target")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "parse", "--target-path", str(target)],
        cwd=PROJECT,
        env=os.environ | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "DBT_PROFILES_DIR": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    read: dict[str, Any] = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def nodes(manifest: dict[str, Any]) -> dict[str, Node]:
    return {**manifest["nodes"], **manifest["sources"]}


@pytest.fixture(scope="module")
def models(nodes: dict[str, Node]) -> list[Node]:
    return [node for node in nodes.values() if node["resource_type"] == "model"]


def layer(node: Node) -> str:
    """The layer of a node: `source`, or the folder it is in."""
    if node["resource_type"] == "source":
        return "source"
    parts = Path(node["original_file_path"]).parts
    return parts[1] if parts[0] == "models" else parts[0]


def domain(node: Node) -> str:
    return Path(node["original_file_path"]).parts[2]


def reads(node: Node, nodes: dict[str, Node]) -> list[Node]:
    return [nodes[one] for one in node["depends_on"]["nodes"]]


def test_modules_are_short() -> None:
    modules = [path for folder in PYTHON for path in (PROJECT / folder).rglob("*.py")]
    lines = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert lines
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_arrows_run_one_way(nodes: dict[str, Node]) -> None:
    wrong = [
        f"{node['name']} ({layer(node)}) reads {read['name']} ({layer(read)})"
        for node in nodes.values()
        if node["resource_type"] in {"model", "analysis"}
        for read in reads(node, nodes)
        if layer(read) not in MAY_READ[layer(node)]
    ]
    assert wrong == []


def test_a_domain_reads_itself(models: list[Node], nodes: dict[str, Node]) -> None:
    wrong = [
        f"{node['name']} reads {read['name']}"
        for node in models
        if layer(node) != "ops"
        for read in reads(node, nodes)
        if domain(read) != domain(node) and read["name"] not in SHARED and read["resource_type"] != "seed"
    ]
    assert wrong == []


def test_a_staging_view_is_named_after_its_source_and_reads_it_alone(
    models: list[Node], nodes: dict[str, Node]
) -> None:
    for node in models:
        if layer(node) == "staging":
            assert re.fullmatch(rf"stg_{domain(node)}__\w+", node["name"])
            assert node["config"]["materialized"] == "view"
            assert len(reads(node, nodes)) == 1


def test_names_carry_their_domain(models: list[Node]) -> None:
    for node in models:
        if layer(node) in {"curated", "refined"} and node["config"]["schema"] != "cashflow":
            assert node["name"].startswith(f"{domain(node)}_"), node["name"]


def test_everything_is_described(manifest: dict[str, Any], nodes: dict[str, Node]) -> None:
    described = [
        node for node in nodes.values() if node["resource_type"] in {"model", "seed", "source", "analysis"}
    ]
    bare = [node["name"] for node in described if not node["description"].strip()]
    bare += [
        f"{node['name']}.{column['name']}"
        for node in described
        for column in node.get("columns", {}).values()
        if not column["description"].strip()
    ]
    macros = [macro for macro in manifest["macros"].values() if macro["package_name"] == "finlake"]
    bare += [macro["name"] for macro in macros if not macro["description"] and not is_test(macro)]
    assert bare == []


def test_every_column_of_a_final_select_is_described(models: list[Node]) -> None:
    for node in models:
        final = node["raw_code"].rsplit("final as (", 1)[1]
        for column in columns_selected(final.split("\n    from ", 1)[0]):
            assert column in node["columns"], f"{node['name']}.{column}"


def columns_selected(select: str) -> list[str]:
    """Names of the columns of a select that is written one column a line; templated names are left out."""
    lines = re.findall(r"(?m)^ {8}(?! )(.*?),?$|^ {8}\) as (\w+),?$", select)
    names = [(line.split(" as ")[-1].split(".")[-1] if line else alias) for line, alias in lines]
    return [
        name for name in names if re.fullmatch(r"[a-z]+(_\w+)?", name) and name not in {"case", "end", "else"}
    ]


def test_the_first_sentence_is_the_grain(nodes: dict[str, Node]) -> None:
    wrong = [
        node["name"]
        for node in nodes.values()
        if node["resource_type"] in {"model", "seed", "analysis"} or layer(node) == "source"
        if not node["description"].startswith("One row per ")
    ]
    assert wrong == []


def test_every_model_and_seed_has_a_tested_key(nodes: dict[str, Node]) -> None:
    tested = {
        test["attached_node"].split(".")[-1]
        for test in nodes.values()
        if test["resource_type"] == "test"
        and test.get("test_metadata", {}).get("name") in {"primary_key", "unique"}
    }
    keyless = {
        node["name"]
        for node in nodes.values()
        if node["resource_type"] in {"model", "seed"}
        if node["name"] not in tested and not set(node["meta"].get("key_tested_in", [])) & tested
    }
    assert keyless == set()


def test_what_people_query_has_a_contract_and_is_public(models: list[Node]) -> None:
    for node in models:
        if layer(node) == "refined":
            assert node["config"]["contract"]["enforced"], node["name"]
            assert node["access"] == "public", node["name"]
            assert all(column["data_type"] for column in node["columns"].values()), node["name"]
        else:
            assert node["access"] != "public", node["name"]


def test_every_model_is_its_domain_s(models: list[Node]) -> None:
    assert [node["name"] for node in models if not node["group"]] == []


# The table that the business reads has the names by which the business calls its columns.
NAMED_BY_THE_BUSINESS = {"cards_portfolio_book"}


def test_types_follow_the_prefixes(models: list[Node]) -> None:
    types = {
        "dt": "date",
        "ts": "timestamp",
        "vl": "decimal",
        "qt": "(bigint|decimal)",
        "pc": "decimal",
        "fl": "boolean",
    }
    types |= {"id": "varchar", "ds": "varchar", "cd": "varchar", "nr": "(bigint|integer)"}
    types |= {"safra": "integer"}
    for node in models:
        if node["name"] in NAMED_BY_THE_BUSINESS:
            continue
        for column in node["columns"].values():
            prefix = column["name"].split("_")[0]
            assert column["name"] in {"ticker", "safra"} or prefix in types, (
                f"{node['name']}.{column['name']}"
            )
            assert not column["data_type"] or re.match(types.get(prefix, "varchar"), column["data_type"])


def test_a_public_macro_lives_in_the_file_of_its_name(manifest: dict[str, Any]) -> None:
    for macro in manifest["macros"].values():
        if macro["package_name"] == "finlake":
            assert Path(macro["original_file_path"]).stem == macro["name"].removeprefix("test_")


def is_test(macro: Node) -> bool:
    return str(macro["name"]).startswith("test_")


@pytest.mark.parametrize("path", SQL, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_model_asks_which_target_it_runs_on(path: Path) -> None:
    assert not re.search(r"target\.(name|type|profile_name)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted((PROJECT / "models").rglob("*.sql")), ids=lambda path: path.stem)
def test_an_import_is_named_after_what_it_imports(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    imports = re.findall(
        r"(?m)^(\w+) as \(\n    select(?: \*|\n        \*,).*(?:\n        .*)*(?:\n   )? from \{\{ (.*) \}\}",
        text,
    )
    by_macro = re.search(r"(?m)^\{\{ \w+\(.*\bref\(", text)
    assert imports or by_macro
    for name, call in imports:
        relation = call.split("'")[-2]
        assert relation.endswith(name), f"{name} imports {relation}"
    assert text.endswith("select * from final\n")
