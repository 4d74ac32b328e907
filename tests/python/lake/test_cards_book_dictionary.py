"""One place to add a variable: what the dictionary generates is what it says, and faults in it are named."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from dictionary.cli import SEED
from dictionary.render import BOOK, MACRO, generated
from dictionary.variables import FaultyDictionaryError, described, read
from tests.python.lake.lakes import PROJECT

WINDOWED = (1, 3, 6, 9, 12)


def test_what_is_generated_is_not_stale() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dictionary", "--check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_one_row_more_in_the_dictionary_is_one_variable_more_everywhere(tmp_path: Path) -> None:
    files = generated(read(_with(tmp_path, "vl_pago_min", "min(vl_pago)", "1 3 6 9 12")))
    for months in WINDOWED:
        assert f"- name: vl_pago_min_u{months}m\n" in files[BOOK]
    assert '"name": "vl_pago_min"' in files[MACRO]


@pytest.mark.parametrize(
    ("name", "formula", "windows", "complaint"),
    [
        ("qt_faturas", "count(*)", "1", "more than once"),
        ("pc_nova", "pc_pago / qt_faturas", "1", "pc_pago is no aggregate"),
        ("pc_nova", "vl_pago_total / nada", "1", "nada is no aggregate"),
        ("pc_nova", "vl_pago_total", "1", "not understood"),
        ("pc_nova", "qt_meses_soma / qt_faturas", "3", "fewer windows"),
    ],
)
def test_a_fault_in_the_dictionary_is_named(
    tmp_path: Path, name: str, formula: str, windows: str, complaint: str
) -> None:
    with pytest.raises(FaultyDictionaryError, match=complaint):
        read(_with(tmp_path, name, formula, windows))


def test_no_variable_is_called_by_a_number_and_all_are_explained() -> None:
    for variable in read(SEED):
        assert variable.name.split("_")[0] in {"qt", "vl", "pc", "fl", "nr"}
        assert variable.meaning.endswith(".")
        for _, months in variable.columns:
            assert len(described(variable, months)) <= 255


def _with(folder: Path, name: str, formula: str, windows: str) -> Path:
    """The dictionary with one row more."""
    copy = folder / "cards_variables.csv"
    copy.write_text(SEED.read_text(encoding="utf-8"), encoding="utf-8")
    with copy.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(
            [name, "pagamento", formula, windows, "decimal(18,2)", "R$", "null", "A meaning."]
        )
    return copy
