"""A small HTTP/1.1 client on asyncio: one connection, kept open, one request after the other."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT_S = 60


class NetworkError(Exception):
    """No answer: refused, cut, or too late. Whether the server acted is unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict
    body: bytes


class Connection:
    """Requests to one server. Reconnects by itself; never repeats a request by itself."""

    def __init__(self, url, timeout=TIMEOUT_S):
        parts = urlsplit(url)
        self.secure = parts.scheme == "https"
        self.host = parts.hostname
        self.port = parts.port or (443 if self.secure else 80)
        self.prefix = parts.path.rstrip("/")
        self.timeout = timeout
        self._reader = self._writer = None

    async def request(self, method, path, body=b"", headers=None):
        """Send one request and wait for its whole answer.

        :raises NetworkError: there was none
        """
        try:
            async with asyncio.timeout(self.timeout):
                return await self._exchange(method, path, body, headers or {})
        except (OSError, EOFError, ValueError, TimeoutError) as exc:
            await self.close()
            raise NetworkError(f"{method} {path.partition('?')[0]}: {exc!r}") from exc

    async def close(self):
        if self._writer:
            self._writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await self._writer.wait_closed()
        self._reader = self._writer = None

    async def _exchange(self, method, path, body, headers):
        reused = self._writer is not None
        try:
            await self._send(method, path, body, headers)
            line = await self._reader.readline()
        except OSError:
            if not reused:
                raise
            line = b""
        if not line and reused:
            # The server closed the idle connection before it saw the request.
            await self.close()
            await self._send(method, path, body, headers)
            line = await self._reader.readline()
        return await self._read_answer(line)

    async def _send(self, method, path, body, headers):
        if self._writer is None:
            context = ssl.create_default_context() if self.secure else None
            self._reader, self._writer = await asyncio.open_connection(
                self.host, self.port, ssl=context
            )
        lines = [f"{method} {self.prefix}{path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        self._writer.write("\r\n".join(lines).encode() + body)
        await self._writer.drain()

    async def _read_answer(self, line):
        if not line:
            raise EOFError("no answer")
        version, status = line.split()[:2]
        headers = await self._read_headers()
        body = await self._read_body(headers)
        if version == b"HTTP/1.0" or headers.get("connection", "").lower() == "close":
            await self.close()
        return Answer(int(status), headers, body)

    async def _read_headers(self):
        headers = {}
        while (line := await self._reader.readline()).strip():
            name, _colon, value = line.decode("latin-1").partition(":")
            name, value = name.strip().lower(), value.strip()
            headers[name] = f"{headers[name]}\n{value}" if name in headers else value
        return headers

    async def _read_body(self, headers):
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return await self._read_chunks()
        if "content-length" in headers:
            return await self._reader.readexactly(int(headers["content-length"]))
        headers["connection"] = "close"
        return await self._reader.read()

    async def _read_chunks(self):
        parts = []
        while size := int((await self._reader.readline()).partition(b";")[0], 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return b"".join(parts)
