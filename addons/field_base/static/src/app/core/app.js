/** The app as a whole: who uses it, what state it is in, what it can be asked to do. */

import { markRaw, reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { post } from "./api";
import { setClockOffset, setZone } from "./clock";
import {
    deleteAccountDatabase,
    isStorageFull,
    observe,
    openAccount,
    openControl,
    setMeta,
} from "./database";
import { browserLanguage, lang, loadWords, _t } from "./i18n";
import { uuid7 } from "./ids";
import { LocationService } from "./location";
import { connected, followTabs, hasPin, openAccountOf } from "./lock";
import { OPEN, Outbox, TROUBLE } from "./outbox";
import { deviceName, deviceStatus, readStorage, whenIdle } from "./phone";
import { forgetPush } from "./push";
import { readMe } from "./rules";
import { HOME, Router } from "./router";
import { Sync } from "./sync";
import { followTraffic } from "./traffic";
import { watchUpdates } from "./updates";
import { sealToken } from "./vault";
import { readDay } from "./workday";

const TOAST_MS = 2500;
const LANGUAGE = "field-language";
/** What modules do in the background: `(app)`, once somebody is connected; not in practice. */
const services = registry.category("field_app.services");
const screens = registry.category("field_app.screens");

const usualLanguage = () => localStorage.getItem(LANGUAGE) || browserLanguage();

export class App {
    constructor() {
        this.control = openControl();
        this.router = new Router();
        this.location = new LocationService();
        this.account = null;
        this.early = new Map();
        this.state = reactive({
            phase: "starting",
            person: null,
            lost: false,
            me: null,
            day: null,
            counts: { events: 0, blobs: 0, trouble: 0 },
            online: navigator.onLine,
            sending: false,
            trouble: null,
            pulled: 0,
            storage: { used: 0, quota: 0, persisted: false },
            update: false,
            installPrompt: false,
            settings: { lang: browserLanguage(), theme: "auto" },
            toast: null,
        });
        this._rememberInstallPrompt();
    }

    // --- start ---------------------------------------------------------------------------------

    async start() {
        const [settings] = await Promise.all([
            this.control.settings.toArray(),
            loadWords(usualLanguage()),
        ]);
        for (const { name, value } of settings) {
            this.state.settings[name] = value;
        }
        this.applyTheme();
        await this._speak(this.state.settings.lang);
        await this._continue();
    }

    /** What can wait until the first screen stands. */
    afterStart() {
        watchUpdates(this);
        this.refreshStorage();
    }

    /** The language is needed before the database has answered, so it is noted beside it too. */
    async _speak(code) {
        if (code !== lang()) {
            await loadWords(code);
        }
        localStorage.setItem(LANGUAGE, code);
    }

    async _continue() {
        const active = this.state.settings.active;
        const account = active && (await this.control.accounts.get(active));
        if (!account?.token) {
            this.state.lost = Boolean(account?.spare);
            this.state.phase = "welcome";
        } else if (account.practice) {
            this.openAccount(account, null);
        } else if (hasPin(account)) {
            this.state.person = account;
            this.state.phase = "locked";
        } else {
            await openAccountOf(this, account);
        }
        followTabs();
    }

    /** @param {CryptoKey} [key] what his data are encrypted with, see vault.js */
    openAccount(account, token, key) {
        const db = openAccount(account.device_uuid, key, hasPin(account));
        const outbox = new Outbox(db, account.device_uuid);
        this.account = markRaw({
            db,
            outbox,
            token,
            key,
            device: account.device_uuid,
            wifiOnly: this.state.settings.wifiOnly,
            dataLimit: this.state.settings.dataLimit,
        });
        followTraffic(db);
        this.state.person = account;
        setZone(account.tz);
        const clock = this._readClock(db);
        const me = this._follow(db, clock);
        this._askEarly(db, clock, me);
        this.state.phase = "ready";
        if (!account.practice) {
            this._startSync();
        }
    }

    /** @returns {Promise} resolves when it is known who this is: what is drawn depends on it */
    _follow(db, clock) {
        const follow = (query, take) =>
            new Promise((resolve) => {
                const subscription = observe(query, (value) => {
                    take(value);
                    resolve();
                });
                this.subscriptions.push(subscription);
            });
        this.subscriptions = [];
        const me = follow(
            () => readMe(db),
            (values) => {
                this._keepZone(values?.tz);
                this.state.me = values;
            }
        );
        Promise.all([me, clock]).then(() => {
            follow(
                () => readDay(db),
                (day) => (this.state.day = day)
            );
            follow(
                () => countOf(db),
                (counts) => {
                    Object.assign(this.state.counts, counts);
                    navigator.setAppBadge?.(counts.events + counts.blobs).catch(() => {});
                }
            );
        });
        return me;
    }

    async _readClock(db) {
        const [offset, pulled] = await db.meta.bulkGet(["clock_offset", "pulled_at"]);
        setClockOffset(offset?.value || 0);
        this.state.pulled = pulled?.value || 0;
    }

    /** The zone is kept with the account: it is needed before anything has been read. */
    _keepZone(name) {
        const { person } = this.state;
        if (name && name !== person.tz) {
            setZone(name);
            person.tz = name;
            this.control.accounts.update(person.device_uuid, { tz: name });
        }
    }

    /** What the first screen wants to know is looked up while its templates are still made. */
    _askEarly(db, clock, me) {
        const screen = screens.get(this.router.state.name, null) || screens.get(HOME);
        const ask = async (query) => {
            await clock; // which day it is
            const [answer] = await Promise.all([query(db), me]);
            return answer;
        };
        this.early = new Map((screen.early?.() || []).map((query) => [query, ask(query)]));
    }

    /** @returns {Promise|undefined} the answer to a question of the first screen, once */
    takeEarly(query) {
        const answer = this.early.get(query);
        this.early.delete(query);
        return answer;
    }

    _startSync() {
        this.sync = markRaw(
            new Sync(
                this.account,
                {
                    state: (values) => Object.assign(this.state, values),
                    token: (token) => this._renewToken(token),
                    commands: (commands) => this._obey(commands),
                },
                () => deviceStatus(this)
            )
        );
        whenIdle(() => {
            this.sync.start();
            services.getAll().forEach((start) => start(this));
        });
    }

    // --- connecting ----------------------------------------------------------------------------

    /** The same person keeps his device and all that is still unsent; another one gets his own. */
    async enrol(login, password) {
        const known = await this.control.accounts.filter((one) => one.login === login).first();
        const deviceUuid = known?.device_uuid || uuid7();
        const answer = await post("/enrol", {
            login,
            password,
            device_uuid: deviceUuid,
            name: deviceName(),
        });
        const { user } = answer;
        const values = {
            device_uuid: deviceUuid,
            login,
            user_id: user.id,
            name: user.name,
            company: user.company,
            tz: user.tz,
        };
        const { account, key } = await connected(this.control, known, values, answer);
        await this.setSetting("active", deviceUuid);
        await navigator.storage?.persist?.();
        this.openAccount(account, answer.token, key);
    }

    /** The token was taken away or has run out: a new one for the same device and its outbox. */
    async reconnect(password) {
        const { device } = this.account;
        const { login, name } = this.state.person;
        const values = { login, password, device_uuid: device, name: deviceName() || name };
        const answer = await post("/enrol", values);
        await this._renewToken(answer.token);
        this.state.trouble = null;
        this.sync.soon();
    }

    /** The server gives a new one from time to time; kept before it is used. */
    async _renewToken(token) {
        const account = await this.control.accounts.get(this.account.device);
        account.token = await sealToken(this.control, token, this.account.key);
        await this.control.accounts.put(account);
        this.account.token = token;
    }

    /** Everything of this person leaves the phone; refused while something is unsent. */
    async leave() {
        const { events, blobs, trouble } = this.state.counts;
        if (events + blobs + trouble > 0 && !this.state.person.practice) {
            throw new Error("unsent");
        }
        await this._forget();
    }

    async _forget() {
        const { device, db } = this.account;
        this.close();
        db.close();
        await deleteAccountDatabase(device);
        await this.control.accounts.delete(device);
        await this.setSetting("active", "");
        await forgetPush().catch(() => {}); // the office forgets it at its next message
        location.hash = "";
        location.reload();
    }

    /** No more sending, no more following; the screens stand as they are. */
    close() {
        this.sync?.stop();
        this.subscriptions.forEach((subscription) => subscription.unsubscribe());
    }

    /** A lost phone is told to forget everything; it does, and says so. */
    async _obey(commands) {
        if (!commands.includes("wipe") || this.wiping) {
            return;
        }
        this.wiping = true;
        const { device, token, db } = this.account;
        this.close();
        db.close();
        await deleteAccountDatabase(device);
        const said = { device, sent_at: new Date().toISOString(), status: { wiped: true } };
        await post("/sync", { ...said, events: [] }, { token });
        await this.control.accounts.delete(device);
        await this.setSetting("active", "");
        await forgetPush().catch(() => {});
        location.reload();
    }

    // --- saying --------------------------------------------------------------------------------

    toast(text, kind = "good") {
        const toast = { text, kind };
        this.state.toast = toast;
        clearTimeout(this.toastTimer);
        this.toastTimer = setTimeout(() => (this.state.toast = null), TOAST_MS);
    }

    /**
     * Keep an event on the phone and say so, then send.
     *
     * @returns {Promise<Object|null>} the event, or null when the phone has no room left
     */
    async record(kind, payload, about, said) {
        return this.recordAll([{ kind, payload, ...about }], said);
    }

    /**
     * The same for events that happen together, see `Outbox.addAll`.
     *
     * @returns {Promise<Object|null>} the last of them, or null when there is no room for them
     */
    async recordAll(entries, said) {
        try {
            const events = await this.account.outbox.addAll(entries);
            if (said) {
                this.toast(said);
            }
            this.sync?.soon();
            return events.at(-1);
        } catch (error) {
            if (!isStorageFull(error)) {
                throw error;
            }
            this.sayStorageFull();
            return null;
        }
    }

    sayStorageFull() {
        this.toast(_t("The phone has no room left. Free some space, then try again."), "bad");
    }

    // --- settings ------------------------------------------------------------------------------

    async setSetting(name, value) {
        this.state.settings[name] = value;
        await this.control.settings.put({ name, value });
    }

    async setLanguage(code) {
        await this.setSetting("lang", code);
        location.reload();
    }

    async setTheme(theme) {
        await this.setSetting("theme", theme);
        this.applyTheme();
    }

    applyTheme() {
        document.documentElement.dataset.theme = this.state.settings.theme;
        const color = getComputedStyle(document.body).getPropertyValue("--fa-bg").trim();
        document.querySelector("meta[name=theme-color]")?.setAttribute("content", color);
    }

    async refreshStorage() {
        this.state.storage = await readStorage();
    }

    _rememberInstallPrompt() {
        window.addEventListener("beforeinstallprompt", (ev) => {
            ev.preventDefault();
            this.installEvent = ev;
            this.state.installPrompt = true;
        });
        window.addEventListener("appinstalled", () => (this.state.installPrompt = false));
    }

    async install() {
        await this.installEvent?.prompt();
        this.state.installPrompt = false;
    }

    async remember(key, value) {
        await setMeta(this.account.db, key, value);
    }
}

/** By the index alone, one status at a time: rows may be encrypted. */
async function countWhere(table, statuses) {
    const counts = statuses.map((status) => table.where("status").equals(status).count());
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** What still waits on the phone, and what was refused. */
export async function countOf(db) {
    const [events, refused, blobs, damaged] = await Promise.all([
        countWhere(db.outbox, OPEN),
        countWhere(db.outbox, TROUBLE),
        countWhere(db.blobs, ["new"]),
        countWhere(db.blobs, TROUBLE),
    ]);
    return { events, blobs, trouble: refused + damaged };
}
