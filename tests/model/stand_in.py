"""A server without a model that speaks the OpenAI protocol over real HTTP, well or badly as it is told."""

import json
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StandIn:
    """Says `answers` in turn, the last one again and again; the other fields are its faults, to be set at any time.

    `status` and `headers` refuse every prompt; `refused_field` only those that hold it; `breaks_after` pieces the
    connection is dropped; before the first piece past `free` it waits for `gate`. `missing` are paths it does not know.
    """

    def __init__(self, *answers: Iterable[str]) -> None:
        self.answers: list[Iterable[str]] = list(answers) or [["Good ", "morning"]]
        self.status, self.headers, self.healthy = 200, {}, True
        self.refused_field: str | None = None
        self.breaks_after: int | None = None
        self.free, self.gate = 10_000, threading.Event()
        self.usage: dict | None = None
        self.missing: set[str] = set()
        self.bodies: list[dict] = []
        self.keys: set[str] = set()
        self.asked: list[str] = []
        self.left = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stand_in": self}))
        self._server.daemon_threads = True
        self._server.handle_error = lambda request, address: None
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand_in: StandIn

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        own = self.stand_in
        own.asked.append(self.path)
        self._whole(404 if self.path in own.missing else 200 if own.healthy else 503, {"data": []})

    def do_POST(self) -> None:
        own = self.stand_in
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        own.bodies.append(body)
        own.keys.add(self.headers["authorization"])
        if own.status != 200:
            self._whole(own.status, {"error": {"message": "no room for you"}}, own.headers)
        elif own.refused_field in body:
            self._whole(422, {"detail": f"unexpected fields: {own.refused_field}"})
        else:
            self._stream(own.answers.pop(0) if len(own.answers) > 1 else own.answers[0])

    def _whole(self, status: int, answer: dict, headers: dict[str, str] | None = None) -> None:
        text = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(text))}.items():
            self.send_header(name, value)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def _stream(self, pieces: Iterable[str]) -> None:
        own = self.stand_in
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            for n, piece in enumerate(pieces):
                if n == own.free:
                    own.gate.wait(10)
                if n == own.breaks_after:
                    self.close_connection = True
                    return
                self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}]})
            if own.usage:
                self._event({"choices": [], "usage": own.usage})
            self._frame("data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            own.left.set()
            self.close_connection = True

    def _event(self, chunk: dict) -> None:
        head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "stand-in"}
        self._frame(f"data: {json.dumps(head | chunk)}\n\n")

    def _frame(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
