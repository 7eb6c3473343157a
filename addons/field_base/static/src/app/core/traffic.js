/**
 * What this app has sent and received today, and what of it over the mobile network, where the phone
 * tells which one it is on. Received is what the browser says came over the line; sent are the bodies
 * of the requests with a usual head.
 */

import { localDate } from "./clock";

const KEY = "traffic";
const HEAD = 600;
const FLUSH_MS = 3000;
const MB = 1024 * 1024;
const NOTHING = { up: 0, down: 0, mobile: 0 };

const pending = { ...NOTHING };
let wake = null;
let observer = null;

/** `true`, `false`, or `null` where the phone does not tell (iPhones never do). */
export function isMobileNetwork() {
    const type = navigator.connection?.type;
    return !type || ["unknown", "other"].includes(type) ? null : type === "cellular";
}

function add(direction, bytes) {
    pending[direction] += bytes;
    // where nobody tells, all of it may have been paid for
    pending.mobile += isMobileNetwork() === false ? 0 : bytes;
    wake?.();
}

export function countSent(body) {
    add("up", HEAD + (body?.byteLength ?? body?.length ?? 0));
}

export const today = (row) => (row?.date === localDate() ? row : { date: localDate(), ...NOTHING });

export async function readTraffic(db) {
    return today((await db.meta.get(KEY))?.value);
}

/** Several tabs count into the same row. */
async function flush(db) {
    const { up, down, mobile } = pending;
    Object.assign(pending, NOTHING);
    await db.transaction("rw", ["meta"], async () => {
        const row = await readTraffic(db);
        const value = { ...row, up: row.up + up, down: row.down + down };
        await db.meta.put({ key: KEY, value: { ...value, mobile: row.mobile + mobile } });
    });
}

/** From now on it is counted into this database; what came before there was one goes into it too. */
export function followTraffic(db) {
    let timer = null;
    wake = () => {
        timer ??= setTimeout(() => {
            timer = null;
            if (db.isOpen()) {
                flush(db).catch(() => {}); // a full phone: a counter is no reason to fail
            }
        }, FLUSH_MS);
    };
    if (!observer) {
        observer = new PerformanceObserver((list) => {
            for (const { transferSize } of list.getEntries()) {
                if (transferSize) {
                    add("down", transferSize);
                }
            }
        });
        observer.observe({ type: "resource", buffered: true });
    }
}

export const megabytes = (bytes) => (bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0);

/**
 * Why photos and recordings wait: "wifi" (only there, and this is none), "limit" (of the day is used
 * up), or nothing. Events always go: they are small, and the office waits for them.
 *
 * @param {Object} settings `{wifiOnly, dataLimit}`, the limit in MB a day, 0 for none
 */
export function whyFilesWait({ wifiOnly, dataLimit }, traffic) {
    const mobile = isMobileNetwork();
    if (wifiOnly && mobile) {
        return "wifi";
    }
    return dataLimit && mobile !== false && traffic.mobile >= dataLimit * MB ? "limit" : "";
}
