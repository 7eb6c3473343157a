"""Talks recorded on the phone: only where the policy allows it, in red, and never lost."""

import hashlib
import json

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, settled
from .test_phone_lock import RAW, enter, set_pin

pytestmark = pytest.mark.xdist_group("phone")

HIDE = """
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    delete document.visibilityState;
"""
# How long the first recording on the screen is when it is played.
SECONDS = """fetch(document.querySelector(".o_fa_sound audio").src)
    .then((answer) => answer.arrayBuffer())
    .then((bytes) => new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes))
    .then(({ duration }) => duration)"""
CLOCK = "document.querySelector('.o_fa_clock').innerText.startsWith('0:01')"
CHUNKS = "fieldApp.account.db.chunks.count()"


class TestRecording(PhoneCase):
    def ready(self, allowed=True):
        """A phone in a visit whose procedure asks for a recording."""
        admin = self.town.admin
        step = {"key": "needs", "name": "Needs", "kind": "audio"}
        look = {"key": "look", "name": "Look", "kind": "check"}
        sop = admin.create(
            "field.sop", name=self.login, sequence=99, step_ids=[(0, 0, look), (0, 0, step)]
        )
        admin.write(
            "field.visit", admin.search("field.visit", [("user_id", "=", self.user)]), sop_id=sop
        )
        admin.create(
            "field.policy",
            name=self.login,
            user_id=self.user,
            effective_from="2020-01-01",
            state="active",
            audio_allowed=allowed,
            audio_notice="May I record our talk, 王先生?",
        )
        phone = self.connected()
        settled(phone.tab)
        return phone

    def record(self, tab):
        """Begin; the microphone opens only after the customer was told."""
        tab.tap("[data-step=needs]")
        tab.see("blockquote", "May I record our talk")
        self.assertTrue(tab.js("document.querySelector('[name=start_recording]').disabled"))
        tab.tap("input[name=told]")
        tab.tap("button[name=start_recording]")
        tab.see(".o_fa_live", "Recording")

    def recordings(self):
        names = ["blob_uuid", "seconds", "informed", "interrupted", "attachment_id"]
        return self.town.admin.rows("field.visit.recording", [("user_id", "=", self.user)], names)

    def blob(self):
        names = ["uuid", "sha256", "mimetype", "size", "nonce_state", "attachment_id"]
        return self.town.admin.row("field.blob", [("user_id", "=", self.user)], names)

    def test_a_talk_is_recorded_without_a_network_and_arrives(self):
        tab = self.ready().tab
        check_in(tab)
        settled(tab)
        tab.offline()
        self.record(tab)
        tab.wait(CLOCK, "the clock")
        tab.picture("app-recording-en")
        tab.tap("button[name=stop_recording]")
        tab.gone(".o_fa_live")
        tab.see(".o_fa_sound audio")
        tab.picture("app-recorded-en")
        self.assertGreater(tab.js(SECONDS), 0.5)
        tab.tap("button[name=recorder_done]")
        tab.see("[data-step=needs][data-state=done]")
        self.assertEqual(tab.js(CHUNKS), 0)
        tab.offline(False)
        settled(tab)
        blob, (row,) = self.blob(), self.recordings()
        self.assertEqual(
            (row["blob_uuid"], row["informed"]), (blob["uuid"], "May I record our talk, 王先生?")
        )
        self.assertTrue(row["attachment_id"] and not row["interrupted"])
        self.assertEqual(blob["nonce_state"], "good")
        self.assertTrue(blob["mimetype"].startswith("audio/"))
        mine = tab.js(
            f"fieldApp.account.db.bytes.get('{blob['uuid']}')"
            ".then(({ data }) => Array.from(new Uint8Array(data)))"
        )
        self.assertEqual(hashlib.sha256(bytes(mine)).hexdigest(), blob["sha256"])
        tab.tap("[data-step=needs]")  # what is answered can be listened to
        tab.see(".o_fa_sheet .o_fa_sound audio")

    def test_a_killed_phone_loses_the_last_piece_at_most(self):
        phone = self.ready()
        tab = phone.tab
        set_pin(tab)
        enter(tab, "246802")
        tab.tap("[data-tab=today]")
        check_in(tab)
        settled(tab)
        tab.offline()
        self.record(tab)
        tab.wait(CLOCK, "the clock")
        tab.js(HIDE)  # as ten seconds later
        tab.wait(f"{CHUNKS}.then((count) => count === 1)", "a piece on the disk")
        raw = tab.js(RAW)
        self.assertEqual(len(json.loads(raw)["chunks"]), 1)
        for known in ("May I record", "OpusHead", "mp4a", "needs"):
            self.assertFalse(known in raw, known)
        phone.switch_off()
        phone.switch_on()
        tab = phone.tab
        tab.go()
        enter(tab, "246802")
        tab.see(".o_fa_toast", "interrupted")
        self.assertEqual(tab.js(CHUNKS), 0)
        tab.tap("button[name=continue]")
        tab.tap("[data-step=needs]")
        tab.see(".o_fa_sound", "interrupted")
        tab.tap("button[name=recorder_done]")
        tab.see("[data-step=needs][data-state=done]")
        settled(tab)
        (row,) = self.recordings()
        self.assertTrue(row["interrupted"] and row["attachment_id"])
        self.assertGreater(self.blob()["size"], 500)

    def test_it_ends_by_itself_and_says_so(self):
        tab = self.ready().tab
        check_in(tab)
        tab.js("fieldApp.state.me.policy.audio_minutes = 0.01")
        self.record(tab)
        tab.see(".o_fa_toast", "longest time")
        tab.gone(".o_fa_live")
        tab.see("button[name=recorder_done]")

    def test_a_blocked_microphone_is_explained(self):
        tab = self.ready().tab
        check_in(tab)
        # the browser of the tests always says yes
        tab.js(
            "navigator.mediaDevices.getUserMedia = () =>"
            " Promise.reject(new DOMException('no', 'NotAllowedError')); 1"
        )
        tab.tap("[data-step=needs]")
        tab.tap("input[name=told]")
        tab.tap("button[name=start_recording]")
        tab.see("[role=alert]", "The microphone is blocked")
        tab.tap(".o_fa_recorder header button")
        tab.tap("button[name=cannot]")
        tab.type("textarea[name=reason]", "No microphone")
        tab.tap("button[name=save_cannot]")
        tab.see("[data-step=needs][data-state=cannot]")

    def test_where_the_policy_forbids_it_nobody_is_asked(self):
        tab = self.ready(allowed=False).tab
        tab.tap("button[name=check_in]")
        tab.tap("button[name=confirm_check_in]")
        tab.see("[data-step=look]")
        self.assertEqual(tab.js("document.querySelectorAll('[data-step]').length"), 1)
        settled(tab)
        self.assertEqual(tab.js("document.querySelectorAll('[data-step]').length"), 1)
        tab.js("fieldApp.router.replace('help')")
        tab.see("[data-help=camera]")
        tab.gone("[data-help=microphone]")
