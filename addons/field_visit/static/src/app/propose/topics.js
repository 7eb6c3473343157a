/**
 * What can be otherwise with a customer. A topic says what is asked and what the card should say then;
 * `words` is the same for a person to read, until the office has put it in its own.
 */

import { _t } from "@field_base/app/core/i18n";
import { differing, windowsOf } from "./proposals";

const trimmed = (form, ...names) =>
    Object.fromEntries(names.map((name) => [name, (form[name] || "").trim()]));
const pick = (object, ...names) => Object.fromEntries(names.map((name) => [name, object[name]]));
const ADDRESS = ["field_place_hint", "street", "zip", "city"];
const lineOf = (...parts) => parts.filter(Boolean).join(", ");

/** What is asked for most, each two taps away. */
export const USUAL = ["closed", "phone", "entrance"];

export function topicsOf() {
    return {
        closed: {
            label: _t("Closed for good"),
            hint: _t("The customer is marked as closed. Visits and orders stay as they are."),
            fields: [],
            values: () => ({ field_life: "closed" }),
            words: () => _t("Closed for good"),
        },
        phone: {
            label: _t("Phone is wrong"),
            hint: _t("Leave it empty when you do not know the right number."),
            fields: [{ name: "phone", label: _t("The right number"), type: "tel" }],
            values: (form, customer) => {
                const { phone } = trimmed(form, "phone");
                return differing({ phone: phone || false }, customer);
            },
            words: ({ phone }) => phone || _t("The phone number is wrong"),
        },
        entrance: {
            label: _t("Entrance is here"),
            hint: _t("Navigation leads here from now on."),
            fields: [],
            needsPlace: true,
            values: (form, customer, fix) =>
                fix ? { field_entrance_lat: fix.lat, field_entrance_lng: fix.lng } : {},
            words: () => _t("Entrance is here"),
        },
        name: {
            label: _t("Name"),
            fields: [{ name: "name", label: _t("The right name"), type: "text" }],
            fill: ({ name }) => ({ name }),
            values: (form, customer) => {
                const { name } = trimmed(form, "name");
                return name ? differing({ name }, customer) : {};
            },
            words: ({ name }) => name,
        },
        address: {
            label: _t("Address"),
            fields: [
                { name: "street", label: _t("Street"), type: "text" },
                { name: "field_place_hint", label: _t("Floor and shop number"), type: "text" },
                { name: "zip", label: _t("Postcode"), type: "text" },
                { name: "city", label: _t("City"), type: "text" },
            ],
            fill: (customer) => pick(customer, ...ADDRESS),
            values: (form, customer) => differing(trimmed(form, ...ADDRESS), customer),
            words: ({ field_place_hint, street, zip, city }) =>
                lineOf(field_place_hint, street, zip, city),
        },
        contact: {
            label: _t("Contact person"),
            fields: [
                { name: "contact", label: _t("Full name"), type: "text" },
                { name: "job", label: _t("Job"), type: "text" },
                { name: "mobile", label: _t("Phone"), type: "tel" },
            ],
            values: (form) => {
                const {
                    contact: name,
                    job,
                    mobile: phone,
                } = trimmed(form, "contact", "job", "mobile");
                return name ? { contact: { name, function: job, phone } } : {};
            },
            words: ({ contact, job, mobile }) => lineOf(contact, job, mobile),
        },
        hours: {
            label: _t("Visiting hours"),
            fields: [],
            values: ({ days, from, to }) =>
                days.length && from < to ? { visiting_hours: windowsOf(days, from, to) } : {},
            words: ({ from, to }) => `${from}–${to}`,
        },
        owner: {
            label: _t("Who looks after him"),
            fields: [],
            choice: "user_id",
            values: ({ user_id: id }, customer) => differing(id ? { user_id: id } : {}, customer),
            words: (form, chosen) => chosen,
        },
        channel: {
            label: _t("Trade channel"),
            fields: [],
            choice: "field_channel_id",
            values: ({ field_channel_id: id }, customer) =>
                differing(id ? { field_channel_id: id } : {}, customer),
            words: (form, chosen) => chosen,
        },
    };
}
