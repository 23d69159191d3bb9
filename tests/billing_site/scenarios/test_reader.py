"""What a scenario file may hold, and what the reader says of everything else."""

from decimal import Decimal
from pathlib import Path

import pytest

from billing_site.scenarios.reader import InvalidScenario, read_scenario, scenario_files
from billing_site.scenarios.timeline import BillRunStep

SIGNED = Path(__file__).parents[2] / "scenarios"


def test_reads_what_stands_in_the_file(write_story):
    scenario = read_scenario(write_story())

    assert [company.code for company in scenario.companies] == ["US1"]
    assert scenario.prices[0].unit_price == Decimal("0.10")
    assert str(scenario.prices[0].unit_price) == "0.10"
    where, step = list(scenario.steps())[2]
    assert where == "timeline[2].bill_run"
    assert isinstance(step.told, BillRunStep)
    assert step.told.period.isoformat() == "2026-03-01"


@pytest.mark.parametrize("path", scenario_files([SIGNED]), ids=lambda path: path.stem)
def test_reads_every_signed_scenario(path):
    assert read_scenario(path).scenario == path.stem


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        # unknown keys
        ('net: "2.40"', 'nett: "2.40"', "timeline[3].expect_invoice: Object contains unknown field `nett`"),
        (
            "timezone: UTC",
            "timezone: UTC, region: EU",
            "companies[0]: Object contains unknown field `region`",
        ),
        ("bill_run", "bil_run", "timeline[2]: `bil_run` is not a step"),
        ('why: "', 'because: "', "Object contains unknown field `because`"),
        ("kind: time", "kind: time, kind: usage", "line 9: `kind` stands twice"),
        # missing keys
        ("company: US1, period", "period", "timeline[2].bill_run: Object missing required field `company`"),
        (
            ",\n      items: [{sku: VM}]",
            "",
            "timeline[0].lifecycle: `items` is missing for an event of type created",
        ),
        # keys that would have no effect
        (
            "kind: time",
            "kind: time, cycle: monthly",
            "products[0]: `cycle` means nothing for a product of kind time",
        ),
        (
            'unit_price: "0.10"',
            'unit_price: "0.10", fee: "1"',
            "prices[0]: `fee` means nothing for the price model per_unit",
        ),
        # amounts and quantities
        (
            'net: "2.40"',
            "net: 2.40",
            'timeline[3].expect_invoice.net: Amounts and quantities are quoted: "2.4"',
        ),
        ('quantity: "24"', "quantity: 24", 'lines[0].quantity: Amounts and quantities are quoted: "24"'),
        (
            'net: "2.40"',
            'net: "2,40"',
            "timeline[3].expect_invoice.net: '2,40' is not a plain decimal number",
        ),
        ('net: "2.40"', 'net: "NaN"', "timeline[3].expect_invoice.net: 'NaN' is not a plain decimal number"),
        # other types
        ("country: US", "country: NO", "companies[0].country: Expected `str`, got `bool` (quote it"),
        ("timezone: UTC", "timezone: Mars/Base", "companies[0].timezone: 'Mars/Base' is no time zone"),
        ("period: 2026-03,", "period: 2026-13,", "timeline[2].bill_run.period: '2026-13' is not a month"),
        ("issued_on: 2026-04-03", "issued_on: soon", "timeline[2].bill_run.issued_on: Invalid"),
        (
            "2026-04-02T12:00:00Z",
            "2026-04-02T12:00:00",
            "timeline[2].bill_run.cutoff: 2026-04-02T12:00:00 needs a zone",
        ),
        (
            "2026-03-31T12:00:00Z",
            "2026-03-32T12:00:00Z",
            "line 15: 2026-03-32T12:00:00Z: day is out of range",
        ),
        ("type: created", "type: born", "timeline[0].lifecycle.type: Invalid enum value 'born'"),
        ("accounts:\n", "accounts: none\nprices:\n", "line 11: `prices` stands twice"),
        ("  - {code: ACME, company: US1}", "  ACME: US1", "accounts: Expected `array`, got `object`"),
        (
            "model: per_unit",
            "model: graduated",
            "prices[0]: `tiers` is missing for the price model graduated",
        ),
        (
            'per_unit, unit_price: "0.10"',
            'volume, tiers: [{up_to: "1", unit_price: "1"}]',
            "prices[0]: `tiers` must end with an open tier",
        ),
        (
            'per_unit, unit_price: "0.10"',
            "volume, tiers: [{up_to: 1, unit_price: '1'}]",
            "prices[0].tiers[0].up_to: Amounts and quantities are quoted",
        ),
        # references
        (
            "company: US1}",
            "company: US2}",
            "accounts[0].company: US2 is not the name of a company in this file",
        ),
        ("account: ACME,\n", "account: NOBODY,\n", "timeline[0].lifecycle.account: NOBODY is not"),
        (
            "resource: vm-1, quantity",
            "resource: vm-2, quantity",
            "lines[0].resource: vm-2 is not the name of a resource",
        ),
        (
            "{sku: VM, resource",
            "{sku: GPU, resource",
            "lines[0].sku: GPU is not the name of a product in this file",
        ),
        (
            "sku: VM, currency",
            "sku: GPU, currency",
            "prices[0].sku: GPU is not the name of a product in this file",
        ),
        (
            "  - {code: ACME, company: US1}",
            "  - {code: ACME, company: US1}\n" * 2,
            "accounts: ACME stands 2 times",
        ),
        # the file as a whole
        ("scenario: story", "scenario: tale", "scenario: 'tale' is not the file's name"),
        ("timeline:", "timeline", "could not find expected ':'"),
    ],
)
def test_names_the_file_and_the_key(write_story, old, new, complaint):
    with pytest.raises(InvalidScenario) as refusal:
        read_scenario(write_story((old, new)))

    assert refusal.value.sentence.startswith("story.yaml: ")
    assert complaint in refusal.value.sentence


def test_a_parent_has_no_parent(write_story):
    companies = [("US1", "US2"), ("US2", "US3"), ("US3", None)]
    written = "".join(
        f"  - {{code: {code}, country: US, currency: USD, timezone: UTC"
        + (f", parent: {parent}}}\n" if parent else "}\n")
        for code, parent in companies
    )

    with pytest.raises(InvalidScenario, match=r"companies\[0\].parent: US2 has a parent itself"):
        read_scenario(write_story(("  - {code: US1, country: US, currency: USD, timezone: UTC}\n", written)))


def test_unknown_products_and_resources_of_events_are_part_of_the_story(write_story):
    path = write_story(
        (
            "items: [{sku: VM}]",
            "items: [{sku: NEW}]",
        )
    )

    assert read_scenario(path).timeline[0].told.items[0].sku == "NEW"


def test_says_that_there_is_no_such_file(tmp_path):
    with pytest.raises(InvalidScenario, match=r"nothing.yaml: there is no such file"):
        read_scenario(tmp_path / "nothing.yaml")


def test_a_folder_gives_its_files_once_and_in_order(tmp_path):
    for name in ("b.yaml", "a.yaml", "notes.md"):
        (tmp_path / name).touch()

    files = scenario_files([tmp_path / "b.yaml", tmp_path])

    assert [file.name for file in files] == ["b.yaml", "a.yaml"]


def test_a_folder_without_scenarios_is_an_error(tmp_path):
    with pytest.raises(InvalidScenario, match="holds no scenario"):
        scenario_files([tmp_path])
