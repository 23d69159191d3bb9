from billing_site.demo.derived_rows import (
    PARTS,
    country_rows,
    order_rows,
    ordered_products,
    part_products,
    rate_rows,
    run_products,
    westus2_products,
)


def product(sku: str, region: str) -> dict[str, str]:
    return {
        "sku": sku,
        "name": f"Azure {sku}",
        "region": region,
        "unit": "hour",
        "cost_usd": "0.333000",
        "cost_basis": "list",
        "price_JPY": "62.785236",
    }


def test_the_missing_region_sells_as_eastus_does_and_says_so():
    rows = westus2_products(
        [
            product("AZ-eastus-Standard_B8ms", "eastus"),
            product("AZ-eastus-Standard_D8s_v5", "eastus"),
        ]
    )
    assert [row["sku"] for row in rows] == ["AZ-westus2-Standard_B8ms", "AZ-westus2-Standard_D8s_v5"]
    assert rows[0] == {
        "sku": "AZ-westus2-Standard_B8ms",
        "name": "Azure Standard_B8ms, US West 2",
        "region": "westus2",
        "unit": "hour",
        "cost_usd": "0.333000",
        "cost_basis": "demo: cost and prices of AZ-eastus-Standard_B8ms",
        "price_JPY": "62.785236",
    }


def test_a_size_that_ran_in_two_regions_is_one_run_product_in_each_country():
    runs = [
        {"product_sku": "AZ-eastus-Standard_B8ms", "region": "eastus"},
        {"product_sku": "AZ-westus2-Standard_B8ms", "region": "westus2"},
    ]
    rows = run_products([product("AZ-japaneast-Standard_B8ms", "japaneast")], runs, ["japaneast"])
    assert [(row["sku"], row["kind"], row["unit_factors"], row["price_JPY"]) for row in rows] == [
        ("AZ-japaneast-Standard_B8ms-RUN", "usage", "second=1/3600", "62.785236")
    ]


def test_what_is_ordered_costs_so_many_times_a_model_size_in_whole_minor_units():
    model = product("AZ-eastus-Standard_B2s", "eastus") | {"cost_usd": "0.500000", "price_KWD": "0.185229"}
    rows = {row["sku"]: row for row in ordered_products([model])}
    assert list(rows) == ["SUPPORT-BUSINESS", "SERVER-DEDICATED", "DOMAIN-COM", "SETUP"]
    support = rows["SUPPORT-BUSINESS"]
    # 60 dollars are 120 times the model's 0.50: 120 * 62.785236 = 7534.22832, 120 * 0.185229 = 22.22748.
    assert (support["cost_usd"], support["price_JPY"], support["price_KWD"]) == ("60.00", "7534", "22.227")
    assert [(row["unit"], row["kind"]) for row in rows.values()] == [
        ("month", "recurring"),
        ("month", "recurring"),
        ("year", "recurring"),
        ("each", "one_time"),
    ]


def test_the_first_customer_of_each_office_orders_everything_once():
    accounts = [("DE", "acct-de-1"), ("DE", "acct-de-2"), ("JP", "acct-jp-1")]
    rows = order_rows({"company": company, "code": code} for company, code in accounts)
    assert [row["code"] for row in rows] == [
        f"acct-{office}-1-{what}"
        for office in ("de", "jp")
        for what in ("support", "server", "domain", "setup")
    ]
    assert rows[1] == {
        "account": "acct-de-1",
        "code": "acct-de-1-server",
        "sku": "SERVER-DEDICATED",
        "quantity": "2",
        "started_on": "2023-09-16",
    }


def test_a_country_takes_the_tax_of_the_month_and_not_todays():
    rows = country_rows(
        [{"country": "US"}, {"country": "SG"}, {"country": "KW"}],
        companies=[
            {"code": "HQ", "country": "US", "parent": ""},
            {"code": "US", "country": "US", "parent": "HQ"},
            {"code": "SG", "country": "SG", "parent": "HQ"},
            {"code": "KW", "country": "KW", "parent": "HQ"},
        ],
        standard_rates=[
            {"country": "US", "tax_type": "none", "standard_rate_sales_tax_npm": "0"},
            {"country": "SG", "tax_type": "gst", "standard_rate_sales_tax_npm": "0.09"},
            {"country": "KW", "tax_type": "vat", "standard_rate_sales_tax_npm": "0.05"},
        ],
        rate_history=[
            {"country": "SG", "valid_from": "", "valid_to_exclusive": "2023-01-01", "rate": "0.07"},
            {"country": "SG", "valid_from": "2023-01-01", "valid_to_exclusive": "2024-01-01", "rate": "0.08"},
            {"country": "SG", "valid_from": "2024-01-01", "valid_to_exclusive": "", "rate": "0.09"},
        ],
    )
    assert rows == [
        {"country": "US", "company": "US", "tax_name": "", "tax_percent": "0"},
        {"country": "SG", "company": "SG", "tax_name": "GST", "tax_percent": "8"},
        {"country": "KW", "company": "KW", "tax_name": "", "tax_percent": "0"},
    ]


def test_rates_are_cut_to_the_demo_and_keep_their_digits():
    rows = rate_rows(
        [
            {"date": "2022-12-29", "EURUSD": "1.0649"},
            {"date": "2022-12-30", "EURUSD": "1.0660"},
            {"date": "2024-01-02", "EURUSD": "1.0956"},
        ]
    )
    assert [tuple(row.values()) for row in rows] == [
        ("2022-12-30", "EUR", "USD", "1.0660", "ECB"),
        ("2023-01-01", "USD", "AED", "3.6725", "demo"),
        ("2023-01-01", "USD", "KWD", "0.30871186", "demo"),
    ]


def test_a_part_costs_what_its_component_costs():
    models = {part.model for part in PARTS} | {part.less for part in PARTS if part.less}
    cost = {"OCI-B91961": "0.0255", "AWS17-us-east-1-m4.large-mswinSQLWeb": "0.194"}
    rows = [
        product(sku, "global") | {"cost_usd": cost.get(sku, "0.154"), "price_JPY": "1460"} for sku in models
    ]
    parts = {row["sku"]: row for row in part_products(rows)}
    # 0.0255 / 730 = 0.00003493150684..., 0.194 - 0.154 = 0.04
    assert (parts["DISK-GIB"]["cost_usd"], parts["DISK-GIB"]["price_JPY"]) == ("0.000034931507", "2")
    assert (parts["LICENCE"]["cost_usd"], parts["LICENCE"]["price_JPY"]) == ("0.04", "0")
    assert (parts["cpu"]["kind"], parts["cpu"]["unit_factors"]) == ("usage", "second=1/3600")
