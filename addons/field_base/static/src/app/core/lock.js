/** The PIN of this app's person: set, asked for, forgotten. */

import { serverNow } from "./clock";
import { openAccount } from "./database";
import { sealOldRows } from "./sealing";
import {
    countTry,
    forgive,
    keepRecovery,
    lockWith,
    lose,
    MAX_PIN_TRIES,
    openToken,
    sealToken,
    secondsToWait,
    triesLeft,
    unlockWith,
    unlockWithRecovery,
} from "./vault";

/** Away for so long, the app asks for the PIN again. */
const AWAY_MS = 10 * 60000;
const tabs = () => new BroadcastChannel("field-lock");

/** Whether this account asks for a PIN. */
export function hasPin(account) {
    return Boolean(account?.lock?.salt);
}

/**
 * Try a PIN; the right one opens the app.
 *
 * @returns {Promise<{left: number, wait: number}>} tries that are left and seconds until the next;
 *     after the last one the account is locked until its person logs in again
 */
export async function unlock(app, pin) {
    const { control } = app;
    const account = await control.accounts.get(app.state.person.device_uuid);
    const wait = secondsToWait(account);
    if (wait) {
        return { left: triesLeft(account), wait };
    }
    countTry(account);
    await control.accounts.put(account);
    const key = await unlockWith(control, account, pin);
    if (key) {
        forgive(account);
        await control.accounts.put(account);
        await openWith(app, account, key);
        return { left: MAX_PIN_TRIES, wait: 0 };
    }
    const left = triesLeft(account);
    if (left <= 0) {
        lose(account);
        await control.accounts.put(account);
        app.state.lost = true;
        app.state.phase = "welcome";
        return { left, wait: 0 };
    }
    return { left, wait: secondsToWait(account) };
}

/** Without a PIN (any more) the data key opens by itself. */
export async function openAccountOf(app, account) {
    const found = account.lock ? account : await giveKey(app.control, account);
    await openWith(app, found, await unlockWith(app.control, found));
}

/** Accounts from before everybody had a data key. Of two windows that start, one is first. */
async function giveKey(control, account) {
    const given = { ...account, unsealed: true };
    const token = account.token && (await openToken(control, account.token));
    const key = await lockWith(control, given, null, "");
    given.token = token && (await sealToken(control, token, key));
    return control.transaction("rw", "accounts", async () => {
        const now = await control.accounts.get(account.device_uuid);
        if (now.lock) {
            return now;
        }
        await control.accounts.put(given);
        return given;
    });
}

async function openWith(app, account, key) {
    const token = account.token && (await openToken(app.control, account.token, key));
    app.openAccount(account, token, key);
    if (account.unsealed) {
        // cut off half-way, or another window wrote something meanwhile
        await sealOldRows(app.account.db, hasPin(account));
        delete account.unsealed;
        await app.control.accounts.put(account);
    }
    if (hasPin(account)) {
        lockWhenLeft();
    }
}

/**
 * Set, change or (empty) remove the PIN. All windows of the app start again: from then on nothing
 * personal is written as it is.
 */
export async function setPin(app, pin) {
    const { control } = app;
    const { device, token, key } = app.account;
    const account = await control.accounts.get(device);
    account.unsealed = account.unsealed || !hasPin(account);
    const dataKey = await lockWith(control, account, key, pin);
    account.token = await sealToken(control, token, dataKey);
    await control.accounts.put(account);
    await sealNow(app, device, dataKey, Boolean(pin));
    tabs().postMessage("restart");
    location.reload();
}

/** Not only from the next start on: whoever takes the phone now finds nothing to read. */
async function sealNow(app, device, key, everything) {
    app.close();
    const db = openAccount(device, key, everything);
    await sealOldRows(db, everything);
    db.close();
}

/**
 * The account as it is kept after its person has logged in. What was locked by a forgotten PIN is
 * opened with the server's key; the PIN is gone then.
 *
 * @throws {Error} `unreadable`: this server does not have the key
 */
export async function connected(control, known, values, { token, recovery }) {
    const account = { ...known, ...values };
    if (known && !known.lock && !known.spare) {
        account.unsealed = true;
    }
    const before = await knownKey(control, account, recovery);
    if (recovery) {
        account.recovery = await keepRecovery(control, recovery);
    }
    const key = await lockWith(control, account, before, "");
    account.token = await sealToken(control, token, key);
    await control.accounts.put(account);
    return { account, key };
}

/** What an account that was here already is encrypted with. */
async function knownKey(control, account, recovery) {
    if (account.lock && !account.lock.salt) {
        return unlockWith(control, account);
    }
    if (!account.spare) {
        return null;
    }
    const key = await unlockWithRecovery(control, account, recovery);
    if (!key) {
        throw new Error("unreadable");
    }
    return key;
}

/** Another window has set a PIN: this one must not go on without it. */
export function followTabs() {
    tabs().onmessage = () => location.reload();
}

function lockWhenLeft() {
    let left = 0;
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") {
            left = serverNow().getTime();
        } else if (left && serverNow().getTime() - left > AWAY_MS) {
            location.reload();
        }
    });
}
