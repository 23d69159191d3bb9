"""One reconciliation report: all levels of a company, what is open, and which way it goes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LevelTotal:
    """What a level's newest run compared in one unit.

    left, right: [the systems]
    first, second: [both sides added up, in the unit]
    """

    level: str
    left: str
    right: str
    month: date
    unit: str
    compared: int
    differing: int
    first: Decimal
    second: Decimal

    @property
    def difference(self) -> Decimal:
        """First minus second: 0 may still hide keys that differ both ways.

        >>> LevelTotal("", "", "", date(2026, 3, 1), "EUR", 2, 2, Decimal(10), Decimal(10)).difference
        Decimal('0')
        """
        return self.first - self.second


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that waits; at_risk: [in the reporting currency; None: not known]."""

    id: int
    kind: str
    state: str
    found_by: str
    month: date
    account: str
    sku: str
    resource: str
    difference: Decimal
    unit: str
    at_risk: Decimal | None
    age_days: int
    owner: str


@dataclass(frozen=True, slots=True)
class AtRiskBy:
    """How many findings of a class or level wait, and what they may come to; unknown: [how many of them]."""

    name: str
    count: int
    at_risk: Decimal
    unknown: int


@dataclass(frozen=True, slots=True)
class TrendDay:
    """What was open at the end of a morning's report."""

    day: date
    count: int
    at_risk: Decimal


@dataclass(frozen=True, slots=True)
class Report:
    """A company's day or month.

    starts_on, ends_on: [days, the second is exclusive] that it is about
    made_at: [instant]
    findings: [most money at risk first, at most so many as are shown]
    """

    company: str
    company_name: str
    starts_on: date
    ends_on: date
    made_at: datetime
    currency: str
    minor_units: int
    levels: tuple[LevelTotal, ...]
    classes: tuple[AtRiskBy, ...]
    sources: tuple[AtRiskBy, ...]
    findings: tuple[OpenFinding, ...]
    trend: tuple[TrendDay, ...]

    @property
    def period(self) -> str:
        """The day, or the month, as it is written in names: 2026-04-06 or 2026-03."""
        is_day = (self.ends_on - self.starts_on).days == 1
        return f"{self.starts_on}" if is_day else f"{self.starts_on:%Y-%m}"

    @property
    def last_morning(self) -> TrendDay | None:
        """The newest day of the trend."""
        return self.trend[-1] if self.trend else None

    @property
    def open_count(self) -> int:
        """How many findings wait."""
        return sum(by.count for by in self.classes)

    @property
    def at_risk(self) -> Decimal:
        """What they may come to, as far as it is known."""
        return sum((by.at_risk for by in self.classes), Decimal(0))

    @property
    def unknown(self) -> int:
        """How many of them may come to what nobody knows."""
        return sum(by.unknown for by in self.classes)

    @property
    def is_equal(self) -> bool:
        """Whether no key differs at any level."""
        return not any(level.differing for level in self.levels)


def bars(trend: tuple[TrendDay, ...], height: int) -> list[int]:
    """Return how high the bar of each day is, the highest as high as there is room.

    trend: [days in order]
    height: [room, in whole units]

    >>> bars((TrendDay(date(2026, 4, 1), 1, Decimal(5)), TrendDay(date(2026, 4, 2), 2, Decimal(20))), 40)
    [10, 40]
    """
    highest = max((day.at_risk for day in trend), default=Decimal(0))
    return [int(day.at_risk * height / highest) if highest else 0 for day in trend]
