"""Messages wake the phone: switched on with one tap, shown without a word of them, and they lead to the
list of messages. The push service of the browser's maker is the one thing that is not real."""

import json

import pytest

from .phone_case import PhoneCase
from .phone_town import connect, settled, whole

pytestmark = pytest.mark.xdist_group("phone")

#: What a browser answers whose maker runs a push service.
SERVICE = """(() => {
    let made = null;
    PushManager.prototype.getSubscription = async () => made;
    PushManager.prototype.subscribe = async function ({ applicationServerKey: key }) {
        window.askedWith = key;
        const keys = { p256dh: "B".repeat(87), auth: "a".repeat(22) };
        made = {
            toJSON: () => ({ endpoint: "https://fcm.googleapis.com/fcm/send/phone", keys }),
            unsubscribe: async () => (made = null),
        };
        return made;
    };
})()"""
SHOWN = """navigator.serviceWorker.ready.then((one) => one.getNotifications())
    .then((all) => all.map(({ title, body }) => `${title}: ${body}`).join())"""


class Push:
    names = frozenset({"English", "Rep", "My", "Company", "PIN", "Wi", "Fi", "Wi-Fi", "MB"})

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        (company,) = admin.search("res.company", [], order="id", limit=1)
        admin.write("res.company", company, field_push=True)
        self.addCleanup(lambda: admin.write("res.company", company, field_push=False))

    def start(self):
        tab = self.phone().tab
        connect(tab, self.login)
        whole(tab)
        settled(tab)
        return tab

    def registration(self, tab):
        """What the browser calls the worker of this server."""
        seen, note = [], tab._note
        tab._note = lambda message: (seen.append(message), note(message))
        tab.send("ServiceWorker.enable")
        for _turn in range(200):
            for message in seen:
                if message.get("method") == "ServiceWorker.workerRegistrationUpdated":
                    for one in message["params"]["registrations"]:
                        if one["scopeURL"].startswith(self.town.url):
                            return one["registrationId"]
            tab.js("new Promise((done) => setTimeout(done, 50))")
        raise AssertionError("no worker")

    def test_messages_wake_the_phone(self):
        tab = self.start()
        tab.send(
            "Browser.setPermission",
            origin=self.town.url,
            permission={"name": "notifications"},
            setting="granted",
        )
        tab.js(SERVICE)
        tab.js("fieldApp.router.go('me')")
        tab.see("button[name=push][aria-checked=false]")
        tab.tap("button[name=push]")
        tab.see("button[name=push][aria-checked=true]")
        self.look(tab, "push")
        self.assertEqual(tab.js("window.askedWith"), tab.js("fieldApp.state.me.push"))
        mine = [("field_device_id.user_id", "=", self.user), ("active", "=", False)]
        self.assertEqual(len(self.town.admin.search("mail.push.device", mine)), 1)
        words = {"title": "Field Sales", "options": {"body": "There is a message"}}
        tab.send(
            "ServiceWorker.deliverPushMessage",
            origin=self.town.url,
            registrationId=self.registration(tab),
            data=json.dumps(words),
        )
        tab.wait(f"{SHOWN}.then((text) => text === 'Field Sales: There is a message')", "it")
        tab.tap("button[name=push]")
        tab.see("button[name=push][aria-checked=false]")
        self.assertEqual(self.town.admin.search("mail.push.device", mine), [])
        # what the worker says when the notification is tapped
        tab.js("navigator.serviceWorker.dispatchEvent(new MessageEvent('message', {data: 'news'}))")
        tab.wait("fieldApp.router.state.name === 'news'", "the list of messages")


class TestPushEnglish(Push, PhoneCase):
    pass


class TestPushChinese(Push, PhoneCase):
    lang = "zh_CN"
