/** A customer somebody is writing down: what is asked, and who may be there already. */

import { onWillUnmount, useState } from "@odoo/owl";
import { post } from "@field_base/app/core/api";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { sameCustomers } from "@field_visit/customer/same_customer";

const REST_MS = 600;
const PATIENCE_MS = 8000;
export const TEXTS = ["name", "phone", "vat", "address"];

export function customerInputs() {
    return [
        { name: "name", label: _t("Name"), type: "text" },
        { name: "phone", label: _t("Phone"), type: "tel" },
        { name: "vat", label: _t("Tax number"), type: "text" },
        { name: "address", label: _t("Address"), type: "text" },
    ];
}

export function whySame({ reasons, owner }) {
    const words = {
        vat: _t("same tax number"),
        phone: _t("same phone number"),
        name: _t("same name"),
        place: _t("nearby, with a similar name"),
    };
    const said = reasons.map((reason) => words[reason]);
    return [...said, owner].filter(Boolean).join(" · ");
}

/**
 * What this phone knows itself, then what the server knows beside it. The phone has one's own
 * customers only; without a network that is what is compared.
 *
 * @param {Function} read () => `{name, phone, vat, lat, lng}` as typed by now
 * @returns {Object} `list`, `later()` and `ask()`
 */
export function useSameCustomers(read) {
    const app = useApp();
    const state = useState({ elsewhere: [] });
    const customers = useQuery((db) => rowsOf(db, "customers"));
    let [timer, latest] = [null, null];
    onWillUnmount(() => clearTimeout(timer));
    const ask = async () => {
        const { account } = app;
        const asked = read();
        if (!asked.name.trim() || !account.token || !navigator.onLine) {
            return;
        }
        latest = asked;
        const options = { token: account.token, patience: PATIENCE_MS };
        const answer = await post("/customers/same", asked, options).catch(() => ({ found: [] }));
        if (latest === asked) {
            state.elsewhere = answer.found; // a slow answer says nothing of what is typed now
        }
    };
    return {
        ask,
        get customers() {
            return customers.value;
        },
        get list() {
            const here = sameCustomers(read(), customers.value);
            const known = new Set(here.map(({ id }) => id));
            const elsewhere = state.elsewhere.filter(({ id }) => !known.has(id));
            return [...here.map((one) => ({ ...one, isHere: true })), ...elsewhere];
        },
        later() {
            clearTimeout(timer);
            timer = setTimeout(ask, REST_MS);
        },
    };
}
