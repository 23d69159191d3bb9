"""Match what is expected one to one with what is there."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Wanted = TypeVar("Wanted")
Actual = TypeVar("Actual")


def match(
    wanted: Sequence[Wanted], actual: Sequence[Actual], fits: Callable[[Wanted, Actual], bool]
) -> tuple[list[Wanted], list[Actual]]:
    """Return what is left over on both sides of a largest matching (both empty: one to one).

    An expectation that lists few fields fits several lines, so the first fit may be the wrong one: a partner
    is taken over when the one who loses it finds another (augmenting paths).
    """
    partner_of: dict[int, int] = {}

    def find(want: int, tried: set[int]) -> bool:
        for have in range(len(actual)):
            if have in tried or not fits(wanted[want], actual[have]):
                continue
            tried.add(have)
            if have not in partner_of or find(partner_of[have], tried):
                partner_of[have] = want
                return True
        return False

    alone = [wanted[want] for want in range(len(wanted)) if not find(want, set())]
    return alone, [actual[have] for have in range(len(actual)) if have not in partner_of]
