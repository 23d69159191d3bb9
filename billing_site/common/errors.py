"""The root of all errors that a person can act on."""


class BillingError(Exception):
    """A refusal in one sentence: what is wrong, where, what to do. `code` is stable and for programs."""

    code = "billing_error"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
