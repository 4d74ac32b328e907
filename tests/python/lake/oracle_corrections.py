"""Where corrections were: each in the month and customer that had the fact, and in those that have it now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from tests.python.lake.oracle_cards import OBSERVED_MONTHS, Customer, Invoice, month_number

Place = tuple[str, int]


def corrections(customers: Iterable[Customer]) -> dict[str, list[int]]:
    """The months of each customer's corrections; one that moves a fact to another month is there twice."""
    months: dict[str, list[int]] = defaultdict(list)
    for customer in customers:
        for invoice in customer.invoices:
            for places in _corrected(customer, invoice):
                for identifier, month in places:
                    months[identifier].append(month)
    return months


def count(months: Iterable[int], customer: Customer, month: int) -> int:
    """How many of them a row of this month counts: those of the relationship up to it."""
    start = min(month_number(one.issued) for one in customer.invoices)
    return sum(start <= one <= month for one in months)


def stood(customer: Customer, invoice: Invoice) -> list[tuple[str, date]]:
    """Whose the invoice was and when issued, by version."""
    former = invoice.former_customer or customer.identifier
    return [*((former, day) for day in invoice.formers), (customer.identifier, invoice.issued)]


def _corrected(customer: Customer, invoice: Invoice) -> Iterator[set[Place]]:
    """The places of each correction of the invoice and its payments: of the version before and of the new."""
    versions = stood(customer, invoice)
    for pair in pairwise(versions):
        yield {(identifier, month_number(day)) for identifier, day in pair}
    for payment in invoice.payments:
        days = [*payment.formers, payment.day]
        for days_of_pair in pairwise(days):
            yield {
                (identifier, max(month_number(day), month_number(issued)))
                for identifier, issued in versions
                for day in days_of_pair
                if abs(month_number(day) - month_number(issued)) < OBSERVED_MONTHS
            }
