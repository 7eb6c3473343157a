"""A bad network on the loopback interface: loses, doubles, delays, cuts and replaces messages.

It understands just enough HTTP to know where a request and an answer end. What happens to a request
is asked for each one, so that a test decides it, or a seeded generator.
"""

import contextlib
import socket
import threading
import time

FAULTS = (
    "drop_request",  # never reaches the server
    "drop_answer",  # the server has done it, the phone does not know
    "duplicate",  # arrives twice, one after the other
    "twice_at_once",  # arrives twice at the same moment
    "delay",
    "cut_request",  # the server sees half of it
    "cut_answer",  # the phone sees half of it
    "portal",  # a hotel's page instead of an answer, status 200
    "bad_gateway",
)
_PORTAL = b"<html><body>Please accept our terms</body></html>"
_PAGES = {
    "portal": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s",
    "bad_gateway": b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s",
}
DELAY_S = 0.05


class FaultProxy:
    """Listens on a free port and forwards to one server.

    :param tuple server: ``(host, port)``
    :param choose: ``choose() -> name of a fault or None``, asked for each request
    :param bytes_per_s: how fast the line is, up and down; None: as fast as it can
    """

    def __init__(self, server, choose=lambda: None, bytes_per_s=None):
        self.server, self.choose, self.bytes_per_s = server, choose, bytes_per_s
        self.counts = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """No more connections; those that are open end by themselves."""
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with contextlib.closing(client), contextlib.suppress(OSError):
            client.settimeout(30)
            request = _read_message(client)
            if not request:
                return
            fault = self.choose()
            self.counts[fault] = self.counts.get(fault, 0) + 1
            self._travel(request)
            answer = self._answer(request, fault)
            self._travel(answer)
            if answer:
                client.sendall(answer)

    def _travel(self, message):
        if self.bytes_per_s:
            time.sleep(len(message) / self.bytes_per_s)

    def _answer(self, request, fault):
        """What the phone gets to see; nothing means that the connection just ends."""
        if fault == "drop_request":
            return b""
        if fault in _PAGES:
            return _PAGES[fault] % (len(_PORTAL), _PORTAL)
        if fault == "cut_request":
            self._forward(request[: len(request) * 2 // 3], cut=True)
            return b""
        if fault == "delay":
            time.sleep(DELAY_S)
        if fault == "duplicate":
            self._forward(request)
        if fault == "twice_at_once":
            threading.Thread(target=self._forward_quietly, args=(request,), daemon=True).start()
        answer = self._forward(request)
        if fault == "drop_answer":
            return b""
        return answer[: len(answer) * 2 // 3] if fault == "cut_answer" else answer

    def _forward_quietly(self, request):
        with contextlib.suppress(OSError):
            self._forward(request)

    def _forward(self, request, cut=False):
        with contextlib.closing(socket.create_connection(self.server, timeout=60)) as server:
            server.sendall(request)
            if cut:
                return b""
            return _read_message(server)


def _read_message(connection):
    """One HTTP message with its body; what has come when the other side ends it early."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return data
        data += chunk
    head, _blank, body = data.partition(b"\r\n\r\n")
    missing = _content_length(head) - len(body)
    while missing > 0:
        chunk = connection.recv(min(missing, 65536))
        if not chunk:
            break
        data, missing = data + chunk, missing - len(chunk)
    return data


def _content_length(head):
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
