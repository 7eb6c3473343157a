/** What kind of phone this is and how it is doing. */

import { config } from "./config";
import { getMeta } from "./database";
import { openEvents } from "./outbox";

const AGENTS = [
    [/MicroMessenger/i, "WeChat"],
    [/DingTalk/i, "DingTalk"],
    [/wxwork/i, "WeCom"],
    [/EdgA?\//, "Edge"],
    [/SamsungBrowser/, "Samsung Internet"],
    [/HuaweiBrowser/, "Huawei Browser"],
    [/FxiOS|Firefox/, "Firefox"],
    [/CriOS|Chrome/, "Chrome"],
    [/Safari/, "Safari"],
];

export function platform(agent = navigator.userAgent) {
    if (/iPhone|iPad|iPod/.test(agent)) {
        return "ios";
    }
    return /Android/.test(agent) ? "android" : "other";
}

export function browserName(agent = navigator.userAgent) {
    return AGENTS.find(([pattern]) => pattern.test(agent))?.[1] || "Browser";
}

/** Chat apps show pages in a window of their own, where camera and storage are unreliable. */
export function isInsideChatApp(agent = navigator.userAgent) {
    return ["WeChat", "DingTalk", "WeCom"].includes(browserName(agent));
}

export function isInstalled() {
    return Boolean(navigator.standalone || window.matchMedia("(display-mode: standalone)").matches);
}

export function deviceName() {
    const names = { ios: "iPhone", android: "Android", other: navigator.platform || "Computer" };
    return `${names[platform()]}, ${browserName()}`;
}

/** A safe reserve: the browser refuses writes before its quota is really used up. */
export function storageLevel({ used, quota }) {
    const share = quota ? used / quota : 0;
    return share > 0.95 ? "full" : share > 0.8 ? "tight" : "good";
}

export async function readStorage() {
    try {
        const { usage = 0, quota = 0 } = await navigator.storage.estimate();
        return { used: usage, quota, persisted: await navigator.storage.persisted() };
    } catch {
        return { used: 0, quota: 0, persisted: false };
    }
}

/** When the screen has been drawn and nobody waits, or two seconds later. */
export function whenIdle(work) {
    if (window.requestIdleCallback) {
        window.requestIdleCallback(work, { timeout: 2000 });
    } else {
        setTimeout(work, 300); // Safari
    }
}

async function permission(name) {
    try {
        return (await navigator.permissions.query({ name })).state;
    } catch {
        return "unknown";
    }
}

/** How much waits here, and since when. */
async function outboxStatus(db) {
    const open = await openEvents(db);
    const files = await db.blobs.where("status").equals("new").toArray();
    const oldest = open.length ? Date.parse(open[0].captured_at) : Date.now();
    return {
        count: open.length + files.length,
        bytes: files.reduce((sum, { size }) => sum + size, 0),
        last_seq: await getMeta(db, "seq", -1),
        oldest_s: Math.max(0, Math.round((Date.now() - oldest) / 1000)),
    };
}

/** Told to the server with each sync, so that an administrator can help. */
export async function deviceStatus(app) {
    const battery = await navigator.getBattery?.().catch(() => null);
    const names = ["geolocation", "camera", "microphone", "notifications"];
    const states = await Promise.all(names.map(permission));
    const { used, quota, persisted } = app.state.storage;
    const outbox = await outboxStatus(app.account.db);
    return {
        app_version: config.app,
        platform: deviceName(),
        permissions: Object.fromEntries(names.map((name, i) => [name, states[i]])),
        storage: { used, quota, persisted },
        battery: battery ? battery.level : null,
        outbox,
    };
}
