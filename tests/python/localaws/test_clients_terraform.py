"""Terraform's AWS provider: what infrastructure has of Athena is made, seen to be there, changed and removed.

FINLAKE_TERRAFORM_PLUGIN_DIR names a filesystem mirror with hashicorp/aws in it; nothing is downloaded.
"""

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import localaws
from localaws.launch import MISLEADING

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
TERRAFORM = shutil.which("terraform")
PLUGINS = os.environ.get("FINLAKE_TERRAFORM_PLUGIN_DIR")
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH"),
    pytest.mark.skipif(PLUGINS is None, reason="FINLAKE_TERRAFORM_PLUGIN_DIR names no mirror of providers"),
]
PROJECT = Path(__file__).parent / "cases" / "terraform" / "main.tf"


@dataclass(frozen=True)
class Terraform:
    """A working folder of its own, on the local AWS."""

    folder: Path
    environment: dict[str, str]
    name: str

    def __call__(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [str(TERRAFORM), *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def apply(self, **variables: Any) -> None:
        given = {"name": self.name, **variables}
        (self.folder / "terraform.tfvars.json").write_text(json.dumps(given))
        self("apply", "-auto-approve", "-input=false", "-no-color")


@pytest.fixture(scope="module")
def terraform(local_aws: localaws.LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    folder = tmp_path_factory.mktemp("terraform")
    shutil.copy(PROJECT, folder)
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    environment = {**kept, **local_aws.environment(), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    found = Terraform(folder, environment, f"tf_{uuid.uuid4().hex[:8]}")
    found("init", "-input=false", "-no-color", f"-plugin-dir={PLUGINS}")
    yield found
    if (folder / "terraform.tfvars.json").exists():
        found("destroy", "-auto-approve", "-input=false", "-no-color")


@pytest.mark.shows(
    "Terraform",
    "CreateWorkGroup",
    "GetWorkGroup",
    "UpdateWorkGroup",
    "DeleteWorkGroup",
    "CreateNamedQuery",
    "GetNamedQuery",
    "DeleteNamedQuery",
    "CreatePreparedStatement",
    "GetPreparedStatement",
    "UpdatePreparedStatement",
    "DeletePreparedStatement",
    "ListTagsForResource",
    part="operation",
)
@pytest.mark.shows(
    "Terraform",
    "workgroups, with their tags",
    "databases and tables of Glue",
    "named queries and prepared statements",
)
def test_all_is_made_found_changed_and_removed(terraform: Terraform, athena: "Athena") -> None:
    client, name = athena.client, terraform.name
    given = {"bucket": athena.bucket, "cutoff": 20_000_000, "comment": "first"}
    terraform.apply(**given)
    configuration = client.get_work_group(WorkGroup=name)["WorkGroup"]["Configuration"]
    assert configuration["BytesScannedCutoffPerQuery"] == 20_000_000
    query = terraform("output", "-raw", "query")
    assert client.get_named_query(NamedQueryId=query)["NamedQuery"]["Description"] == "first"
    context = {"Database": name}
    columns = athena.rows("show columns in t", QueryExecutionContext=context)
    assert [str(row[0]).strip() for row in columns] == ["id", "day"]
    # Nothing differs from what is there.
    terraform("plan", "-detailed-exitcode", "-input=false", "-no-color", status=0)

    terraform.apply(**{**given, "cutoff": 30_000_000, "comment": "second"})
    configuration = client.get_work_group(WorkGroup=name)["WorkGroup"]["Configuration"]
    assert configuration["BytesScannedCutoffPerQuery"] == 30_000_000
    assert athena.glue.get_database(Name=name)["Database"]["Description"] == "second"
    terraform("plan", "-detailed-exitcode", "-input=false", "-no-color", status=0)

    terraform("destroy", "-auto-approve", "-input=false", "-no-color")
    assert name not in {group["Name"] for group in client.list_work_groups()["WorkGroups"]}
    assert name not in {database["Name"] for database in athena.glue.get_databases()["DatabaseList"]}
