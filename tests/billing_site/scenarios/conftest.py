from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from billing_site.scenarios.databases import ScenarioDatabases, scenario_databases

STORY = """\
scenario: story
title: "A day of one machine"
why: "It is the smallest story that bills."
companies:
  - {code: US1, country: US, currency: USD, timezone: UTC}
accounts:
  - {code: ACME, company: US1}
products:
  - {sku: VM, unit: hour, kind: time}
prices:
  - {company: US1, sku: VM, currency: USD, valid_from: 2025-01-01, model: per_unit, unit_price: "0.10"}
timeline:
  - lifecycle: {id: e1, time: 2026-03-30T12:00:00Z, type: created, resource: vm-1, account: ACME,
      items: [{sku: VM}]}
  - lifecycle: {id: e2, time: 2026-03-31T12:00:00Z, type: decommissioned, resource: vm-1}
  - bill_run: {company: US1, period: 2026-03, cutoff: 2026-04-02T12:00:00Z, issued_on: 2026-04-03}
  - expect_invoice:
      account: ACME
      period: 2026-03
      net: "2.40"
      lines:
        - {sku: VM, resource: vm-1, quantity: "24", amount: "2.40"}
"""

WriteStory = Callable[..., Path]


@pytest.fixture
def write_story(tmp_path: Path) -> WriteStory:
    """Write the story, each (old, new) of the arguments replaced in it, and give the file's path."""

    def write(*changes: tuple[str, str]) -> Path:
        text = STORY
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "story.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def databases(django_db_blocker: DjangoDbBlocker) -> Iterator[ScenarioDatabases]:
    with django_db_blocker.unblock(), scenario_databases() as session:
        yield session
