"""What can go wrong on this machine, said so that a person knows what to do."""


class LocalAwsError(Exception):
    """A failure of the machine, not of a query: `what` happened, `why`, and what `todo` about it."""

    def __init__(self, what: str, why: str, todo: str) -> None:
        super().__init__(f"{what}\n  why: {why}\n  what to do: {todo}")
        self.what = what
        self.why = why
        self.todo = todo
