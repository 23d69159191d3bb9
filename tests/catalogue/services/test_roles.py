import pytest
from django.contrib.auth.models import Group

from billing_site.roles import ROLES
from catalogue.services.roles import ensure_roles

pytestmark = pytest.mark.django_db


def rights_of(role):
    permissions = Group.objects.get(name=role).permissions
    return {f"{app}.{name}" for app, name in permissions.values_list("content_type__app_label", "codename")}


def test_every_role_is_there_after_migration():
    assert set(ROLES) <= set(Group.objects.values_list("name", flat=True))
    assert "invoicing.view_invoice" in rights_of("support")
    assert "catalogue.view_cost" not in rights_of("support")
    assert "catalogue.view_apikey" not in rights_of("support")
    assert "catalogue.add_apikey" in rights_of("billing admin")
    assert "catalogue.approve_priceimport" in rights_of("approver")
    assert "catalogue.approve_priceimport" not in rights_of("billing admin")
    assert "catalogue.publish_priceimport" in rights_of("pricing")
    assert not {right for right in rights_of("auditor") if ".view_" not in right}


def test_a_second_run_takes_back_what_was_changed_and_leaves_other_groups_alone():
    own = Group.objects.create(name="own group")
    Group.objects.get(name="support").permissions.clear()
    ensure_roles(ROLES)
    assert "invoicing.view_invoice" in rights_of("support")
    assert not own.permissions.exists()


def test_a_pattern_with_an_exclamation_mark_takes_away():
    ensure_roles({"reader": ("catalogue.view_p*", "!catalogue.view_price*")})
    assert {"catalogue.view_product", "catalogue.view_promotion"} <= rights_of("reader")
    assert "catalogue.view_price" not in rights_of("reader")
