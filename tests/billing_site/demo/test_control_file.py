from billing_site.demo.control_file import control_file
from billing_site.demo.order_stream import KEY_VARIABLE, main
from billing_site.demo.streams import demo_events
from tests.billing_site.demo.events_server import events_server


def test_the_stream_tells_every_event_that_it_sent(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, "key-1")
    path = tmp_path / "control.csv"
    with events_server() as server:
        assert main(["--url", server.url, "--control-file", str(path)]) == 0
    lines = path.read_text().splitlines()
    assert lines[0] == "source,id,resource,hour,quantity"
    assert len(lines) == 1 + len(server.stored)


def test_a_line_says_what_the_event_says():
    event = next(event for event in demo_events() if event["type"] == "meridian.usage.recorded")
    line = control_file([event]).splitlines()[1].split(",")
    assert line[:3] == [event["source"], event["id"], event["subject"]]
    assert line[4] == event["data"]["quantity"]
    assert line[3] == f"{event['time'][:13]}:00:00Z"
