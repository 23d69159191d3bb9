"""A stand-in for the order-streaming application: sends the demo's events to a running Meridian.

    MERIDIAN_API_KEY=... python -m billing_site.demo.order_stream --url http://127.0.0.1:8000

With --control-file FILE it also writes what it sent, a line an event, for `manage.py import_control_totals`.

Run it as often as you like: what has arrived before is a duplicate and counts once (`delivery.py` tells why).
Ends with 0 if every event is accepted or a duplicate, with 1 if some conflict or are rejected, and with 2 if
the API was not reached or refused a batch.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from billing_site.common.errors import BillingError
from billing_site.demo.control_file import control_file
from billing_site.demo.delivery import BATCH_SIZE, connect, send
from billing_site.demo.streams import demo_events

KEY_VARIABLE = "MERIDIAN_API_KEY"
_GOOD = ("accepted", "duplicate")


def main(arguments: Sequence[str] | None = None) -> int:
    """Send all events; print one line a batch, each event that needs a person, and the counts by status."""
    parser = argparse.ArgumentParser(prog="order_stream", description="Send the demo's events to Meridian.")
    parser.add_argument("--url", required=True, help="where the API runs, such as http://127.0.0.1:8000")
    parser.add_argument(
        "--batch-size", type=_positive, default=BATCH_SIZE, help="events a request (%(default)s)"
    )
    parser.add_argument("--control-file", type=Path, help="where to write what is sent, a line an event")
    options = parser.parse_args(arguments)
    key = os.environ.get(KEY_VARIABLE, "")
    if not key:
        print(f"Set {KEY_VARIABLE} to an API key with the scope events:write.", file=sys.stderr)
        return 2

    if options.control_file:
        options.control_file.write_text(control_file(demo_events()), "utf-8")
    counts: Counter[str] = Counter()
    try:
        with connect(options.url, key) as client:
            for batch in send(client, demo_events(), batch_size=options.batch_size):
                counts += batch.counts
                print(f"{counts.total():6} sent: {_sentence(batch.counts)}; attempts: {batch.attempts}")
                for result in batch.results:
                    if result.status not in _GOOD:
                        print(f"  {result.status}: {result.source} {result.id}: {result.detail}")
    except BillingError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"All sent: {_sentence(counts)}.")
    return 0 if set(counts) <= set(_GOOD) else 1


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of events; give 1 or more")
    return number


def _sentence(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
