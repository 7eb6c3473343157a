/**
 * A customer at a glance without a network: a copy of what the office knows, stamped with its time.
 * The customers of the next visits are fetched ahead, others when somebody looks; few are kept.
 */

import { Component, onWillStart, useState } from "@odoo/owl";
import { call } from "@field_base/app/core/api";
import { formatTime, localDate } from "@field_base/app/core/clock";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { rowsOf } from "@field_base/app/core/pull";
import { readTraffic, whyFilesWait } from "@field_base/app/core/traffic";
import { Icon } from "@field_base/app/ui/icon";
import { registry } from "@web/core/registry";
import { OPEN_STATES } from "./visits";

const KIND = "glance";
const MOST = 60;
const AHEAD_DAYS = 2;
/** So many at a time: the events of the day are more urgent. */
const AT_ONCE = 5;
const FRESH_MS = 10 * 60000;
const STALE_MS = 6 * 3600000;
/** After so many that did not come, it is the line and not the customer. */
const MOST_FAILURES = 2;
const RETRY_MS = 30 * 60000;
/** Whose copy did not come, and when it was asked for: the others go first, for a while. */
const failed = new Map();

const keyOf = (id) => `${KIND}:${id}`;

/** Fetch and keep the copy of one customer; the oldest of too many goes. */
async function fetchGlance({ db, token }, id) {
    const { body } = await call(`/customers/${id}/glance`, { token });
    await db.docs.put({ key: keyOf(id), kind: KIND, customer: id, at: Date.now(), ...body });
    const all = await db.docs.where("kind").equals(KIND).toArray();
    const over = all.sort((a, b) => b.at - a.at).slice(MOST);
    await db.docs.bulkDelete(over.map(({ key }) => key));
}

/** Customers of the next visits whose copy is missing or old, and copies nobody may have now. */
export function planGlances({ visits, customers, copies, today, now, refused = new Map() }) {
    const last = new Date(`${today}T00:00:00Z`);
    last.setUTCDate(last.getUTCDate() + AHEAD_DAYS - 1);
    const until = last.toISOString().slice(0, 10);
    const mine = new Set(customers.map(({ id }) => id));
    const age = new Map(copies.map(({ customer, at }) => [customer, now - at]));
    const isWanted = (id) =>
        mine.has(id) && (age.get(id) ?? Infinity) > STALE_MS && !(now - refused.get(id) < RETRY_MS);
    const ahead = visits
        .filter(
            ({ state, plan_date: day }) =>
                OPEN_STATES.includes(state) && day >= today && day <= until
        )
        .sort((a, b) => a.plan_date.localeCompare(b.plan_date))
        .map(({ partner_id }) => partner_id)
        .filter(isWanted);
    return {
        fetch: [...new Set(ahead)].slice(0, AT_ONCE),
        drop: copies.filter(({ customer }) => !mine.has(customer)).map(({ key }) => key),
    };
}

async function fetchAhead(account) {
    const { db } = account;
    const [visits, customers, copies] = await Promise.all([
        rowsOf(db, "visits"),
        rowsOf(db, "customers"),
        db.docs.where("kind").equals(KIND).toArray(),
    ]);
    const now = Date.now();
    const today = localDate();
    const plan = planGlances({ visits, customers, copies, today, now, refused: failed });
    await db.docs.bulkDelete(plan.drop);
    if (whyFilesWait(account, await readTraffic(db))) {
        return;
    }
    await fetchEach(account, plan.fetch, now);
}

/** A copy is a convenience: one that does not come holds up neither the others nor the round. */
async function fetchEach(account, ids, now) {
    let failures = 0;
    for (const id of ids) {
        try {
            await fetchGlance(account, id);
            failed.delete(id);
        } catch {
            failed.set(id, now);
            failures++;
        }
        if (failures === MOST_FAILURES) {
            return;
        }
    }
}

registry.category("field_app.senders").add("glances", fetchAhead);

/** What the office knows of the customer, as of a time that is said. */
export class CustomerGlance extends Component {
    static template = "field_visit.app.CustomerGlance";
    static components = { Icon };
    static props = { customer: Object };

    setup() {
        this.app = useApp();
        this.state = useState({ open: false });
        const { id } = this.props.customer;
        this.copy = useQuery(async (db) => (await db.docs.get(keyOf(id))) || null);
        onWillStart(() => void this.refresh());
    }

    /** Nothing waits for it, and without a network the copy stays as it is. */
    async refresh() {
        const { account } = this.app;
        const { id } = this.props.customer;
        const copy = await account.db.docs.get(keyOf(id));
        if (!account.token || !navigator.onLine || Date.now() - (copy?.at || 0) < FRESH_MS) {
            return;
        }
        await fetchGlance(account, id).catch(() => {});
    }

    get asOf() {
        const moment = new Date(this.copy.value.as_of);
        const day = localDate(moment);
        return [day === localDate() ? "" : day, formatTime(moment)].filter(Boolean).join(" ");
    }

    total({ total }) {
        const { currency } = this.copy.value;
        return total
            ? `${currency} ${total.toLocaleString(undefined, { minimumFractionDigits: 2 })}`
            : "";
    }

    note({ date, note, state }) {
        return [date, note || state].filter(Boolean).join(" · ");
    }
}

registry
    .category("field_app.customer")
    .add("glance", { Component: CustomerGlance }, { sequence: 5 });
