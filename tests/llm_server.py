"""A small OpenAI-compatible server of the tests, in a thread and on loopback, that says and does as it is told."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Behaviour:
    """What the server does. `say(messages)` gives the answer; `hang`, `drop` and `status` make it fail."""

    def __init__(
        self, say, *, status=(), retry_after=None, hang=None, drop_after=None, pause=0.0, raw=None, endless=False
    ):
        self.say, self.status, self.retry_after = say, list(status), retry_after
        self.hang, self.drop_after, self.pause, self.raw, self.endless = hang, drop_after, pause, raw, endless
        self.requests, self.closed = [], threading.Event()


@contextmanager
def serving(behaviour):  # noqa: C901
    """The server's address, such as http://127.0.0.1:4711/v1."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            self._json(200, {"object": "list", "data": [{"id": "tiny", "object": "model", "max_model_len": 6000}]})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            behaviour.requests.append(body)
            if behaviour.status:
                return self._json(behaviour.status.pop(0), {"error": {"message": "not now"}})
            if behaviour.hang == "start":
                time.sleep(30)
            if behaviour.raw is not None:
                self.send_response(200)
                self.send_header("content-length", str(len(behaviour.raw)))
                self.end_headers()
                self.wfile.write(behaviour.raw)
                return None
            return self._stream(behaviour.say(body["messages"]))

        def _json(self, status, value):
            data = json.dumps(value).encode()
            self.send_response(status)
            if status == 429 and behaviour.retry_after is not None:
                self.send_header("retry-after", str(behaviour.retry_after))
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, text):
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.close_connection = True
            self.end_headers()
            try:
                at = 0
                while at < len(text) or behaviour.endless:
                    if behaviour.drop_after is not None and at >= behaviour.drop_after:
                        return self.connection.shutdown(2)
                    if behaviour.hang == "middle" and at > len(text) // 2:
                        time.sleep(30)
                    self._event({"choices": [{"index": 0, "delta": {"content": text[at : at + 7] or "la la la "}}]})
                    at += 7
                    time.sleep(behaviour.pause)
                self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                behaviour.closed.set()
            return None

        def _event(self, value):
            data = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "tiny", **value}
            self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def passages_of(messages):
    """number -> text of the passages that a prompt gives."""
    text = messages[1]["content"]
    found = {}
    for part in text.split("<<<")[1:]:
        head, _, body = part.partition("\n")
        found[int(head.split("passage [")[1].split("]")[0])] = body.rpartition("\n")[0]
    return found
