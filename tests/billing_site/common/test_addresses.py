"""Addresses that no person and no program means."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/console/catalogue/account/?company__id__exact=%00",
        "/console/catalogue/account/?q=a%00b",
        "/?page=%00",
    ],
)
def test_nul_in_an_address_is_a_wrong_request(client, address):
    assert client.get(address).status_code == 400


def test_the_api_says_so_in_its_own_shape(client):
    answer = client.get("/api/v1/accounts?search=%00")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
