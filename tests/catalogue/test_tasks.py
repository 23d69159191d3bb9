"""The job of price files: with a worker's own commits, and progress that others see while it works."""

from io import BytesIO

import pytest
from django.db import connection

from catalogue import tasks
from catalogue.models import Price, PriceImport, PriceImportProgress
from catalogue.services import price_import_jobs
from catalogue.services.price_import_jobs import request_price_import, request_publication
from tests.factories.price_files import NEW_YEAR, NOW, WIDE, head_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def uploaded():
    return request_price_import(
        company=head_office(),
        file=BytesIO(f"{WIDE}\nVM,,hour,usage,1,2,3".encode()),
        file_name="prices.csv",
        effective=NEW_YEAR,
        uploaded_by=None,
        uploaded_at=NOW,
    )


@pytest.fixture
def sent(monkeypatch):
    """The jobs asked for, done at once."""
    numbers = []

    def delay(number):
        numbers.append(number)
        tasks.run_price_import(number)

    monkeypatch.setattr(tasks.run_price_import, "delay", delay)
    return numbers


def test_checked_then_published(uploaded, sent):
    tasks.run_price_imports()
    assert PriceImport.objects.get().state == "checked"
    tasks.run_price_imports()
    assert sent == [uploaded.pk]
    request_publication(price_import=uploaded, requested_by=None)
    tasks.run_price_imports()
    assert (PriceImport.objects.get().state, Price.objects.count()) == ("published", 3)
    tasks.run_price_import(uploaded.pk)
    assert Price.objects.count() == 3


def test_others_see_how_far_it_is(uploaded, monkeypatch):
    seen = []
    check = price_import_jobs.check_price_import

    def watched(*, told, **how):
        def telling(step, fraction):
            told(step, fraction)
            beside = connection.copy()
            with beside.cursor() as cursor:
                cursor.execute(
                    "SELECT step, percent_done FROM catalogue_priceimportprogress WHERE price_import_id = %s",
                    [uploaded.pk],
                )
                seen.append(cursor.fetchone())
            beside.close()

        return check(told=telling, **how)

    monkeypatch.setattr(price_import_jobs, "check_price_import", watched)
    tasks.run_price_import(uploaded.pk)
    assert seen[0] == ("Reading the file", 30)
    assert [step for step, _ in seen[1:]] == ["Comparing products", "Comparing prices", "Looking for faults"]
    assert PriceImportProgress.objects.get(pk=uploaded.pk).step == "Looking for faults"


def test_what_fails_stays_for_the_next_time(uploaded, monkeypatch):
    monkeypatch.setattr(price_import_jobs, "check_price_import", lambda **_how: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.run_price_import(uploaded.pk)
    assert price_import_jobs.waiting_price_imports() == [uploaded.pk]
