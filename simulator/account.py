"""A person in Odoo's web client: what the phone app cannot do itself is done as in the browser."""

import json
import re
from urllib.parse import urlencode

from .http import Connection

_CSRF = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


class Refused(Exception):
    """The server understood and said no."""


class Account:
    """A logged-in session and calls of model methods through it."""

    def __init__(self, url, login):
        self.login = login
        self._connection = Connection(url)
        self._cookie = ""

    @classmethod
    async def open(cls, url, login, password):
        """Log in through the form of the login page.

        :raises Refused: wrong login or password
        """
        account = cls(url, login)
        page = await account._request("GET", "/web/login")
        token = _CSRF.search(page.body)
        fields = {
            "csrf_token": token[1].decode() if token else "",
            "login": login,
            "password": password,
        }
        answer = await account._request(
            "POST", "/web/login", urlencode(fields).encode(), "application/x-www-form-urlencoded"
        )
        if answer.status not in (302, 303):
            raise Refused(f"{login} could not log in ({answer.status}).")
        return account

    async def call(self, model, method, *args, **kwargs):
        """Call a public method of a model, as the web client does.

        :raises Refused: with the server's words
        """
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"model": model, "method": method, "args": args, "kwargs": kwargs},
        }
        answer = await self._request(
            "POST",
            f"/web/dataset/call_kw/{model}/{method}",
            json.dumps(body).encode(),
            "application/json",
        )
        if answer.status != 200:
            raise Refused(f"{model}.{method}: {answer.status}")
        reply = json.loads(answer.body)
        if "error" in reply:
            data = reply["error"].get("data") or {}
            raise Refused(f"{model}.{method}: {data.get('message') or reply['error']['message']}")
        return reply["result"]

    async def search_read(self, model, domain, fields, **options):
        return await self.call(model, "search_read", domain, fields, **options)

    async def count(self, model, domain):
        return await self.call(model, "search_count", domain)

    async def close(self):
        await self._connection.close()

    async def _request(self, method, path, body=b"", content_type=None):
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if content_type:
            headers["Content-Type"] = content_type
        answer = await self._connection.request(method, path, body, headers)
        for cookie in answer.headers.get("set-cookie", "").splitlines():
            if cookie.startswith("session_id="):
                self._cookie = cookie.partition(";")[0]
        return answer
