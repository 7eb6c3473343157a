import { Component, useState } from "@odoo/owl";
import { localDate } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { rowsOf } from "@field_base/app/core/pull";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";

const keyOf = (uuid) => `followup:${uuid}`;

/** What is promised to a customer: the server's list with what was noted or done here on top. */
async function followupsOf(db, partnerId) {
    const rows = (await rowsOf(db, "followups")).filter(({ res_id }) => res_id === partnerId);
    const docs = await db.docs.where("kind").equals("followup").toArray();
    const done = new Set(docs.filter((doc) => doc.values.done).map(({ entity }) => entity));
    const there = new Set(rows.map(({ field_uuid }) => field_uuid));
    const made = docs
        .map(({ entity, values }) => ({ ...values, field_uuid: entity }))
        .filter((one) => one.res_id === partnerId && !there.has(one.field_uuid));
    return [...rows, ...made]
        .filter((one) => !done.has(nameOf(one)) && one.summary)
        .sort((a, b) => (a.date_deadline < b.date_deadline ? -1 : 1));
}

/** What colleagues have open with the customer: theirs to do, good to know. */
async function mattersOf(db, partnerId) {
    const rows = await rowsOf(db, "matters");
    return rows
        .filter(({ partner_id }) => partner_id === partnerId)
        .sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** How an open matter is called on this phone. */
const nameOf = ({ field_uuid, id }) => field_uuid || `id-${id}`;

/** A promise as it lies on this phone, also one that a call has left. */
export function keepFollowUp(entity, values) {
    return async (db) => {
        const key = keyOf(entity);
        const old = await db.docs.get(key);
        await db.docs.put({
            key,
            kind: "followup",
            entity,
            values: { ...old?.values, ...values },
            changed: Date.now(),
        });
    };
}

/** Open matters of a customer: what was promised, ticked off when it is done. */
export class FollowUps extends Component {
    static template = "field_visit.app.FollowUps";
    static components = { DraftNote, Icon, Sheet };
    static props = { customer: Object, visit: { type: Object, optional: true } };

    setup() {
        this.app = useApp();
        this.state = useState({ adding: false, name: "", date: localDate() });
        this.draft = useDraft(fieldsOf(this.state, ["name", "date"]));
        const { id } = this.props.customer;
        this.box = useQuery((db) => followupsOf(db, id));
        this.others = useQuery((db) => mattersOf(db, id));
    }

    get today() {
        return localDate();
    }

    isLate({ date_deadline: day }) {
        return day < localDate();
    }

    start() {
        Object.assign(this.state, { adding: true, name: "", date: localDate() });
        this.draft.open(`followup:${this.props.customer.id}`);
    }

    close() {
        this.draft.close();
        this.state.adding = false;
    }

    async add() {
        const uuid = uuid7();
        const name = this.state.name.trim();
        const { customer, visit } = this.props;
        const values = { summary: name, date_deadline: this.state.date, res_id: customer.id };
        const payload = {
            uuid,
            partner_id: customer.id,
            name,
            date: this.state.date,
            visit_uuid: visit?.checkIn ? visit.uuid : undefined,
        };
        const label = _t("Follow-up · %(customer)s", { customer: customer.name });
        const about = { entity: uuid, label, change: keepFollowUp(uuid, values) };
        if (await this.app.record("followup.add", payload, about, _t("Saved on this phone"))) {
            await this.draft.drop();
            this.state.adding = false;
        }
    }

    async done(item) {
        const entity = nameOf(item);
        const payload = item.field_uuid ? { uuid: item.field_uuid } : { activity_id: item.id };
        const label = _t("Done · %(what)s", { what: item.summary });
        const about = { entity, label, change: keepFollowUp(entity, { done: true }) };
        await this.app.record("followup.done", payload, about, _t("Saved on this phone"));
    }
}

registry
    .category("field_app.customer")
    .add("followups", { Component: FollowUps }, { sequence: 15 });
