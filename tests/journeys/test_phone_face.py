"""Face match on the phone with the real models and faces, in both languages: agree, portrait, proof,
another way, withdrawal. No number of a face leaves the phone.

With FIELD_PICTURES it makes the pictures of the guides.
"""

import json

import pytest

from tests.support.face_camera import FacePhone, are_there, face, far, two, wall
from tests.support.office import RpcDesk

from .phone_case import PhoneCase
from .phone_town import HERE, PASSWORD, check_in, settled, whole

pytestmark = [
    pytest.mark.xdist_group("phone"),
    pytest.mark.skipif(not are_there(), reason="the portraits could not be fetched"),
]

RULES = {
    "proof_mode": "block",
    "proof_count": 1,
    "proof_by_face": True,
    "proof_by_selfie": True,
    "retention_photo_days": 90,
    "face_sample": 0,
}
NAMES = {"Golden", "Dragon", "GPS", "m", "Happy", "Mart", "Sun", "Store", "Lucky", "My", "Company"}
PORTRAIT = "fieldApp.account.db.docs.get('face:portrait')"
#: Everything the database of the phone holds as it lies on the disk, past the layer that decrypts.
ON_DISK = """new Promise((resolve, reject) => {
    const request = indexedDB.open(fieldApp.account.db.name);
    request.onerror = reject;
    request.onsuccess = () => {
        const db = request.result;
        const read = db.transaction("docs").objectStore("docs").get("face:portrait");
        read.onsuccess = () => { db.close(); resolve(Object.keys(read.result || {})); };
    };
})"""


