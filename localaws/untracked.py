"""moto without its memory of every object it ever made.

moto keeps each instance of each model in a list of the model's class, for a dashboard that nobody opens
here: with each request memory grows. Emptying the lists now and then is no way out: to replace an attribute
of a class frees the old list, whose objects run code of their own when they end, while other threads still
find the freed list by that name: Python 3.11 crashes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from moto.core.common_models import BaseModel
from moto.core.model_instances import reset_model_data


def _untracked(cls: type[BaseModel], *_arguments: Any, **_named: Any) -> BaseModel:
    return cast(BaseModel, object.__new__(cls))


@contextmanager
def untracked() -> Iterator[None]:
    """While the block runs, moto's instances belong to those who use them, and to nobody else."""
    before = BaseModel.__dict__["__new__"]
    reset_model_data()
    BaseModel.__new__ = staticmethod(_untracked)
    try:
        yield
    finally:
        BaseModel.__new__ = before
