"""The second rater reads what was received and agreed, and nothing that the first one made of it."""

from collections.abc import Iterator

from tests.architecture.rules.sql_words import words
from tests.architecture.sources import Source

_RECEIVED = {"metering_lifecycleevent", "metering_usageevent", "metering_order"}
_OF_THE_FIRST_RATER = {"half_up", "lcm_of", "local_midnight"}


def only_what_was_received(source: Source) -> Iterator[tuple[int, str]]:
    if not (source.is_statement and source.path.name.startswith("shadow_")):
        return
    for line, word in words(source.text):
        made = word.startswith(("metering_", "invoicing_")) and word not in _RECEIVED
        if made or word.lower() in _OF_THE_FIRST_RATER:
            yield line, f"{word} is the first rater's: the second one would repeat its mistakes."
