"""Data catalogs, and Glue's databases and tables as Athena describes them."""

from typing import Any

from localaws.athena.errors import ApiError, invalid_request
from localaws.athena.glue_catalog import GlueCatalog
from localaws.athena.paging import page

AWS_CATALOG = "AwsDataCatalog"


class DataCatalogs:
    """The AwsDataCatalog, and such as were registered (of which none can be queried here)."""

    def __init__(self, catalog: GlueCatalog) -> None:
        self._catalog = catalog
        self._registered: dict[str, dict[str, Any]] = {}

    def create(self, payload: dict[str, Any]) -> dict[str, Any]:
        name = payload["Name"]
        if name.lower() == AWS_CATALOG.lower() or name in self._registered:
            raise invalid_request(f"DataCatalog {name} has already existed")
        kept = {"Name": name, "Type": payload["Type"], "Parameters": payload.get("Parameters", {})}
        self._registered[name] = {**kept, "Description": payload.get("Description", "")}
        return {"DataCatalog": self._registered[name]}

    def get(self, payload: dict[str, Any]) -> dict[str, Any]:
        return {"DataCatalog": self._find(payload["Name"])}

    def listing(self, payload: dict[str, Any]) -> dict[str, Any]:
        names = [{"CatalogName": AWS_CATALOG, "Type": "GLUE"}]
        names += [
            {"CatalogName": name, "Type": kept["Type"]} for name, kept in sorted(self._registered.items())
        ]
        shown, more = page(names, payload, 50)
        return {"DataCatalogsSummary": shown, **more}

    def update(self, payload: dict[str, Any]) -> dict[str, Any]:
        kept = self._find(payload["Name"])
        kept.update(
            {member: payload[member] for member in ("Type", "Description", "Parameters") if member in payload}
        )
        return {}

    def delete(self, payload: dict[str, Any]) -> dict[str, Any]:
        found = self._find(payload["Name"])
        self._registered.pop(found["Name"], None)
        return {"DataCatalog": found}

    def databases(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._find(payload["CatalogName"])
        names = sorted(self._catalog.databases())
        shown, more = page(names, payload, 50)
        found = [self._catalog.database(name) for name in shown]
        return {"DatabaseList": [_database(database) for database in found if database is not None], **more}

    def database(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._find(payload["CatalogName"])
        name = payload["DatabaseName"].lower()
        found = self._catalog.database(name)
        if found is None:
            raise _metadata_error(f"Database {name} not found")
        return {"Database": _database(found)}

    def table(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._find(payload["CatalogName"])
        found = self._catalog.table(payload["DatabaseName"].lower(), payload["TableName"].lower())
        if found is None:
            raise _metadata_error(f"EntityNotFoundException: Entity Not Found: {payload['TableName']}")
        return {"TableMetadata": _table(found)}

    def tables(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._find(payload["CatalogName"])
        name = payload["DatabaseName"].lower()
        if not self._catalog.database_exists(name):
            raise _metadata_error(f"EntityNotFoundException: Database {name} not found")
        expression = payload.get("Expression")
        tables = self._catalog.tables(name, expression)
        shown, more = page(sorted(tables, key=lambda table: str(table["Name"])), payload, 50)
        return {"TableMetadataList": [_table(table) for table in shown], **more}

    def _find(self, name: str) -> dict[str, Any]:
        if name.lower() == AWS_CATALOG.lower():
            return {"Name": AWS_CATALOG, "Type": "GLUE", "Description": "", "Parameters": {}}
        if name not in self._registered:
            raise invalid_request(f"DataCatalog {name} was not found")
        return self._registered[name]


def _metadata_error(message: str) -> ApiError:
    return ApiError("MetadataException", message)


def _database(database: dict[str, Any]) -> dict[str, Any]:
    found = {"Name": database["Name"], "Parameters": database.get("Parameters", {})}
    return {**found, "Description": database["Description"]} if database.get("Description") else found


def _table(table: dict[str, Any]) -> dict[str, Any]:
    storage = table.get("StorageDescriptor", {})
    serde = storage.get("SerdeInfo", {})
    details = {
        "location": storage.get("Location"),
        "inputformat": storage.get("InputFormat"),
        "outputformat": storage.get("OutputFormat"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
    }
    parameters = {**table.get("Parameters", {}), **{key: value for key, value in details.items() if value}}
    parameters |= {f"serde.param.{key}": value for key, value in serde.get("Parameters", {}).items()}
    return {
        "Name": table["Name"],
        "CreateTime": table["CreateTime"].timestamp(),
        "LastAccessTime": table["CreateTime"].timestamp(),
        "TableType": table.get("TableType", ""),
        "Columns": [_column(column) for column in storage.get("Columns", [])],
        "PartitionKeys": [_column(column) for column in table.get("PartitionKeys", [])],
        "Parameters": parameters,
    }


def _column(column: dict[str, Any]) -> dict[str, Any]:
    found = {"Name": column["Name"], "Type": column.get("Type", "")}
    return {**found, "Comment": column["Comment"]} if column.get("Comment") else found
