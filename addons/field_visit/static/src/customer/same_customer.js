/**
 * Is a customer there already? The phone's part of the comparison, without a network; the server
 * compares more finely (see tools/same_customer.py) whenever it can be asked.
 */

import { haversine, isPosition } from "@field_base/map/geo";

const PHONE_DIGITS = 8;
const NEAR_M = 200;
const MOST = 5;
const FORMS =
    /(股份有限公司|有限责任公司|有限公司|集团|分公司|公司)$|\b(co|ltd|inc|llc|gmbh|corp|company|limited)\b\.?/gu;
const RANK = ["vat", "phone", "name", "place"];

/** A name in small letters without legal form, spaces and signs. */
export function nameKey(name) {
    const text = String(name || "")
        .normalize("NFKC")
        .toLowerCase();
    const bare = (one) => one.replace(/[^\p{L}\p{N}]+/gu, "");
    return (
        bare(
            text
                .replace(/[^\p{L}\p{N}.]+/gu, " ")
                .trim()
                .replace(FORMS, "")
        ) || bare(text)
    );
}

export function phoneKey(phone) {
    const digits = String(phone || "").replace(/\D/g, "");
    return digits.length >= PHONE_DIGITS - 1 ? digits.slice(-PHONE_DIGITS) : "";
}

const vatKey = (vat) =>
    String(vat || "")
        .replace(/[^\p{L}\p{N}]/gu, "")
        .toUpperCase();

const isSame = (left, right) => Boolean(left) && left === right;

/** @returns {string[]} why these may be the same: vat, phone, name, place */
export function reasons(one, other) {
    const found = [];
    if (isSame(vatKey(one.vat), vatKey(other.vat))) {
        found.push("vat");
    }
    if (isSame(phoneKey(one.phone), phoneKey(other.phone))) {
        found.push("phone");
    }
    const [mine, theirs] = [nameKey(one.name), nameKey(other.name)];
    if (isSame(mine, theirs)) {
        found.push("name");
    } else if (mine.length > 1 && theirs.length > 1 && isNear(one, other)) {
        if (mine.includes(theirs) || theirs.includes(mine)) {
            found.push("place");
        }
    }
    return found;
}

function isNear(one, other) {
    return (
        isPosition(one.lat, one.lng) &&
        isPosition(other.lat, other.lng) &&
        haversine(one.lat, one.lng, other.lat, other.lng) <= NEAR_M
    );
}

/** The customers of a list that may be the one being added, the surest first. */
export function sameCustomers(values, customers) {
    return customers
        .map(({ id, name, ...rest }) => ({ id, name, reasons: reasons(values, { name, ...rest }) }))
        .filter((one) => one.reasons.length)
        .sort((a, b) => RANK.indexOf(a.reasons[0]) - RANK.indexOf(b.reasons[0]) || a.id - b.id)
        .slice(0, MOST);
}
