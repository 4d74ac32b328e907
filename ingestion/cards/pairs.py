"""Both files of a month are expected; of a month that has one of them alone, people are told."""

from collections import defaultdict

import boto3

from ingestion import control
from ingestion.cards.names import named
from ingestion.lake import Lake
from ingestion.report import Outcome

KINDS = ("tb_faturas", "tb_pagamentos")


def remarks(outcomes: list[Outcome], lake: Lake, session: boto3.Session) -> list[str]:
    """A sentence for each month of which a file was landed now, and the other one never."""
    seen: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        if outcome.is_good and (found := named(outcome.file)):
            seen[found.period].add(found.kind)
    lacking = {kind: {period for period, kinds in seen.items() if kind not in kinds} for kind in KINDS}
    told = []
    for kind, periods in lacking.items():
        if periods and (missing := periods - control.landed_periods(lake, "cards", kind, session)):
            told += [
                f"{period}: {kind}_{period}.csv has not come yet, the month's other file has."
                for period in missing
            ]
    return sorted(told)
