/**
 * Contacts from codes on business cards: vCard 2.1 to 4.0, and MECARD as Japanese phones write it.
 *
 * No regular expression looks behind: Safari before 16.4 refuses a script that has one, and with it
 * the whole app.
 */

const HAN = /\p{Script=Han}/u;
const CHINESE_MOBILE = /^(?:\+?86)?1[3-9]\d{9}$/;
const NO_TELEPHONE = ["FAX", "PAGER", "TELEX", "MODEM"];

// --- the text ------------------------------------------------------------------------------------
/** Parts between separators; one behind a backslash, or within quotes, separates nothing. */
function split(text, separator, { quotes = false } = {}) {
    const found = [""];
    let quoted = false;
    for (let n = 0; n < text.length; n++) {
        const char = text[n];
        if (char === "\\" && n + 1 < text.length) {
            found[found.length - 1] += char + text[++n];
        } else if (char === separator && !quoted) {
            found.push("");
        } else {
            quoted = quotes && char === '"' ? !quoted : quoted;
            found[found.length - 1] += char;
        }
    }
    return found;
}

/** A backslash goes; a line break becomes a blank, for each field of a lead is one line. */
function unescape(text) {
    return text
        .replace(/\\([\s\S])/g, (_all, char) => ("nN".includes(char) ? " " : char))
        .replace(/\s+/g, " ")
        .trim();
}

const values = (text) => split(text, ";").map(unescape);

/** As it is said: 陈伟, Anna Miller. */
function fullName(family, given = "") {
    const [last, first] = [family.trim(), given.trim()];
    return HAN.test(last) ? last + first : [first, last].filter(Boolean).join(" ");
}

/** Bytes of a value: of quoted-printable, what is not written as =E9 stands for itself. */
function bytesOf(value, encoding) {
    if (encoding === "base64") {
        return Uint8Array.from(atob(value.replace(/\s/g, "")), (char) => char.charCodeAt(0));
    }
    const bytes = [];
    for (const part of value.split(/(=[0-9A-F]{2})/i)) {
        if (/^=[0-9A-F]{2}$/i.test(part)) {
            bytes.push(parseInt(part.slice(1), 16));
        } else {
            bytes.push(...new TextEncoder().encode(part));
        }
    }
    return new Uint8Array(bytes);
}

function decode(value, encoding, charset) {
    if (!encoding) {
        return value;
    }
    try {
        return new TextDecoder(charset || "utf-8").decode(bytesOf(value, encoding));
    } catch {
        return value; // a character set nobody knows, or no base64: better odd than nothing
    }
}

// --- vCard ---------------------------------------------------------------------------------------
/** Lines as they were meant: folded ones joined, and those that quoted-printable broke with "=". */
function unfolded(text) {
    const lines = [];
    let open = false; // the last line was broken by "="
    for (const line of text.split(/\r\n|\r|\n/)) {
        if (lines.length && (open || /^[ \t]/.test(line))) {
            lines[lines.length - 1] += open ? line : line.slice(1);
        } else {
            lines.push(line);
        }
        const last = lines[lines.length - 1];
        open = last.endsWith("=") && /QUOTED-PRINTABLE/i.test(last.split(":")[0]);
        if (open) {
            lines[lines.length - 1] = last.slice(0, -1);
        }
    }
    return lines;
}

function readParameters(texts) {
    const found = { types: [], charset: "", encoding: "" };
    for (const text of texts) {
        const [name, value = ""] = text.replaceAll('"', "").split("=");
        const words = (value || name).toUpperCase().split(",");
        if (name.toUpperCase() === "CHARSET") {
            found.charset = value;
        } else if (words.includes("QUOTED-PRINTABLE")) {
            found.encoding = "quoted";
        } else if (words.includes("B") || words.includes("BASE64")) {
            found.encoding = "base64";
        } else if (name.toUpperCase() === "PREF") {
            found.types.push("PREF"); // 4.0 counts, earlier ones only say it
        } else {
            found.types.push(...words); // 2.1 writes CELL where 3.0 writes TYPE=CELL
        }
    }
    return found;
}

