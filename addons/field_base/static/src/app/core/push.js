/**
 * Messages wake this phone, where the company has it on and the person wants it. The browser's push
 * service learns that there is a message, and no word of it.
 */

import { NetworkProblem, call } from "./api";
import { _t } from "./i18n";

const HEADERS = { "Content-Type": "application/json" };

export function canBeWoken() {
    return ["PushManager", "Notification"].every((name) => name in window);
}

/** The worker may be missing: no secure context, or no network at the first start. */
async function subscription() {
    const registration = await navigator.serviceWorker?.getRegistration("/field/");
    return registration?.pushManager?.getSubscription();
}

export async function isWoken() {
    return Boolean(await subscription());
}

/** Whoever leaves this phone is not woken on it; its push service tells the office. */
export async function forgetPush() {
    await (await subscription())?.unsubscribe();
}

/** @throws {Error} in words, when the phone or its person says no */
export async function wake(app) {
    if ((await Notification.requestPermission()) !== "granted") {
        throw new Error(
            _t("Messages are blocked. Allow them for this app in the phone's settings.")
        );
    }
    await forgetPush(); // it may be of another server's key
    const { pushManager } = await navigator.serviceWorker.ready;
    const applicationServerKey = app.state.me.push.replace(/=+$/, "");
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
    const { endpoint, keys } = made.toJSON();
    try {
        const body = JSON.stringify({ endpoint, keys });
        await call("/push", { method: "PUT", token: app.account.token, headers: HEADERS, body });
    } catch (error) {
        await made.unsubscribe();
        throw error;
    }
}

/** Also without a network: the office hears of it with its next message. */
export async function wakeNoMore(app) {
    await forgetPush();
    try {
        await call("/push", { method: "DELETE", token: app.account.token });
    } catch (error) {
        if (!(error instanceof NetworkProblem)) {
            throw error;
        }
    }
}