class Faces:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        admin.create(
            "field.policy", name="Faces", user_id=self.user, effective_from="2026-01-01", **RULES
        )
        sop = admin.create("field.sop", name="Nothing", sequence=95)
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=sop)

    def face_phone(self):
        phone = self.enterContext(FacePhone(self.town.url, HERE, self.lang))
        self.addCleanup(lambda: self.assertEqual(phone.errors, []))
        tab = phone.tab
        self.open_app(tab)
        whole(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        return phone

    def shoot(self, tab):
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.wait("!document.querySelector('.o_fa_shutter').disabled", "the models")
        tab.tap(".o_fa_shutter")

    def close_camera(self, tab):
        tab.tap(".o_fa_camera header button")
        tab.gone(".o_fa_camera")

    def agree(self, tab):
        settled(tab)
        tab.gone(".o_fa_toast")  # when it goes, it moves what is tapped
        tab.js("fieldApp.router.go('me')")
        tab.see(".o_fa_tabs")  # a visit has a row of this name too
        tab.tap(".o_fa_row", {"en_US": "Face match", "zh_CN": "人脸比对"}[self.lang])
        tab.see("button[name=agree]")
        self.look(tab, "face-consent")
        tab.tap("button[name=agree]")
        tab.see(".o_fa_camera")

    def refused(self, tab, phone, image, words):
        """The picture is not taken, and the sentence says what to do."""
        phone.hold(image)
        tab.tap("button[name=portrait]")
        self.shoot(tab)
        tab.see(".o_fa_hint", words[self.lang])
        self.look(tab, f"face-{words['name']}")
        self.close_camera(tab)

    def enrol(self, tab, phone, image):
        phone.hold(image)
        tab.tap("button[name=portrait]")
        self.shoot(tab)
        tab.gone(".o_fa_camera")
        tab.see(".o_fa_note.o_fa_good")
        self.look(tab, "face-set-up")

    def prove(self, tab, phone, image):
        phone.hold(image)
        tab.tap("[data-step=proof-face]")
        self.shoot(tab)

    def payloads(self):
        domain = [("user_id", "=", self.user)]
        return self.town.admin.rows(
            "field.event", domain, ["kind", "payload", "state"], order="seq"
        )

    def test_agree_prove_and_withdraw(self):
        phone = self.face_phone()
        tab = phone.tab
        self.assertEqual(self.cached(tab), 0, "nothing of it comes with the app")
        self.agree(tab)
        self.close_camera(tab)
        for image, words in (
            (wall(), {"name": "none", "en_US": "No face", "zh_CN": "没有看到人脸"}),
            (wall(8), {"name": "dark", "en_US": "too dark", "zh_CN": "太暗"}),
            (
                two("eileen_collins", "grace_hopper"),
                {"name": "several", "en_US": "Several faces", "zh_CN": "多张人脸"},
            ),
            (far("eileen_collins"), {"name": "far", "en_US": "Too far", "zh_CN": "太远"}),
        ):
            self.refused(tab, phone, image, words)
        self.enrol(tab, phone, face("eileen_collins"))
        self.assertEqual(len(tab.js(f"{PORTRAIT}.then((one) => one.numbers)")), 128)
        self.assertEqual(sorted(tab.js(ON_DISK)), ["key", "kind", "sealed"])
        settled(tab)
        self.assertEqual(self.cached(tab, 9), 9, "it works without a network from now on")
        tab.js("fieldApp.router.replace('today')")
        tab.offline()
        check_in(tab)
        self.prove(tab, phone, face("grace_hopper"))
        tab.see("button[name=face_again]")
        self.look(tab, "face-different")
        tab.tap("button[name=face_again]")
        self.close_camera(tab)
        self.prove(tab, phone, face("eileen_collins", light=0.75, mirrored=True))
        tab.see("[data-step=proof-face][data-state=done]")
        tab.offline(False)
        tab.tap("button[name=check_out]")
        tab.tap("button[name=confirm_check_out]")
        tab.see(".o_fa_tabs")
        settled(tab)
        self.assert_office()
        self.take_back(tab)

    def cached(self, tab, expected=0):
        """Files of the face match that lie on the phone, once there are as many as expected."""
        count = """caches.keys().then((names) => Promise.all(names.map(async (name) =>
                (await (await caches.open(name)).keys()).filter(({url}) => url.includes("face-api"))
            ))).then((lists) => lists.flat().length)"""
        if expected:
            tab.wait(f"{count}.then((found) => found >= {expected})", "the models to be kept")
        return tab.js(count)

    def assert_office(self):
        domain = [("visit_id.user_id", "=", self.user), ("kind", "=", "face")]
        step = self.town.admin.row("field.visit.step", domain, ["face_match", "face_distance"])
        self.assertEqual(step["face_match"], "same")
        self.assertLess(0.01, step["face_distance"])
        self.assertLess(step["face_distance"], 0.45)
        events = self.payloads()
        self.assertEqual({event["state"] for event in events}, {"applied"})
        measured = [json.loads(one["payload"]) for one in events if "face" in one["payload"]]
        faces = [one["face"] for one in measured if "face" in one]
        self.assertEqual([sorted(one) for one in faces], [["distance", "model"]])
        self.assertEqual(faces[0]["model"], "face-api 1.7.15")

    def take_back(self, tab):
        """At once on the phone, and said to the office."""
        tab.js("fieldApp.router.go('face')")
        tab.tap("button[name=withdraw]")
        self.look(tab, "face-withdraw")
        tab.tap("button[name=confirm]")
        tab.see("button[name=agree]")
        self.assertIsNone(tab.js(f"{PORTRAIT}.then((one) => one || null)"))
        settled(tab)
        kinds = [event["kind"] for event in self.payloads()]
        self.assertEqual(kinds[-2:], ["consent.withdraw", "face.erase"])
        mine = [("user_id", "=", self.user)]
        row = self.town.admin.row("field.face.enrolment", mine, ["ended_at"])
        self.assertTrue(row["ended_at"])

    def test_another_way_and_withdrawal_in_the_office(self):
        phone = self.face_phone()
        tab = phone.tab
        check_in(tab)
        tab.tap("[data-step=proof-face]")
        tab.see("button[name=set_up_face]")
        self.look(tab, "face-another-way")
        tab.tap("button[name=other_way]")
        tab.see(".o_fa_camera")
        self.shoot(tab)
        tab.tap("button[name=camera_done]")
        tab.see("[data-step=proof-selfie][data-state=done]")
        self.agree(tab)
        self.close_camera(tab)
        self.enrol(tab, phone, face("grace_hopper"))
        settled(tab)
        mine = [("user_id", "=", self.user), ("topic", "=", "face")]
        consent = self.town.admin.search("field.consent", mine)
        self.assertEqual(len(consent), 1)
        # the same as his own button in Odoo: the phone follows with its next pull
        rep = RpcDesk(self.town.url, self.login, PASSWORD, self.town.database)
        rep.call("field.consent", "action_withdraw", consent)
        tab.js("fieldApp.sync.soon()")
        gone = f"{PORTRAIT}.then((one) => !one)"
        tab.wait(gone, "the portrait to be deleted")
        tab.see("button[name=agree]")
        settled(tab)
        self.assertEqual(self.payloads()[-1]["kind"], "face.erase")


class TestFacesEnglish(Faces, PhoneCase):
    lang = "en_US"


class TestFacesChinese(Faces, PhoneCase):
    lang = "zh_CN"
