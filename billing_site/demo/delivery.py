"""Send CloudEvents to Meridian at least once, and never wrongly twice.

What makes a retry safe, for anyone who writes a client of their own:

- An event keeps its (source, id) for ever. After a broken connection nobody knows whether the batch arrived:
  send the same bytes again; what had arrived is answered `duplicate` and changes nothing.
- Retry only what can pass by itself: no connection, 429, 5xx. Wait longer each time (up to a bound), and by
  chance, so that a thousand clients do not come back in the same second. Then give up and say so.
- Any other answer is final: repeating a refused batch only repeats the refusal.
- In an accepted batch every event has its own result; `conflict` and `rejected` are for a person to look at.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx

from billing_site.common.errors import BillingError
from billing_site.demo.cloud_events import CloudEvent

EVENTS_PATH = "/api/v1/events"
BATCH_SIZE = 1_000

_TOO_MANY_REQUESTS = 429
# Mistakes of ours (an address without http://, a key with a line end): waiting does not mend them.
_OUR_MISTAKES = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


class BatchRefused(BillingError):
    """The API gave a final answer that is no acceptance; sending the same again would not help."""

    code = "batch_refused"


class StreamUnreachable(BillingError):
    """Every attempt failed in a way that may pass; the whole stream can be sent again later as it is."""

    code = "stream_unreachable"


@dataclass(frozen=True, slots=True)
class Retry:
    """How stubborn the client is: attempts a batch, and waits that double from one bound [s] to the other."""

    attempts: int = 8
    first_wait: float = 0.25
    longest_wait: float = 30.0

    def wait(self, failures: int, retry_after: float = 0.0) -> float:
        """Choose the seconds until the next attempt, by chance between nothing and the doubled bound.

        failures: how many attempts have failed, from 1. retry_after: what the server asked for at least [s].
        """
        bound = min(self.longest_wait, self.first_wait * 2 ** (failures - 1))
        return min(self.longest_wait, max(retry_after, random.uniform(0, bound)))


@dataclass(frozen=True, slots=True)
class EventResult:
    """What became of one event: `accepted`, `duplicate`, `conflict` or `rejected`."""

    id: str
    source: str
    status: str
    detail: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one batch: one result per event, and how many attempts it took."""

    results: tuple[EventResult, ...]
    attempts: int

    @property
    def counts(self) -> Counter[str]:
        """How many events have each status."""
        return Counter(result.status for result in self.results)


def connect(base_url: str, key: str) -> httpx.Client:
    """Open a client for the API at base_url, with an API key that has the scope `events:write`."""
    try:
        address = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise BatchRefused(
            f"{base_url} is no address: {error}. Give one like http://127.0.0.1:8000."
        ) from error
    return httpx.Client(
        base_url=address,
        headers={
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/cloudevents-batch+json",
            "Accept": "application/json, application/problem+json",
        },
        timeout=httpx.Timeout(60, connect=5),
        # The demo's API is on this machine: a proxy of the shell's environment must not catch the calls.
        trust_env=False,
    )


def send(
    client: httpx.Client,
    events: Sequence[CloudEvent],
    *,
    batch_size: int = BATCH_SIZE,
    retry: Retry = Retry(),
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[BatchResult]:
    """Send the events in order, in batches of at most batch_size; yield each batch's result when it is there.

    Raises BatchRefused or StreamUnreachable at the first batch that does not pass; what was yielded stands.
    """
    for start in range(0, len(events), batch_size):
        yield _send_batch(client, events[start : start + batch_size], retry, sleep)


def _send_batch(
    client: httpx.Client, batch: Sequence[CloudEvent], retry: Retry, sleep: Callable[[float], None]
) -> BatchResult:
    body = json.dumps(batch, ensure_ascii=False, separators=(",", ":")).encode()
    attempt = 1
    while True:
        retry_after = 0.0
        try:
            response = client.post(EVENTS_PATH, content=body)
        except _OUR_MISTAKES as error:
            raise BatchRefused(
                f"{client.base_url} cannot be called: {error} Check the address and the key."
            ) from error
        except httpx.TransportError as error:
            trouble = f"{type(error).__name__}: {error}"
        else:
            if response.is_success:
                return BatchResult(_results(response, batch), attempt)
            if response.status_code != _TOO_MANY_REQUESTS and not response.is_server_error:
                raise BatchRefused(
                    f"Meridian refused a batch of {len(batch)} events with {response.status_code}: "
                    f"{_detail(response)}"
                )
            trouble = f"{response.status_code}: {_detail(response)}"
            retry_after = _retry_after(response)
        if attempt == retry.attempts:
            raise StreamUnreachable(
                f"A batch did not get through to {client.base_url} in {attempt} attempts (last: {trouble}). "
                "Start the API or wait, then send the same events again: those that arrived count once."
            )
        sleep(retry.wait(attempt, retry_after))
        attempt += 1


def _results(response: httpx.Response, batch: Sequence[CloudEvent]) -> tuple[EventResult, ...]:
    """Read one result per event, and refuse an answer that does not speak of exactly these events."""
    try:
        results = tuple(
            EventResult(row["id"], row["source"], row["status"], row.get("detail", ""))
            for row in response.json()["results"]
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BatchRefused(
            f"{response.url} answered {response.status_code} with something that is no list of results. "
            "Check that the address is Meridian's API."
        ) from error
    answered = Counter((result.source, result.id) for result in results)
    if answered != Counter((event["source"], event["id"]) for event in batch):
        raise BatchRefused(
            f"{response.url} answered for {len(results)} events that are not the {len(batch)} sent. "
            "Send the batch again and report this to Meridian."
        )
    return results


def _detail(response: httpx.Response) -> str:
    """The sentence of a problem+json answer (RFC 9457), or as much as a stranger's page says."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict) and (sentence := problem.get("detail") or problem.get("title")):
        return str(sentence)
    return response.text[:200].strip() or response.reason_phrase


def _retry_after(response: httpx.Response) -> float:
    """Seconds that the server asks for; a date instead of seconds is left to our own waits."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 0.0
