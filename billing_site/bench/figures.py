"""A measured figure beside what it is measured against in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One row is a measured value, its floor or peer from the same run in the same unit, and their bound."""

    name: str
    value: float
    unit: str
    peer: float
    ratio: float
    bound: str
    held: bool
