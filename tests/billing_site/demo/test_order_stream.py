import pytest

from billing_site.demo.order_stream import KEY_VARIABLE, main
from tests.billing_site.demo.events_server import Answer, events_server


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, "key-1")


def test_the_whole_demo_arrives_and_a_second_time_counts_once(capsys):
    with events_server() as server:
        assert main(["--url", server.url]) == 0
        assert main(["--url", server.url]) == 0
    out = capsys.readouterr().out
    assert len(server.stored) == 13_340
    assert " 13340 sent: 340 accepted; attempts: 1\nAll sent: 13340 accepted.\n" in out
    assert out.endswith("All sent: 13340 duplicate.\n")
    assert server.bodies[:14] == server.bodies[14:]


def test_rejected_events_are_named(capsys):
    with events_server() as server:
        server.rejected_ids = {"noise-s-024001"} | {"created-vm-eastus-b8ms-0@acct-de-1"}
        assert main(["--url", server.url, "--batch-size", "5000"]) == 1
    assert (
        "  rejected: demo/orders created-vm-eastus-b8ms-0@acct-de-1: rejected it is\n"
        in capsys.readouterr().out
    )


def test_a_refusal_is_one_sentence(capsys):
    with events_server(Answer(401, body=b'{"detail": "This key is not known."}')) as server:
        assert main(["--url", server.url]) == 2
    assert capsys.readouterr().err == (
        "Meridian refused a batch of 1000 events with 401: This key is not known.\n"
    )


def test_without_a_key_nothing_is_sent(monkeypatch, capsys):
    monkeypatch.delenv(KEY_VARIABLE)
    with events_server() as server:
        assert main(["--url", server.url]) == 2
    assert server.bodies == []
    assert capsys.readouterr().err == f"Set {KEY_VARIABLE} to an API key with the scope events:write.\n"


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_a_batch_has_at_least_one_event(size):
    with pytest.raises(SystemExit):
        main(["--url", "http://127.0.0.1:1", "--batch-size", size])
