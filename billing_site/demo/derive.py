"""Derive the demo's data from the customer's: `python -m billing_site.demo.derive --shared ../shared`.

Writes the files of `data/` that are not written by hand; by hand are companies.csv and accounts.csv. The
same input gives the same bytes. `data/SOURCE.md` says where each file is from and under which licence.
"""

import argparse
import csv
import gzip
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from billing_site.common.errors import BillingError
from billing_site.demo.datasets import DATA, csv_rows
from billing_site.demo.derived_rows import (
    Row,
    country_rows,
    order_rows,
    ordered_products,
    part_products,
    rate_rows,
    run_products,
    westus2_products,
)

MONTH = "2023-09"
# What the customer's files are known to hold; another number means other files, and other checks in the demo.
LIFECYCLE_EVENTS, RUNS_OF_MONTH = 2_956, 5_752


class UnexpectedSharedData(BillingError):
    code = "unexpected_shared_data"


def derive(shared: Path) -> dict[str, bytes]:
    """Content of every derived file by its name.

    Raises UnexpectedSharedData if a file is missing or holds other row counts than the demo was made for.
    """
    data = shared / "data"
    products = _rows(data / "price_lists" / "products_300.csv")
    runs = [row for row in _rows(data / "usage" / "vm_runs.csv.gz") if row["start"].startswith(MONTH)]
    _check_count("runs that start in " + MONTH, len(runs), RUNS_OF_MONTH)
    lifecycle = _read(data / "usage" / "vm_lifecycle_events.ndjson")
    _check_count("lifecycle events", len(lifecycle.splitlines()), LIFECYCLE_EVENTS)
    countries = _rows(data / "price_lists" / "countries_12.csv")
    regions = [row["azure_region"] for row in countries]
    tax = data / "tax"
    sold = products + westus2_products(products)
    return {
        "countries.csv": _csv(
            country_rows(
                countries,
                companies=_rows(DATA / "companies.csv"),
                standard_rates=_rows(tax / "standard_rates.csv"),
                rate_history=_rows(tax / "rate_history.csv"),
            )
        ),
        "products.csv": _csv(sold),
        "products_run.csv": _csv(run_products(sold, runs, regions)),
        "products_parts.csv": _csv(part_products(products)),
        "products_ordered.csv": _csv(ordered_products(products)),
        "orders.csv": _csv(order_rows(_rows(DATA / "accounts.csv"))),
        "exchange_rates.csv": _csv(rate_rows(_rows(data / "fx" / "ecb_daily_2019_2026.csv"))),
        "lifecycle_events.ndjson.gz": _gzip(lifecycle),
        "runs_2023_09.csv.gz": _gzip(_csv(runs)),
        "expected_monthly.csv": _read(data / "usage" / "vm_lifecycle_expected_monthly.csv"),
    }


def _check_count(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise UnexpectedSharedData(
            f"The shared data hold {found} {what}, not {expected}: the demo's checks are made for those."
        )


def _rows(path: Path) -> list[Row]:
    try:
        return list(csv_rows(path))
    except FileNotFoundError as error:
        raise _missing(path) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _missing(path) from error


def _missing(path: Path) -> UnexpectedSharedData:
    return UnexpectedSharedData(f"There is no {path}; give the customer's shared folder with --shared.")


def _csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _gzip(content: bytes) -> bytes:
    """Compress without a file name or a time in the header, so that equal content gives equal bytes."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as stream:
        stream.write(content)
    return packed.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the derived files and print one line for each."""
    parser = argparse.ArgumentParser(
        prog="derive", description="Derive the demo's data from the shared data."
    )
    parser.add_argument("--shared", type=Path, required=True, help="the customer's shared folder")
    parser.add_argument("--out", type=Path, default=DATA, help="where to write (default: the shipped data)")
    options = parser.parse_args(arguments)
    try:
        files = derive(options.shared)
        options.out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (options.out / name).write_bytes(content)
            print(f"{name:28} {len(content):9} bytes")
    except BillingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
