"""A second person looks at a change set, if the head office wants that."""

import pytest

from catalogue.models import Price, PriceImportPolicy, Product
from catalogue.services.price_import import check_price_import, publish_price_import, upload_price_file
from catalogue.services.price_import_approval import approve_price_import, decline_price_import
from catalogue.services.price_import_states import CannotPublishPrices
from tests.factories.price_files import NEW_YEAR, NOW, WIDE, counts, head_office, person, price, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    hq = head_office()
    PriceImportPolicy.objects.create(company=hq, needs_approval=True)
    return upload(f"{WIDE}\nVM,,hour,usage,1,2,3", hq, by=person("anna"))


def publish(price_import):
    return publish_price_import(price_import=price_import, published_by=None, published_at=NOW)


def test_nothing_is_published_without(waiting):
    assert (waiting.state, Price.objects.count()) == ("checked", 0)
    with pytest.raises(CannotPublishPrices, match="somebody other than anna must approve it"):
        publish(waiting)


def test_nobody_approves_their_own(waiting):
    with pytest.raises(CannotPublishPrices, match="a second person must approve it"):
        approve_price_import(price_import=waiting, approved_by=waiting.uploaded_by, approved_at=NOW)


def test_approved_and_published_once(waiting):
    approve_price_import(price_import=waiting, approved_by=person("bert"), approved_at=NOW)
    assert publish(waiting).state == "published"
    assert publish(waiting).published_at == NOW
    assert Price.objects.count() == 3


def test_declined_for_good(waiting):
    assert decline_price_import(price_import=waiting).state == "declined"
    with pytest.raises(CannotPublishPrices, match="is declined, so nobody can publish it"):
        publish(waiting)


def test_the_books_have_changed_meanwhile(waiting):
    approve_price_import(price_import=waiting, approved_by=person("bert"), approved_at=NOW)
    Product.objects.create(sku="VM", unit="hour", kind="time")
    with pytest.raises(CannotPublishPrices, match=r"of line 2 \(VM\) has changed: check it again"):
        publish(waiting)
    assert not Price.objects.exists()


def test_checked_again_after_the_books_have_changed(tmp_path):
    hq = head_office()
    path = tmp_path / "prices.csv"
    path.write_text(f"{WIDE}\nVM,,hour,usage,1,2,3")
    with path.open("rb") as file:
        waiting = upload_price_file(
            company=hq,
            file=file,
            file_name="prices.csv",
            effective=NEW_YEAR,
            uploaded_by=None,
            uploaded_at=NOW,
        )

    def check():
        with waiting.file.open("rb") as file:
            return check_price_import(price_import=waiting, file=file, checked_at=NOW)

    assert counts(check()) == (1, 0, 0, 0, 0)
    price(hq, unit_price="5")
    with pytest.raises(CannotPublishPrices, match="check it again"):
        publish_price_import(price_import=waiting, published_by=None, published_at=NOW)
    assert counts(check()) == (0, 1, 0, 0, 0)
    published = publish_price_import(price_import=waiting, published_by=None, published_at=NOW)
    assert (published.state, Price.objects.filter(company=hq).count()) == ("published", 2)
