"""Files of cards written by hand, and read to their rows without a lake."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.cards.entities import entity_of
from ingestion.entity import Envelope, RowOrigin
from ingestion.keep import Received
from ingestion.land import parse
from ingestion.refusal import Refusal

INVOICE_HEADER = "id_fatura,id_cliente,data_emissao,data_vencimento,valor_fatura,valor_pagamento_minimo"
PAYMENT_HEADER = "id_pagamento,id_fatura,id_cliente,data_pagamento,valor_pagamento"
INVOICE = "1-1,1,2023-03-05,2023-03-15,100.00,15.00"
INVOICES, PAYMENTS = "tb_faturas_202303.csv", "tb_pagamentos_202303.csv"
LANDED_AT = datetime(2023, 4, 1, 8, 30)


@dataclass(frozen=True)
class Read:
    """What came of a file: rows by line, or a refusal."""

    rows: list[dict[str, Any]]
    envelope: Envelope | None
    refusal: Refusal | None

    @property
    def reason(self) -> str | None:
        return self.refusal.reason if self.refusal else None

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        assert self.refusal is None, str(self.refusal)
        return [row[name] for row in self.rows]


def csv(*lines: str, end: str = "\n", encoding: str = "utf-8") -> bytes:
    """A text of these lines."""
    return "".join(line + end for line in lines).encode(encoding)


def invoices(*lines: str) -> bytes:
    """A file of invoices of these lines."""
    return csv(INVOICE_HEADER, *lines)


def read(content: bytes, name: str = INVOICES) -> Read:
    """Read a file of this content and name."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_path(path)


def read_path(path: Path) -> Read:
    """Read the file at `path`."""
    with TemporaryDirectory() as folder:
        parsed = parse(
            Received(path, str(path)), entity_of(path.name), RowOrigin(path.name, LANDED_AT), Path(folder)
        )
        tables = [pq.read_table(part) for part in parsed.parts]
        rows = pa.concat_tables(tables).to_pylist() if tables else []
    rows.sort(key=lambda row: int(row["line_number"]))
    return Read(rows, parsed.envelope, parsed.refusal)


def file(folder: Path, content: bytes, name: str = INVOICES) -> Path:
    """A file of this content."""
    path = folder / name
    path.write_bytes(content)
    return path
