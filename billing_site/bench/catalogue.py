"""How quickly a wide price file gets into twelve books, beside a plain COPY of the prices that it brings."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, cast
from urllib.parse import urlsplit

from django.db import connection

from billing_site.bench import import_export_peer, memory
from billing_site.bench.figures import Figure
from billing_site.bench.price_files import EFFECTIVE, PRICES_A_LINE, open_house, write_price_file
from billing_site.common.sql import statement
from billing_site.scenarios.databases import ScenarioDatabases, scenario_databases
from catalogue.models import Price, PriceImport
from catalogue.services.price_import import import_prices

PRODUCTS = 100_000
ROUNDS = 3
AT_LEAST_OF_COPY = 1 / 12
AT_LEAST_TIMES_IMPORT_EXPORT = 10.0
MOST_MEMORY = 1.2
_PUBLISHED_AT = datetime(2026, 4, 1, tzinfo=UTC)
_PIECE = 1 << 18


def figures() -> list[Figure]:
    """Import the file as `import_prices` does, in one transaction; medians of interleaved runs."""
    with tempfile.TemporaryDirectory() as folder, scenario_databases() as databases:
        file = Path(folder, "prices.csv")
        write_price_file(file, PRODUCTS)
        ours, copies, theirs = [], [], []
        for _ in range(ROUNDS):
            with databases.copy():
                ours.append(_seconds_of_import(file))
                copies.append(_seconds_of_copy(Path(folder, "prices.copy")))
            with databases.copy():
                theirs.append(import_export_peer.prices_a_second())
        prices = PRODUCTS * PRICES_A_LINE
        speed, copy_speed = prices / median(ours), prices / median(copies)
        return [
            _at_least(f"import {prices:,} prices, beside COPY", speed, copy_speed, AT_LEAST_OF_COPY),
            _at_least(
                "the same beside import-export's bulk mode",
                speed,
                median(theirs),
                AT_LEAST_TIMES_IMPORT_EXPORT,
            ),
            *_memory(databases, folder),
        ]


def _at_least(name: str, value: float, peer: float, bound: float) -> Figure:
    ratio = value / peer
    return Figure(name, value, "prices/s", peer, ratio, f">= {bound:.3g}", ratio >= bound)


def _seconds_of_import(path: Path) -> float:
    company = open_house()
    with path.open("rb") as file:
        began = time.perf_counter()
        done = import_prices(
            company=company,
            file=file,
            file_name=path.name,
            effective=EFFECTIVE,
            imported_at=_PUBLISHED_AT,
        )
        taken = time.perf_counter() - began
    assert done.state == PriceImport.State.PUBLISHED, done
    assert Price.objects.count() == PRODUCTS * PRICES_A_LINE
    return taken


def _seconds_of_copy(path: Path) -> float:
    """Copy the entries, as they stand in the books now, into a table without keys, checks or indexes."""
    with connection.cursor() as cursor:
        with path.open("wb") as file, _copying(cursor, statement("billing_site", "bench_prices_out")) as copy:
            file.writelines(copy)
        cursor.execute(statement("billing_site", "bench_bare_prices"))
        began = time.perf_counter()
        with path.open("rb") as file, _copying(cursor, statement("billing_site", "bench_prices_in")) as copy:
            while piece := file.read(_PIECE):
                copy.write(piece)
        return time.perf_counter() - began


def _copying(cursor: Any, command: str) -> Any:
    return cast(Any, cursor).copy(command)


def _memory(databases: ScenarioDatabases, folder: str) -> list[Figure]:
    """The peak of the command beside the peak at a tenth of the lines; nothing where it cannot be told."""
    if not memory.can_be_measured():
        return []
    file = Path(folder, "prices.csv")
    megabytes = [_peak_megabytes(databases, file, products) for products in (PRODUCTS // 10, PRODUCTS)]
    ratio = megabytes[1] / megabytes[0]
    return [
        Figure(
            f"peak private memory, command and server, {PRODUCTS:,} products beside {PRODUCTS // 10:,}",
            megabytes[1],
            "MB",
            megabytes[0],
            ratio,
            f"<= {MOST_MEMORY:g}",
            ratio <= MOST_MEMORY,
        )
    ]


def _peak_megabytes(databases: ScenarioDatabases, file: Path, products: int) -> float:
    write_price_file(file, products)
    with databases.copy():
        open_house()
        name = connection.settings_dict["NAME"]
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")
        command = [sys.executable, "manage.py", "import_prices", str(file), "--effective", f"{EFFECTIVE}"]
        return memory.peak_memory(command, {**os.environ, "DATABASE_URL": url.geturl()}) / 1_000_000
