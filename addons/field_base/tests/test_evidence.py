import hashlib
import io
import os
import uuid
from unittest.mock import patch

from PIL import Image
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools import merkle
from ..tools.canonical import event_hash
from ..tools.chain import Link, check_chain
from .common import FieldCase, make_event


def photo(color="#1f7a6b", size=(400, 300)):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "JPEG")
    return buffer.getvalue()


def chain_events(device_uuid, count, **values):
    """Events of one device, linked as a phone links them."""
    events, before = [], ""
    for seq in range(1, count + 1):
        event = make_event(seq=seq, prev_hash=before, **values)
        before = event_hash(device_uuid, event, before)
        events.append(event)
    return events


class TestMerkle(TransactionCase):
    def test_every_path_leads_to_the_root(self):
        for count in (1, 2, 3, 5, 8, 13):
            digests = [hashlib.sha256(bytes([n])).hexdigest() for n in range(count)]
            root = merkle.root(digests)
            for position, digest in enumerate(digests):
                path = merkle.path(digests, position)
                self.assertEqual(merkle.root_of_path(digest, path), root)
                self.assertNotEqual(merkle.root_of_path("0" * 64, path), root)

    def test_known_root(self):
        """RFC 6962 by hand: H(1, H(0, a), H(0, b))."""

        def sha(data):
            return hashlib.sha256(data).digest()

        one, two = sha(b"a"), sha(b"b")
        by_hand = sha(b"\x01" + sha(b"\x00" + one) + sha(b"\x00" + two)).hex()
        self.assertEqual(merkle.root([one.hex(), two.hex()]), by_hand)

    def test_order_and_number_count(self):
        a, b = "0" * 64, "1" * 64
        roots = {merkle.root(d) for d in ([], [a], [b], [a, b], [b, a], [a, b, b])}
        self.assertEqual(len(roots), 6)


class TestChain(TransactionCase):
    def links(self, count=5):
        device = str(uuid.uuid4())
        links, before = [], ""
        for event in chain_events(device, count):
            now = event_hash(device, event, before)
            values = (event["uuid"], event["seq"], event["kind"], event["captured_at"])
            links.append(Link(event["seq"], *values, "{}", before, now))
            before = now
        return device, links

    def codes(self, device, links, erased=-1):
        found = check_chain(device, links, erased)
        return [(f.code, f.link.seq, f.numbers) for f in found]

    def test_sound(self):
        self.assertEqual(self.codes(*self.links()), [])

    def test_left_out(self):
        device, links = self.links()
        self.assertEqual(self.codes(device, links[:2] + links[3:]), [("gap", 4, (3, 3))])
        self.assertEqual(self.codes(device, links[2:]), [("gap", 3, (0, 2))])
        self.assertEqual(self.codes(device, links[2:], erased=2), [])

    def test_changed(self):
        device, links = self.links()
        for name, value in (("payload", '{"x":1}'), ("kind", "x.y"), ("payload", "no json")):
            changed = Link(**{**vars(links[2]), name: value})
            codes = self.codes(device, [*links[:2], changed, *links[3:]])
            self.assertEqual(codes, [("altered", 3, (3, 3))])

    def test_changed_together_with_its_hash(self):
        device, links = self.links()
        event = {"uuid": "u", "seq": 3, "kind": "x.y", "captured_at": "c", "payload": {}}
        new = event_hash(device, event, links[1].hash)
        forged = Link(3, "u", 3, "x.y", "c", "{}", links[1].hash, new)
        codes = self.codes(device, [*links[:2], forged, *links[3:]])
        self.assertEqual(codes, [("broken", 4, (3, 4))])

    def test_two_under_one_number(self):
        device, links = self.links()
        twin = Link(**{**vars(links[1]), "id": 9})
        self.assertEqual(self.codes(device, [*links[:2], twin, *links[2:]]), [("fork", 2, (2, 2))])


