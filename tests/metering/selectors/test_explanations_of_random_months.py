"""Every charge of random months explains itself: its steps add up to what the statements of rating wrote."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.domain.rounding import round_to
from catalogue.models import User
from metering.models import AccountPeriod, Charge
from metering.selectors.explanations import explain_charge
from tests.metering.sql import test_rating
from tests.metering.sql.entered_worlds import enter, receive
from tests.metering.sql.random_months import RandomWorld

pytestmark = pytest.mark.django_db


class SmallWorld(RandomWorld):
    TIMED, METERED, RESOURCES, RECORDS = 12, 12, 40, 300


@settings(
    max_examples=2,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=True))
def test_the_steps_of_every_charge_add_up_to_it(db, random):
    world = SmallWorld(random).draw()
    with transaction.atomic():
        enter(world)
        received = receive(random, world)
        last = max(period.period_end for period in AccountPeriod.objects.all())
        # Closed months count to their end; an open one up to an instant.
        cutoff = random.choice([None, received[len(received) // 2].at]) if world.as_of >= last else None
        test_rating._rate(world, cutoff)
        if cutoff:
            AccountPeriod.objects.update(cutoff=cutoff)
        root = User.objects.create_superuser("root")
        charges = list(Charge.objects.order_by("id"))
        assert len(charges) > 200
        wrong = []
        for charge in random.sample(charges, k=80):
            why = explain_charge(charge_id=charge.pk, caller=root, as_of=world.as_of, page_size=3)
            shown = (why.agrees, round_to(why.should.amount, 12), why.should.net_amount)
            if shown != (True, charge.amount, charge.net_amount):
                wrong.append(f"{charge.pk} {why.product.kind} {why.terms} {shown} {charge.amount} {why.note}")
        transaction.set_rollback(True)
    assert wrong == []
