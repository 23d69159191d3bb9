"""The root of all errors that a person can act on."""


class BillingError(Exception):
    """A refusal in one sentence: what is wrong, where, what to do. `code` is stable and for programs.

    `is_conflict`: the request is right in itself, but not against what is there (already issued, closed).
    """

    code = "billing_error"
    is_conflict = False

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