class EvidenceCase(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(user=cls.rep, su=False)
        cls.upload = str(uuid.uuid4())
        content = photo()
        digest = hashlib.sha256(content).hexdigest()
        cls.blob = env["field.blob"]._store(cls.device, cls.upload, content, "image/jpeg", digest)
        payload = {"position": {"lat": 31.23, "lng": 121.47, "accuracy": 12}, "photo": cls.upload}
        with patch.object(
            cls.registry["field.event"], "_apply_test_note", lambda e, p: e.device_id, create=True
        ):
            events = chain_events(cls.device.uuid, 4, kind="test.note", payload=payload)
            env["field.event"]._sync(cls.device.with_env(env), events)
        own = [("device_id", "=", cls.device.id)]
        cls.events = cls.env["field.event"].search(own, order="seq")

    def tamper(self, query, *values):
        """What somebody does who owns the database."""
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        self.env.cr.execute(query, values)
        self.env.cr.execute("SET LOCAL session_replication_role = origin")
        self.env.invalidate_all()

    def seal(self):
        while self.env["field.seal"]._seal_next():
            pass
        return self.env["field.seal"].search([], limit=1)

    def findings(self):
        seals = self.env["field.seal"].search([])
        found = []
        for seal in seals:
            found += self.env["field.finding"]._check_seal(seal)
        return {(f["code"], f["res_model"], f["res_id"]) for f in found}


@tagged("post_install", "-at_install")
class TestSeal(EvidenceCase):
    def test_everything_new_is_sealed_once(self):
        seal = self.seal()
        self.assertEqual(set(self.events.seal_id), {seal})
        self.assertEqual(self.blob.seal_id, seal)
        self.assertFalse(self.env["field.seal"]._seal_next())
        self.assertEqual(self.findings(), set())
        self.sync([make_event(seq=5, prev_hash=self.events[-1].hash)])
        later = self.seal()
        self.assertEqual((later.before, later.count), (seal.chain, 1))
        self.assertEqual(self.findings(), set())

    def test_altered_row_is_named(self):
        self.seal()
        event = self.events[1]
        self.tamper("UPDATE field_event SET payload = '{}' WHERE id = %s", event.id)
        self.assertEqual(self.findings(), {("altered", "field.event", event.id)})
        found = self.env["field.finding"]
        [noted] = found._note(found._check_seal(self.env["field.seal"].search([], limit=1)))[:1]
        self.assertEqual(noted.company_id, self.company)
        self.assertIn(str(event.id), noted.message)
        self.assertFalse(found._note(found._check_seal(self.env["field.seal"].search([], limit=1))))

    def test_row_altered_with_its_hash_is_named(self):
        self.seal()
        event = self.events[1]
        values = {"uuid": event.uuid, "seq": event.seq, "kind": "x.y", "payload": {}}
        forged = event_hash(
            self.device.uuid, {**values, "captured_at": event.captured_text}, event.prev_hash
        )
        self.tamper(
            "UPDATE field_event SET payload = '{}', kind = 'x.y', hash = %s WHERE id = %s",
            forged,
            event.id,
        )
        self.assertEqual(
            self.findings(),
            {
                ("altered", "field.event", event.id),
                ("broken", "field.event", self.events[2].id),
            },
        )

    def test_other_time_or_person_is_named(self):
        self.seal()
        self.tamper(
            "UPDATE field_event SET received_at = received_at - interval '1 hour' WHERE id = %s",
            self.events[0].id,
        )
        self.tamper(
            "UPDATE field_event SET user_id = %s WHERE id = %s", self.leader.id, self.events[3].id
        )
        ids = {(code, res_id) for code, _model, res_id in self.findings()}
        self.assertEqual(ids, {("altered", self.events[0].id), ("altered", self.events[3].id)})

    def test_deleted_row_is_named(self):
        self.seal()
        event = self.events[2]
        self.tamper("DELETE FROM field_event WHERE id = %s", event.id)
        self.assertEqual(
            self.findings(),
            {("deleted", "field.event", event.id), ("gap", "field.event", self.events[3].id)},
        )

    def test_forged_seal_is_named(self):
        first = self.seal()
        self.sync([make_event(seq=5, prev_hash=self.events[-1].hash)])
        second = self.seal()
        leaf = first.leaf_ids[0]
        self.tamper("UPDATE field_seal_leaf SET digest = %s WHERE id = %s", "0" * 64, leaf.id)
        self.assertIn(("seal", "field.seal", first.id), self.findings())
        root = merkle.root(first.leaf_ids.sorted("position").mapped("digest"))
        at = first.sealed_at.isoformat()
        chain = merkle.chained(first.before, root, first.count, at)
        self.tamper(
            "UPDATE field_seal SET root = %s, chain = %s WHERE id = %s", root, chain, first.id
        )
        self.assertIn(("seal", "field.seal", second.id), self.findings(), "the next one tells")

    def test_altered_and_missing_file_are_named(self):
        self.seal()
        attachment = self.blob.sudo().attachment_id
        path = attachment._full_path(attachment.store_fname)
        with open(path, "rb") as file:
            content = file.read()
        self.addCleanup(self._restore, path, content)
        self._restore(path, content[:-1] + b"x")
        self.env.invalidate_all()
        self.assertEqual(self.findings(), {("file", "field.blob", self.blob.id)})
        self._restore(path, b"")
        self.env.invalidate_all()
        self.assertEqual(self.findings(), {("file_missing", "field.blob", self.blob.id)})

    def _restore(self, path, content):
        os.unlink(path)  # test databases share their files by hard links
        with open(path, "wb") as file:
            file.write(content)

    def test_retention_erases_and_leaves_a_certificate(self):
        seal = self.seal()
        certificate = self.events[:2]._erase_evidence("Journal, 90 days")
        self.assertEqual((certificate.count, certificate.model_name), (2, "field.event"))
        self.assertEqual(self.events.exists(), self.events[2:])
        self.assertEqual(len(seal.leaf_ids.filtered("erasure_id")), 2)
        self.assertEqual(self.findings(), set(), "what was erased by rule is no finding")
        file = self.blob.sudo().attachment_id
        self.blob._erase_evidence("Photos, 90 days")
        self.assertFalse(file.exists() or self.blob.exists())

    def test_daily_mail_only_to_whom_the_company_names(self):
        self.seal()
        mails = [("subject", "like", "Seal")]
        self.env["res.company"].search([]).field_seal_email = False
        self.env["field.seal"]._cron_mail_root()
        self.assertFalse(self.env["mail.mail"].search(mails))
        self.company.field_seal_email = "notary@example.com"
        self.env["field.seal"]._cron_mail_root()
        mail = self.env["mail.mail"].search(mails)
        self.assertEqual(mail.email_to, "notary@example.com")
        self.assertIn(self.env["field.seal"].search([], limit=1).chain, mail.body_html)

    def test_who_reads_seals(self):
        self.seal()
        for user in (self.rep, self.leader, self.internal):
            for model in ("field.seal", "field.seal.leaf", "field.finding", "field.erasure"):
                with self.assertRaises(AccessError):
                    self.as_user(model, user).search([])
        for user in (self.admin, self.auditor):
            self.assertTrue(self.as_user("field.seal", user).search([]))


@tagged("post_install", "-at_install")
class TestImmutable(EvidenceCase):
    """Nobody changes or deletes evidence, on no path."""

    def setUp(self):
        super().setUp()
        self.file = self.blob.sudo().attachment_id

    def writes(self, file):
        yield {"raw": b"other"}
        yield {"datas": "b3RoZXI="}
        yield {"res_id": self.device.id}
        yield {"res_model": "res.partner"}
        yield {"mimetype": "text/html"}
        yield {"name": "x.jpg"}
        yield {"public": True}
        yield {"type": "url", "url": "https://example.com"}
        yield {"field_sha256": False}
        yield {"store_fname": "../x"}
        yield {"access_token": "x"}

    def test_attachment(self):
        content = self.file.raw
        system = self.env.ref("base.user_admin")
        for user in (self.rep, self.admin, system, self.env.ref("base.user_root")):
            for sudo in (False, True):
                file = self.file.with_user(user).sudo(sudo)
                file = file.with_context(field_retention=True, install_mode=True)
                for values in self.writes(file):
                    with self.assertRaises(UserError):
                        file.write(values)
                with self.assertRaises(UserError):
                    file.unlink()
        self.assertEqual(self.file.raw, content)

    def test_rpc(self):
        for method, args in (("write", [{"name": "x"}]), ("unlink", [])):
            with self.assertRaises(UserError):
                getattr(
                    self.env["ir.attachment"].with_user(self.admin).browse(self.file.id), method
                )(*args)

    def test_the_same_content_again_is_no_change(self):
        self.file.write({"raw": self.file.raw, "mimetype": self.file.mimetype})
        self.assertEqual(hashlib.sha256(self.file.raw).hexdigest(), self.blob.sha256)

    def test_with_others_in_one_write(self):
        other = self.env["ir.attachment"].create({"name": "o", "raw": b"o"})
        with self.assertRaises(UserError):
            (other + self.file).write({"name": "x"})
        with self.assertRaises(UserError):
            (other + self.file).unlink()
        other.write({"name": "x"})
        other.unlink()

    def test_nobody_makes_his_file_evidence(self):
        with self.assertRaises(UserError):
            self.env["ir.attachment"].create({"name": "o", "raw": b"o", "field_sha256": "x"})
        other = self.env["ir.attachment"].create({"name": "o", "raw": b"o"})
        with self.assertRaises(UserError):
            other.write({"field_sha256": "x"})
        self.assertFalse(self.file.copy().field_sha256, "a copy is a copy")

    @mute_logger("odoo.sql_db")
    def test_journal_and_uploads(self):
        self.seal()
        rows = (self.events[0], self.blob, self.events[0].seal_id, self.blob.seal_id.leaf_ids[0])
        for row in rows:
            name = next(n for n in ("hash", "sha256", "root", "digest") if n in row._fields)
            for user in (self.admin, self.env.ref("base.user_root")):
                record = row.with_user(user).sudo().with_context(field_retention=True)
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.write({name: "0" * 64})
                    record.flush_recordset()
                with self.assertRaises(UserError):
                    record.unlink()

    @mute_logger("odoo.sql_db")
    def test_plain_sql(self):
        """A server action of an administrator in developer mode."""
        self.seal()
        for query in (
            "UPDATE ir_attachment SET res_id = 1 WHERE id = %(file)s",
            "UPDATE ir_attachment SET field_sha256 = NULL WHERE id = %(file)s",
            "DELETE FROM ir_attachment WHERE id = %(file)s",
            "UPDATE field_event SET payload = '{}' WHERE id = %(event)s",
            "DELETE FROM field_event WHERE id = %(event)s",
            "UPDATE field_blob SET sha256 = '' WHERE id = %(blob)s",
            "UPDATE field_seal SET root = ''",
            "DELETE FROM field_seal_leaf",
        ):
            values = {"file": self.file.id, "event": self.events[0].id, "blob": self.blob.id}
            with self.subTest(query), self.assertRaises(IntegrityError), self.cr.savepoint():
                self.env.cr.execute(query, values)

    def test_ordinary_files_are_free(self):
        other = self.env["ir.attachment"].create({"name": "o", "raw": b"o"})
        self.env.cr.execute("UPDATE ir_attachment SET name = 'p' WHERE id = %s", other.ids)
        self.env.cr.execute("DELETE FROM ir_attachment WHERE id = %s", other.ids)
