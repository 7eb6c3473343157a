"""The people at their desks: the same calls on records, in this process or over the wire.

A journey is written once against `Desk` and runs against Odoo's ORM inside a test's transaction
or against a running server through the JSON-RPC of its own web client. Values look the same either
way: many2one fields are ids, times are text.
"""

from datetime import date, datetime

import requests


class Refused(Exception):
    """The server said no; the text is what the person would read."""


class Desk:
    """One person's access to the records. Subclasses say how a call travels."""

    def call(self, model, method, ids=None, *args, context=None, **kwargs):
        """Call a public method, on records (`ids`) or on the model (`None`)."""
        raise NotImplementedError

    def create(self, model, **vals):
        """Create one record and return its id."""
        (number,) = self.create_all(model, [vals])
        return number

    def create_all(self, model, rows):
        """Create a record of each of these values, at once; their ids."""
        return self.call(model, "create", None, rows)

    def write(self, model, ids, **vals):
        return self.call(model, "write", _list(ids), vals)

    def search(self, model, domain, order="id", limit=None):
        return self.call(model, "search", None, domain, order=order, limit=limit)

    def rows(self, model, domain, names, order="id"):
        """Records as dictionaries of these fields and their id."""
        ids = self.search(model, domain, order)
        return self.call(model, "read", ids, list(names), load=None)

    def row(self, model, domain, names, order="id"):
        """The one record that matches."""
        found = self.rows(model, domain, names, order)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} records of {model} match {domain}, not one")
        return found[0]

    def count(self, model, domain=()):
        return self.call(model, "search_count", None, list(domain))

    def ref(self, xmlid):
        """The id behind an XML id."""
        module, name = xmlid.split(".")
        domain = [("module", "=", module), ("name", "=", name)]
        return self.row("ir.model.data", domain, ["res_id"])["res_id"]


class OrmDesk(Desk):
    """A person inside a test's transaction."""

    def __init__(self, env):
        self.env = env

    def call(self, model, method, ids=None, *args, context=None, **kwargs):
        records = self.env[model].with_context(**(context or {}))
        if ids is not None:
            records = records.browse(_list(ids))
        if method == "search" and kwargs.get("limit") is None:
            kwargs.pop("limit", None)
        return _wire(getattr(records, method)(*args, **kwargs))


class RpcDesk(Desk):
    """A person in a browser, on a running server."""

    def __init__(self, url, login, password, database=None):
        self.url, self.session = url, requests.Session()
        self.session.trust_env = False
        params = {"db": database, "login": login, "password": password}
        self.user_context = {}
        info = self._post("/web/session/authenticate", params)
        self.uid, self.user_context = info["uid"], info["user_context"]

    def call(self, model, method, ids=None, *args, context=None, **kwargs):
        params = {
            "model": model,
            "method": method,
            "args": [*([] if ids is None else [_list(ids)]), *args],
            "kwargs": {**kwargs, "context": {**self.user_context, **(context or {})}},
        }
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def _post(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        response = self.session.post(self.url + path, json=body, timeout=120)
        response.raise_for_status()
        answer = response.json()
        if "error" in answer:
            data = answer["error"].get("data") or {}
            raise Refused(data.get("message") or answer["error"]["message"])
        return answer.get("result")


def _list(ids):
    return [ids] if isinstance(ids, int) else list(ids)


def _wire(value):
    """A value as it would arrive over JSON-RPC."""
    if hasattr(value, "_name") and hasattr(value, "ids"):
        return value.ids
    if isinstance(value, dict):
        return {key: _wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_wire(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return value
