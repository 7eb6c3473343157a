/**
 * What opens this phone's data.
 *
 * The device token and what was written are encrypted with one data key (see sealing.js). It
 * is kept in wrappings only: around each lies the device key, which is made here and cannot be read
 * by anybody, not even by this page; inside of it, with a PIN, one that is made of the PIN. After too
 * many wrong PINs that wrapping and the token are gone. A second wrapping needs a key that the server
 * has and gives to whoever logs in: so a forgotten PIN loses nothing that was not sent yet.
 */

import { serverNow } from "./clock";

export const MAX_PIN_TRIES = 8;
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 5000;
const ROUNDS = 310000;
const AES = { name: "AES-GCM", length: 256 };
const USES = ["encrypt", "decrypt"];
const text = new TextEncoder();

// --- keys ----------------------------------------------------------------------------------------

async function deviceKey(control) {
    const found = await control.keys.get("device");
    if (found) {
        return found.key;
    }
    const key = await crypto.subtle.generateKey(AES, false, USES);
    await control.keys.put({ name: "device", key });
    return key;
}

async function pinKey(pin, salt) {
    const uses = ["deriveKey"];
    const base = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, uses);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return crypto.subtle.deriveKey(how, base, AES, false, USES);
}

/** @param {Uint8Array} bytes 32 */
function importKey(bytes) {
    return crypto.subtle.importKey("raw", bytes, AES, true, USES);
}

async function encrypt(key, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

function decrypt(key, { iv, data }) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
}

/** @returns {Promise<any|null>} null where the key was the wrong one */
async function orNull(promise) {
    try {
        return await promise;
    } catch (error) {
        if (error.name === "OperationError") {
            return null;
        }
        throw error;
    }
}

// --- the token -----------------------------------------------------------------------------------

/**
 * @param {CryptoKey} [key] the data key, where there is one
 * @returns {Promise<Object>} what may be kept on the disk
 */
export async function sealToken(control, token, key) {
    return encrypt(key || (await deviceKey(control)), text.encode(token));
}

/** @returns {Promise<string>} */
export async function openToken(control, sealed, key) {
    return new TextDecoder().decode(await decrypt(key || (await deviceKey(control)), sealed));
}

// --- the data key --------------------------------------------------------------------------------

/** The server's key for the day when the PIN is forgotten; needed until a PIN is set. */
export async function keepRecovery(control, recovery) {
    return encrypt(
        await deviceKey(control),
        Uint8Array.from(atob(recovery), (c) => c.charCodeAt())
    );
}

async function wrap(control, key, pin) {
    let bytes = await crypto.subtle.exportKey("raw", key);
    const lock = { salt: null, inner: null, digits: 0, tries: 0, until: 0 };
    if (pin) {
        lock.salt = crypto.getRandomValues(new Uint8Array(16));
        const inner = await encrypt(await pinKey(pin, lock.salt), bytes);
        [lock.inner, bytes, lock.digits] = [inner.iv, inner.data, pin.length];
    }
    return { ...lock, ...(await encrypt(await deviceKey(control), bytes)) };
}

/**
 * Set, change or (empty) remove the PIN; the data key itself never changes.
 *
 * @param {Object} account is given its `lock` and, once, its `spare`
 * @param {CryptoKey} [key] the data key so far
 * @returns {Promise<CryptoKey>}
 */
export async function lockWith(control, account, key, pin) {
    const dataKey = key || (await crypto.subtle.generateKey(AES, true, USES));
    account.lock = await wrap(control, dataKey, pin);
    if (account.recovery) {
        const outer = await deviceKey(control);
        const recovery = await importKey(await decrypt(outer, account.recovery));
        account.spare = await encrypt(recovery, await crypto.subtle.exportKey("raw", dataKey));
        delete account.recovery; // from now on only the server has it
    }
    return dataKey;
}

/** @returns {Promise<CryptoKey|null>} null when the PIN is wrong */
export async function unlockWith(control, { lock }, pin = "") {
    let bytes = await decrypt(await deviceKey(control), lock);
    if (lock.salt) {
        bytes = await orNull(
            decrypt(await pinKey(pin, lock.salt), { iv: lock.inner, data: bytes })
        );
    }
    return bytes && importKey(bytes);
}

/** @returns {Promise<CryptoKey|null>} null when this is not the server that has the key */
export async function unlockWithRecovery(control, { spare }, recovery) {
    const bytes = Uint8Array.from(atob(recovery), (c) => c.charCodeAt());
    const found = await orNull(decrypt(await importKey(bytes), spare));
    return found && importKey(found);
}

// --- wrong PINs ----------------------------------------------------------------------------------

/** Noted before the PIN is tried: pulling the plug does not give another try. */
export function countTry(account) {
    const { lock } = account;
    lock.tries++;
    const more = lock.tries - FREE_TRIES;
    lock.until = more < 0 ? 0 : serverNow().getTime() + FIRST_WAIT_MS * 2 ** more;
}

export function forgive({ lock }) {
    Object.assign(lock, { tries: 0, until: 0 });
}

export function triesLeft({ lock }) {
    return MAX_PIN_TRIES - lock.tries;
}

/** Seconds until the next try counts. */
export function secondsToWait({ lock }) {
    return Math.max(0, Math.ceil((lock.until - serverNow().getTime()) / 1000));
}

/** Too many: what opens the data is erased here. The data themselves stay, unreadable. */
export function lose(account) {
    Object.assign(account, { token: null, lock: null });
}
