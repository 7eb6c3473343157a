/** The one text of a JSON value (RFC 8785), and the hash chain; twin of tools/canonical.py. */

import { sha256 } from "./sha256";

export function canonical(value) {
    if (Array.isArray(value)) {
        return `[${value.map(canonical).join(",")}]`;
    }
    if (value && typeof value === "object") {
        // JavaScript compares texts by UTF-16 code units, as the RFC wants it
        const keys = Object.keys(value).sort();
        return `{${keys.map((k) => `${JSON.stringify(k)}:${canonical(value[k])}`).join(",")}}`;
    }
    return JSON.stringify(value);
}

const CHAINED = ["uuid", "seq", "kind", "captured_at", "payload", "prev_hash"];

/** Link of the device's chain: covers the event, its device and the link before it. */
export function eventHash(device, event) {
    const body = Object.fromEntries(CHAINED.map((name) => [name, event[name]]));
    return sha256(canonical({ ...body, device }));
}

/** What can be sent: no undefined, no characters that the server cannot store. */
export function clean(value) {
    if (typeof value === "string") {
        return value.replace(/\0/g, "").replace(/[\ud800-\udfff]/gu, "");
    }
    if (Array.isArray(value)) {
        return value.map(clean);
    }
    if (value && typeof value === "object") {
        const entries = Object.entries(value).filter(([, item]) => item !== undefined);
        return Object.fromEntries(entries.map(([key, item]) => [key, clean(item)]));
    }
    return Number.isNaN(value) ? null : value;
}
