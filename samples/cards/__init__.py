"""A card issuer's monthly files of invoices and payments, of an invented portfolio."""

from samples.cards.files import Made, Request, make
from samples.cards.form import Form

__all__ = ["Form", "Made", "Request", "make"]
