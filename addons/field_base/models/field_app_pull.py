import time

from odoo import api, fields, models

from ..tools.collection import row_digest
from ..tools.cursor import Cursor, decode
from .field_change import KEEP_DAYS

PAGE = 1000
CURSOR_SECONDS = (KEEP_DAYS - 2) * 86400


class FieldApp(models.AbstractModel):
    """The pull: what is new since a cursor, and what is gone.

    Two sources are joined. Which rows a person may see is asked anew each time and compared with
    what lies on the phone: so a deleted row, one that left the domain and one whose rights were
    lost all become tombstones, and one whose rights were won arrives. Which of the rows that stay
    have changed comes from the change log.
    """

    _inherit = "field.app"

    @api.model
    def _pull(self, device, since=None, names=None):
        """The answer to one pull, in the environment of the device's person.

        :param device: field.device (sudo)
        :param str since: the cursor of the answer before; empty, unknown or expired starts over
        :param names: only these collections; the cursor keeps the place of the others
        """
        collections = self._collections()
        low, high = self.env["field.change"].sudo()._horizon()
        cursor, content = self._read_cursor(device, since, high)
        reset = content is None
        if device.wipe_state:  # what is to be erased is not brought anew
            collections, names = {}, None
        shelf, done, more = self._fill(collections, cursor, content or {}, names, low)
        Shelf = self.env["field.shelf"].sudo()
        if reset or shelf != content:
            cursor.shelf = Shelf._put(device, None if reset else cursor.shelf, shelf)
        cursor.at = int(time.time())
        cursor.mark = self.env["field.change"].sudo()._newest()
        now = fields.Datetime.now()
        return {
            "server_time": now.isoformat(timespec="milliseconds") + "Z",
            "cursor": cursor.encode(),
            "more": more,
            "reset": reset,
            "collections": done,
            "nonces": self.env["field.nonce"].sudo()._spare(device),
            "commands": device._commands(),
        }

    @api.model
    def _read_cursor(self, device, since, high):
        """``(cursor, what is on the phone)``; the latter is ``None`` when it must start over."""
        cursor = decode(since)
        fresh = cursor and cursor.at + CURSOR_SECONDS > time.time()
        if not fresh or max(cursor.seen.values(), default=0) > high:
            return Cursor(), None
        if not self.env["field.change"].sudo()._knows(cursor.mark):
            return Cursor(), None
        content = self.env["field.shelf"].sudo()._find(device, cursor.shelf)
        return (cursor, content) if content is not None else (Cursor(), None)

    @api.model
    def _fill(self, collections, cursor, content, names, low):
        """Fill one page; moves the cursor on.

        :returns: ``(what is on the phone then, {name: {"rows", "gone"}}, whether there is more)``
        """
        chosen = {n: c for n, c in collections.items() if names is None or n in names}
        changed = self._changed(chosen, cursor)
        shelf = {n: rows for n, rows in content.items() if n not in chosen and n in collections}
        done, budget = {}, PAGE
        for name in [n for n in content if n not in collections]:  # its module was removed
            done[name] = {"rows": [], "gone": sorted(content[name])}
        for name, collection in chosen.items():
            known = content.get(name, {})
            if budget <= 0:
                shelf[name] = known
                continue
            visible = self._visible(collection)
            page = cursor.page if cursor.page and cursor.page[0] == name else None
            rows, shelf[name], last = self._take(
                collection, visible, known, changed.get(name, ()), page, budget
            )
            budget -= len(rows)
            gone = sorted(known.keys() - visible)
            if rows or gone:
                done[name] = {"rows": rows, "gone": gone}
            seen_from = page[2] if page else low
            if last:
                cursor.page, budget = [name, last, seen_from], 0
            else:
                cursor.seen[name] = seen_from
                cursor.page = None if page else cursor.page
        shelf = {name: rows for name, rows in shelf.items() if rows}
        return shelf, done, budget <= 0

    @api.model
    def _changed(self, collections, cursor):
        """``{name: {ids}}`` that were touched since the phone last heard of the collection."""
        found = {}
        for name, collection in collections.items():
            if name in cursor.seen and not collection.digest:
                since = {collection.model: cursor.seen[name]}
                found[name] = self.env["field.change"].sudo()._since(since).get(collection.model)
        return {name: ids for name, ids in found.items() if ids}

    @api.model
    def _visible(self, collection):
        """Ids of the records that belong on this person's phone, as he himself finds them."""
        Model = self.env[collection.model]
        if not Model.has_access("read"):
            return set()
        found = Model.search(collection.domain, order=collection.order, limit=collection.cap)
        return set(found.ids)

    @api.model
    def _take(self, collection, visible, known, changed, page, budget):
        """The rows of one collection that are due, at most ``budget``.

        :param page: the place within the collection, when the last answer ended in it
        :returns: ``(rows, {id: digest} on the phone then, last id when there is more)``
        """
        kept = {res_id: digest for res_id, digest in known.items() if res_id in visible}
        if collection.digest:
            rows = collection.rows_of(self.env[collection.model].browse(sorted(visible)))
            digests = {row["id"]: row_digest(row) for row in rows}
            due = [row for row in rows if digests[row["id"]] != kept.get(row["id"])]
            return due, digests, None
        after = page[1] if page else 0
        again = {res_id for res_id in changed if res_id in kept and res_id > after}
        due = sorted((visible - kept.keys()) | again)
        chosen = due[:budget]
        rows = collection.rows_of(self.env[collection.model].browse(chosen))
        kept |= dict.fromkeys(chosen)
        return rows, kept, chosen[-1] if len(due) > budget else None
