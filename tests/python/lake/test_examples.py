"""Generated customers are the same in every run of CI."""

import os
import subprocess
import sys

from tests.python.lake.lakes import PROJECT

DRAW = """
from hashlib import sha256
import tests.python.conftest
from tests.python.lake.oracle_customers import generated_customers
print(sha256(repr(generated_customers()).encode()).hexdigest())
"""


def test_ci_tries_the_same_examples_every_time() -> None:
    once, again, elsewhere = (_drawn({"CI": "true"}), _drawn({"CI": "true"}), _drawn({}))
    assert once == again != elsewhere


def _drawn(environment: dict[str, str]) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "GITHUB_ACTIONS"}}
    done = subprocess.run(
        [sys.executable, "-c", DRAW],
        cwd=PROJECT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