/** "item1.TEL;TYPE=cell:+86…" → name, types, value; nothing when this is no property. */
function readProperty(line) {
    const [head, ...rest] = split(line, ":", { quotes: true });
    if (!rest.length) {
        return null;
    }
    const [name, ...parameters] = split(head, ";", { quotes: true });
    const { types, charset, encoding } = readParameters(parameters);
    return {
        name: name.split(".").pop().trim().toUpperCase(),
        types,
        value: decode(line.slice(head.length + 1), encoding, charset),
    };
}

/** "tel:+86-21-5555;ext=12" → "+86-21-5555 ext. 12". */
function readNumber(value) {
    const [number, ...parameters] = unescape(value).replace(/^tel:/i, "").split(";");
    const extension = parameters.find((text) => /^ext=/i.test(text));
    return extension ? `${number} ext. ${extension.slice(4)}` : number;
}

/** A mobile number before the one that is preferred, that before the others, one at home last. */
function rank({ types, value }) {
    if (types.includes("CELL") || CHINESE_MOBILE.test(value.replace(/[^+\d]/g, ""))) {
        return 0;
    }
    if (types.includes("PREF")) {
        return 1;
    }
    return types.includes("HOME") ? 3 : 2;
}

/** Values of a property, the best first, each once. */
function ranked(properties, name, read) {
    const found = properties
        .filter((one) => one.name === name && !NO_TELEPHONE.some((no) => one.types.includes(no)))
        .map((one) => ({ ...one, value: read(one.value) }))
        .filter(({ value }) => value)
        .sort((a, b) => rank(a) - rank(b));
    return [...new Set(found.map(({ value }) => value))];
}

function readVcard(text) {
    const properties = unfolded(text).map(readProperty).filter(Boolean);
    const first = (name) => properties.find((one) => one.name === name && one.value.trim())?.value;
    const [family = "", given = ""] = values(first("N") || "");
    const name = fullName(family, given);
    const [phone = "", ...others] = ranked(properties, "TEL", readNumber);
    const [email = ""] = ranked(properties, "EMAIL", unescape);
    const [address = ""] = ranked(properties, "ADR", (value) => value.replace(/^[;\s]+$/, ""));
    const [, unit = "", street = "", city = ""] = values(address);
    return {
        // Phones set to English write 伟 陈; the parts know better.
        contact: HAN.test(name) ? name : unescape(first("FN") || "") || name,
        company: values(first("ORG") || "")[0],
        position: unescape(first("TITLE") || first("ROLE") || ""),
        phone,
        others,
        email: email.replace(/^mailto:/i, ""),
        street: [street, unit].filter(Boolean).join(", "),
        city,
    };
}

// --- MECARD --------------------------------------------------------------------------------------
function readMecard(text) {
    const properties = split(text.slice("MECARD:".length), ";")
        .map((part) => split(part.trim(), ":"))
        .filter(([, ...rest]) => rest.length)
        .map(([name, ...rest]) => ({ name: name.toUpperCase(), types: [], value: rest.join(":") }));
    const first = (name) => properties.find((one) => one.name === name && one.value)?.value || "";
    const [phone = "", ...others] = ranked(properties, "TEL", unescape);
    const address = split(first("ADR"), ",").map(unescape);
    // Box, room, street, city, prefecture, postcode, country: where all are there at all.
    const [, unit, street, city] = address.length > 5 ? address : ["", "", address.join(", "), ""];
    return {
        contact: fullName(...split(first("N"), ",").map(unescape)),
        company: unescape(first("ORG")),
        position: unescape(first("TITLE")),
        phone,
        others,
        email: unescape(first("EMAIL")),
        street: [street, unit].filter(Boolean).join(", "),
        city,
    };
}

/**
 * @param {string} text what a code contains
 * @returns {Object|null} contact, company, position, phone, email, street, city as texts, others as
 *     a list of further numbers; null when this is no card
 */
export function readCard(text) {
    const card = text.replace(/^\uFEFF/, "").trim();
    if (/^BEGIN:VCARD/i.test(card)) {
        return readVcard(card);
    }
    return /^MECARD:/i.test(card) ? readMecard(card) : null;
}
