/** Contacts from codes on business cards: vCard 2.1 to 4.0, and MECARD as Japanese phones write it. */

function unescape(text) {
    return text
        .replace(/\\n/gi, " ")
        .replace(/\\([,;:\\])/g, "$1")
        .trim();
}

/** Parts of a value with `;` between them; an escaped one stays. */
function parts(value) {
    return value.split(/(?<!\\);/).map(unescape);
}

/** As it is said: 陈伟, Anna Miller. */
function fullName(family, given = "") {
    const [last, first] = [family.trim(), given.trim()];
    return /\p{Script=Han}/u.test(last) ? last + first : [first, last].filter(Boolean).join(" ");
}

function decode(value, head) {
    if (!/ENCODING=QUOTED-PRINTABLE/i.test(head)) {
        return value;
    }
    const bytes = value.replace(/=([0-9A-F]{2})/gi, "%$1");
    try {
        return decodeURIComponent(bytes);
    } catch {
        return value;
    }
}

function readVcard(text) {
    const found = {};
    // A line that begins with a blank belongs to the one before.
    for (const line of text.replace(/=?\r?\n(?=[ \t])[ \t]/g, "").split(/\r?\n/)) {
        const [, head, raw] = /^([^:]+):(.*)$/.exec(line) || [];
        if (!head) {
            continue;
        }
        const name = head.split(";")[0].split(".").pop().toUpperCase();
        const value = decode(raw, head);
        if (value.trim() && !(name in found)) {
            found[name] = value;
        }
    }
    const [family = "", given = ""] = parts(found.N || "");
    const [, , street = "", city = ""] = parts(found.ADR || "");
    return {
        contact: unescape(found.FN || "") || fullName(family, given),
        company: parts(found.ORG || "")[0] || "",
        position: unescape(found.TITLE || ""),
        phone: unescape(found.TEL || "").replace(/^tel:/i, ""),
        email: unescape(found.EMAIL || "").replace(/^mailto:/i, ""),
        street,
        city,
    };
}

function readMecard(text) {
    const found = {};
    for (const part of text.slice("MECARD:".length).split(/(?<!\\);/)) {
        const [, name, value] = /^([A-Z-]+):(.*)$/i.exec(part) || [];
        if (name && !(name.toUpperCase() in found)) {
            found[name.toUpperCase()] = unescape(value);
        }
    }
    return {
        contact: fullName(...(found.N || "").split(",")),
        company: found.ORG || "",
        position: "",
        phone: found.TEL || "",
        email: found.EMAIL || "",
        street: found.ADR || "",
        city: "",
    };
}

/**
 * @param {string} text what a code contains
 * @returns {Object|null} contact, company, position, phone, email, street, city as texts; null when
 *     this is no card
 */
export function readCard(text) {
    if (/^BEGIN:VCARD/i.test(text.trim())) {
        return readVcard(text.trim());
    }
    return /^MECARD:/i.test(text.trim()) ? readMecard(text.trim()) : null;
}
