/**
 * Finding customers without a network. Chinese has no spaces: any part of a name counts, and the
 * words of a query may stand in any order, without accents or capitals, in full or half width.
 */

export function fold(text) {
    return String(text || "")
        .normalize("NFKD")
        .replace(/\p{M}/gu, "")
        .toLowerCase();
}

const FIELDS = ["name", "ref", "phone", "mobile", "street", "city", "field_place_hint"];
const digits = (text) => String(text || "").replace(/\D/g, "");

/** What is searched of a customer, made once. */
export function indexOf(customers) {
    return customers.map((customer) => ({
        customer,
        name: fold(customer.name),
        text: fold(FIELDS.map((name) => customer[name]).join(" ")),
        phone: digits(customer.phone) + " " + digits(customer.mobile),
    }));
}

/** Better first: the name begins so, the name contains it, anything contains it. */
function rank(entry, words, number) {
    if (number.length >= 4 && entry.phone.includes(number)) {
        return 1;
    }
    if (!words.every((word) => entry.text.includes(word))) {
        return 0;
    }
    if (entry.name.startsWith(words[0])) {
        return 3;
    }
    return words.every((word) => entry.name.includes(word)) ? 2 : 1;
}

export function search(index, query, limit = 50) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (!words.length) {
        return [];
    }
    const number = digits(query);
    const found = [];
    for (const entry of index) {
        const value = rank(entry, words, number);
        if (value) {
            found.push({ value, entry });
        }
    }
    found.sort((a, b) => b.value - a.value || a.entry.name.localeCompare(b.entry.name));
    return found.slice(0, limit).map(({ entry }) => entry.customer);
}
