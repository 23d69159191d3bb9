"""A small HTTP server on loopback that answers as the events API does, and fails on demand."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server does with one request: take it (200), `lose` the answer then, or fail with `status`."""

    status: int = 200
    lose: bool = False
    body: bytes | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class EventsServer:
    """Known events by identity, every request body, and the answers that come before plain acceptance."""

    url: str
    script: list[Answer] = field(default_factory=list)
    stored: dict[tuple[str, str], str] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    rejected_ids: set[str] = field(default_factory=set)

    def results(self, body: bytes) -> bytes:
        results = []
        for event in json.loads(body):
            identity, content = (event["source"], event["id"]), json.dumps(event, sort_keys=True)
            if event["id"] in self.rejected_ids:
                status = "rejected"
            elif identity not in self.stored:
                status = "accepted"
                self.stored[identity] = content
            else:
                status = "duplicate" if self.stored[identity] == content else "conflict"
            result = {"id": event["id"], "source": event["source"], "status": status}
            results.append(result | ({"detail": f"{status} it is"} if status == "rejected" else {}))
        return json.dumps({"results": results, "counts": {}}).encode()


@contextmanager
def events_server(*script: Answer) -> Iterator[EventsServer]:
    """Serve on a free loopback port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.bodies.append(body)
            server.headers.append(dict(self.headers) | {"path": self.path})
            answer = server.script.pop(0) if server.script else Answer()
            reply = answer.body
            if reply is None:
                reply = server.results(body) if answer.status == 200 else b""
            if answer.lose:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(reply)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server = EventsServer(url=f"http://127.0.0.1:{http.server_port}", script=list(script))
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
