"""What the files of cards are called: `tb_faturas_YYYYMM.csv`, `tb_pagamentos_YYYYMM.csv`."""

import re
from dataclasses import dataclass

FORM = (
    "tb_faturas_YYYYMM.csv or tb_pagamentos_YYYYMM.csv, what follows the month as you like (…_202303_v2.csv)"
)
_NAME = re.compile(
    r"(?P<kind>tb_faturas|tb_pagamentos)_(?P<period>[0-9]{4}(?:0[1-9]|1[0-2]))(?![0-9]).*\.(?:csv|txt|zip)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name tells: its kind (`tb_faturas`, `tb_pagamentos`) and its month (YYYYMM)."""

    kind: str
    period: str


def named(name: str) -> Named | None:
    """What the name of a file tells; None when it is called otherwise, which is never guessed at."""
    found = _NAME.fullmatch(name)
    return Named(found["kind"].lower(), found["period"]) if found else None
