from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile, ZipInfo

import pytest

from catalogue.models import Currency, ExchangeRate
from catalogue.services.exchange_rates import InvalidRateFile, enter_exchange_rate, import_exchange_rates

pytestmark = pytest.mark.django_db

# As eurofxref-hist.csv has it: a comma at the end of every line, N/A, and currencies that are no more.
ECB = b"""Date,USD,JPY,CYP,
2026-10-02,1.0845,163.52,N/A,
2026-10-01,1.0812,N/A,0.58,
"""
LONG = b"base,quote,date,rate,source\nUSD,AED,2026-10-01,3.6725,peg\n"


def load(content):
    return import_exchange_rates(file=BytesIO(content))


def standing():
    rates = ExchangeRate.objects.order_by("base", "quote", "rated_on")
    return [(str(rate), rate.source) for rate in rates]


def zipped(**files):
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, data in files.items():
            # A name alone would take the wall clock, and the test would have another name each time.
            archive.writestr(ZipInfo(f"{name}.csv"), data)
    return content.getvalue()


def test_as_the_central_bank_publishes_it():
    for content in (ECB, zipped(eurofxref=ECB)):
        loaded = load(content)
        assert loaded.skipped == ("CYP",)
    assert (loaded.new, loaded.changed, loaded.unchanged) == (0, 0, 3)
    assert standing() == [
        ("1 EUR = 163.52 JPY on 2026-10-02", "ECB"),
        ("1 EUR = 1.0812 USD on 2026-10-01", "ECB"),
        ("1 EUR = 1.0845 USD on 2026-10-02", "ECB"),
    ]


def test_pairs_of_any_two():
    assert load(LONG).new == 1
    assert load(LONG.replace(b"3.6725", b"3.6726")).changed == 1
    assert standing() == [("1 USD = 3.6726 AED on 2026-10-01", "peg")]


def test_a_rate_by_hand_takes_the_place_of_the_one_that_stands():
    load(ECB)
    euro, dollar = (Currency.objects.get(code=code) for code in ("EUR", "USD"))
    day = date(2026, 10, 2)
    enter_exchange_rate(base=euro, quote=dollar, rated_on=day, rate=Decimal("1.1"), source="manual")
    assert ("1 EUR = 1.1 USD on 2026-10-02", "manual") in standing()
    assert len(standing()) == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Line 1 must be"),
        (b"nonsense\n", "Line 1 must be"),
        (b"Date,USD\n2026-10-01,1,5\n2026-10-02,soon\n", "Line 3, EUR to USD"),
        (b"Date,USD\n2026-10-01,0\n", "Line 2, EUR to USD"),
        (b"Date,USD\n2026-10-01,-1\n", "Line 2, EUR to USD"),
        (b"Date,USD\n2026-10-01,NaN\n", "Line 2, EUR to USD"),
        (b"Date,USD\n01.10.2026,1\n", "Line 2: '01.10.2026' is not a date"),
        (b"Date,USD\n2026-10-01,1\n2026-10-01,2\n", "two rates from EUR to USD on 2026-10-01"),
        (LONG + b"USD,XXQ,2026-10-01,1,peg\n", "Line 3: 'XXQ' is not a currency"),
        (LONG + b"USD,USD,2026-10-01,1,peg\n", "Line 3: a rate needs two currencies"),
        (LONG + b"USD,EUR\n", "Line 3 has 2 fields and the heading 5"),
        ("Date,Köln\n".encode("latin-1"), "not CSV in UTF-8"),
        (zipped(one=ECB, other=ECB), "must hold one CSV file"),
        (zipped(one=ECB)[:40], "not CSV in UTF-8"),
    ],
)
def test_a_wrong_line_and_nothing_is_stored(content, told):
    with pytest.raises(InvalidRateFile, match=told):
        load(content)
    assert not ExchangeRate.objects.exists()
