"""Storage formats → the classes that Athena writes to Glue.

Source: https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
"""

from dataclasses import dataclass
from typing import Any

from localaws.statements.errors import semantic_error
from localaws.statements.model import RowFormat, StoredAs

_TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_ORC = "org.apache.hadoop.hive.ql.io.orc"
_AVRO = "org.apache.hadoop.hive.ql.io.avro"


@dataclass(frozen=True, slots=True)
class _Format:
    input_format: str
    output_format: str
    serde: str


_FORMATS = {
    "textfile": _Format(_TEXT_INPUT, _TEXT_OUTPUT, _LAZY_SIMPLE),
    "parquet": _Format(
        f"{_PARQUET}.MapredParquetInputFormat",
        f"{_PARQUET}.MapredParquetOutputFormat",
        f"{_PARQUET}.serde.ParquetHiveSerDe",
    ),
    "orc": _Format(f"{_ORC}.OrcInputFormat", f"{_ORC}.OrcOutputFormat", f"{_ORC}.OrcSerde"),
    "avro": _Format(
        f"{_AVRO}.AvroContainerInputFormat",
        f"{_AVRO}.AvroContainerOutputFormat",
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
    ),
    "sequencefile": _Format(
        "org.apache.hadoop.mapred.SequenceFileInputFormat",
        "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
        _LAZY_SIMPLE,
    ),
    "rcfile": _Format(
        "org.apache.hadoop.hive.ql.io.RCFileInputFormat",
        "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
        "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
    ),
}
_BY_SERDE = {kind.serde: name for name, kind in _FORMATS.items() if kind.serde != _LAZY_SIMPLE}


def storage(stored_as: StoredAs | None, row_format: RowFormat | None) -> dict[str, Any]:
    """InputFormat, OutputFormat and SerdeInfo of a StorageDescriptor."""
    serde = row_format.serde if row_format is not None else None
    kind = _format(stored_as, serde)
    parameters = {"serialization.format": "1"}
    if row_format is not None:
        parameters.update(row_format.parameters)
        if (delimiter := row_format.parameters.get("field.delim")) is not None and serde is None:
            parameters["serialization.format"] = delimiter
    return {
        "InputFormat": (stored_as and stored_as.input_format) or kind.input_format,
        "OutputFormat": (stored_as and stored_as.output_format) or kind.output_format,
        "SerdeInfo": {"SerializationLibrary": serde or kind.serde, "Parameters": parameters},
    }


def _format(stored_as: StoredAs | None, serde: str | None) -> _Format:
    if stored_as is not None and stored_as.format is not None:
        if stored_as.format not in _FORMATS:
            raise semantic_error(f"Unrecognized file format in STORED AS clause: '{stored_as.format}'")
        return _FORMATS[stored_as.format]
    return _FORMATS[_BY_SERDE.get(serde or "", "textfile")]
