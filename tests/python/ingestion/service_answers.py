"""Answers of B3's services, written by hand."""

import json
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MONTHS = [f"rateValue{month}" for month in range(1, 13)]
LEVEL = {(1, 3): "103.921,59", (1, 4): "103.513,64", (2, 1): "113.228,31"}


def levels(cells: Mapping[tuple[int, int], str] = LEVEL) -> bytes:
    """A year of levels, by (month, day); all other days are null."""
    results = [
        {"day": day} | {name: cells.get((month, day)) for month, name in enumerate(MONTHS, start=1)}
        for day in range(1, 32)
    ]
    extremes = {"day": 0} | dict.fromkeys(MONTHS)
    return json.dumps({"min": extremes, "max": extremes, "results": results}).encode()


def page(results: Any, number: int = 1, pages: int = 1, records: int | None = None, **more: Any) -> bytes:
    """One page of an answer that has pages."""
    count = len(results) if records is None else records
    told = {"pageNumber": number, "pageSize": 120, "totalRecords": count, "totalPages": pages}
    return json.dumps({"page": told, **more, "results": results}).encode()


HEADER = {
    "date": "07/04/25",
    "text": "Quantidade Teórica Total",
    "part": "100,000",
    "partAcum": "100,000",
    "textReductor": "Redutor",
    "reductor": "16.036.751,16744128",
    "theoricalQty": "1.977.809.388",
}


def asset(**fields: str | None) -> dict[str, str | None]:
    """One asset of a portfolio; what is not given is WEGE3."""
    usual = {
        "segment": "Bens Indls / Máqs e Equips",
        "cod": "WEGE3",
        "asset": "WEG",
        "type": "ON      NM",
        "part": "62,663",
        "partAcum": "62,663",
        "theoricalQty": "1.243.177.587",
    }
    return {**usual, **fields}


PORTFOLIO = [asset(), asset(cod="EMBR3", asset="EMBRAER", part="37,337", theoricalQty="734.631.801")]


def dividend(**fields: str) -> dict[str, str]:
    """One cash dividend of `GetListedCashDividends`."""
    usual = {
        "typeStock": "ON",
        "dateApproval": "09/12/2021",
        "valueCash": "0,1334",
        "ratio": "1",
        "corporateAction": "DIVIDENDO",
        "lastDatePriorEx": "17/12/2021",
        "dateClosingPricePriorExDate": "17/12/2021",
        "closingPricePriorExDate": "16,07",
        "quotedPerShares": "1",
        "corporateActionPrice": "0,830118",
        "lastDateTimePriorEx": "2021-12-17T00:00:00",
    }
    return {**usual, **fields}


def supplement(**lists: list[dict[str, str]]) -> bytes:
    """A company's supplement, with these lists of actions."""
    told: dict[str, Any] = {"tradingName": "AMBEV S/A   ", "code": "ABEV", "codeCVM": "23264"}
    empty: dict[str, list[Any]] = {"cashDividends": [], "stockDividends": [], "subscriptions": []}
    return json.dumps([{**told, **empty, **lists}]).encode()


SPLIT = {
    "assetIssued": "BRABEVACNOR1",
    "factor": "400,00000000000",
    "approvedOn": "30/10/2013",
    "isinCode": "BRABEVACNOR1",
    "label": "DESDOBRAMENTO",
    "lastDatePrior": "08/11/2013",
    "remarks": "",
}


def question(path: str) -> tuple[str, dict[str, Any]]:
    """What was asked: the service, and its question."""
    service, token = path.rsplit("/", 1)
    asked: dict[str, Any] = json.loads(b64decode(token))
    return service, asked


def file(folder: Path, content: bytes, name: str) -> Path:
    """A file of this content."""
    (folder / name).write_bytes(content)
    return folder / name
