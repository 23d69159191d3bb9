"""The shipped data fit together: codes, currencies, zones, tax."""

from collections import Counter
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing_site.demo import datasets


def test_one_head_office_and_an_office_in_each_country():
    head, *offices = datasets.companies()
    assert (head.code, head.parent, head.currency, head.country) == ("HQ", "", "USD", "US")
    assert {office.parent for office in offices} == {"HQ"}
    countries = datasets.countries()
    assert [(office.code, office.country, office.currency) for office in offices] == [
        (country.company, country.country, country.currency) for country in countries
    ]
    assert {country.currency: country.minor_units for country in countries if country.minor_units != 2} == {
        "JPY": 0,
        "KWD": 3,
    }


def test_the_sales_taxes_are_those_of_the_month():
    assert {row.country: (row.tax_name, row.tax_percent) for row in datasets.countries()} == {
        "US": ("", Decimal(0)),
        "DE": ("VAT", Decimal(19)),
        "GB": ("VAT", Decimal(20)),
        "CH": ("VAT", Decimal("7.7")),
        "SE": ("VAT", Decimal(25)),
        "PL": ("VAT", Decimal(23)),
        "IN": ("GST", Decimal(18)),
        "SG": ("GST", Decimal(8)),
        "JP": ("VAT", Decimal(10)),
        "AU": ("GST", Decimal(10)),
        "AE": ("VAT", Decimal(5)),
        "KW": ("", Decimal(0)),
    }


def test_two_accounts_in_each_country_and_the_owners_of_the_vms():
    accounts = datasets.accounts()
    currency = {country.company: country.currency for country in datasets.countries()}
    assert len({account.code for account in accounts}) == len(accounts) == 28
    assert all(account.currency == currency[account.company] for account in accounts)
    assert Counter(a.company for a in accounts if a.workload == "runs") == dict.fromkeys(currency, 2)
    owners = {event.account for event in datasets.vm_events()}
    assert {account.code for account in accounts if account.workload == "vms"} == owners
    assert {account.company for account in accounts if account.workload == "vms"} == {"US"}


def test_addresses_have_lines_and_zones_exist():
    assert datasets.accounts()[0].address.splitlines() == [
        "1200 Cedar Bluff Road",
        "Knoxville, TN 37923",
        "United States",
    ]
    assert {account.timezone for account in datasets.accounts()} == {"UTC"}
    assert all(ZoneInfo(company.timezone) for company in datasets.companies())


def test_the_products_of_the_customer_and_the_two_that_were_missing():
    rows = list(datasets.csv_rows(datasets.PRODUCTS_CSV))
    prices = {
        row["sku"]: {key: row[key] for key in row if key.startswith(("price_", "cost_usd"))} for row in rows
    }
    assert len(prices) == len(rows) == 302
    for size in ("Standard_B8ms", "Standard_D8s_v5"):
        assert prices[f"AZ-westus2-{size}"] == prices[f"AZ-eastus-{size}"]


def test_the_run_products_cost_what_their_size_costs_there():
    prices = {row["sku"]: row for row in datasets.csv_rows(datasets.PRODUCTS_CSV)}
    rows = list(datasets.csv_rows(datasets.RUN_PRODUCTS_CSV))
    assert len({row["sku"] for row in rows}) == 24
    for row in rows:
        size = prices[row["sku"].removesuffix("-RUN")]
        assert all(row[key] == size[key] for key in row if key.startswith(("price_", "cost_usd", "region")))
        assert (row["kind"], row["unit"], row["unit_factors"]) == ("usage", "hour", "second=1/3600")


def test_exchange_rates_cover_every_currency_on_every_published_day():
    rates = datasets.exchange_rates()
    by_hand = [(rate.date, rate.base, rate.quote, rate.rate) for rate in rates if rate.source == "demo"]
    assert by_hand == [
        ("2023-01-01", "USD", "AED", Decimal("3.6725")),
        ("2023-01-01", "USD", "KWD", Decimal("0.30871186")),
    ]
    published = [rate for rate in rates if rate.source == "ECB"]
    assert len(published) == 256 * 9
    assert (published[0].date, published[-1].date) == ("2022-12-30", "2023-12-29")
    assert {rate.base for rate in published} == {"EUR"}
    reachable = {rate.quote for rate in rates} | {"EUR"}
    assert {country.currency for country in datasets.countries()} <= reachable


def test_the_expected_months_are_those_of_the_six_vms():
    months = datasets.expected_months()
    september = [month for month in months if month.month == "2023-09"]
    assert {month.resource for month in months} == {event.resource for event in datasets.vm_events()}
    assert len(september) == 6
    assert september[0].uptime_seconds == Decimal("2559204.250")
    assert september[0].cost == Decimal("236.726393")


def test_each_office_has_an_order_of_each_product_in_its_currency():
    orders, prices = datasets.orders(), datasets.ordered_prices()
    accounts = {account.code: account for account in datasets.accounts()}
    skus = {sku for sku, _ in prices}
    assert len(orders) == len({order.code for order in orders}) == 48
    assert {(accounts[order.account].company, order.sku) for order in orders} == {
        (country.company, sku) for country in datasets.countries() for sku in skus
    }
    assert all((order.sku, accounts[order.account].currency) in prices for order in orders)
    assert prices["DOMAIN-COM", "KWD"] == Decimal("3.519")
