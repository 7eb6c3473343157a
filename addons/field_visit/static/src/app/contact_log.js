import { Component, useState } from "@odoo/owl";
import { formatTime, localDate } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { keepFollowUp } from "./followups";
import { reasonsFor } from "./visits";

const KIND = "contact";
/** What was noted here this long ago is still shown; the office has it for good. */
const SHOWN_DAYS = 7;

async function contactsOf(db, partnerId) {
    const since = Date.now() - SHOWN_DAYS * 86400000;
    const docs = await db.docs.where("kind").equals(KIND).toArray();
    return docs
        .filter(({ values, changed }) => values.partner_id === partnerId && changed > since)
        .sort((a, b) => b.changed - a.changed);
}

function keep(entity, values) {
    return (db) =>
        db.docs.put({ key: `${KIND}:${entity}`, kind: KIND, entity, values, changed: Date.now() });
}

/** A call or a mail in two taps: what came of it, and what is next. */
export class ContactLog extends Component {
    static template = "field_visit.app.ContactLog";
    static components = { DraftNote, Icon, Sheet };
    static props = { customer: Object };

    setup() {
        this.app = useApp();
        this.form = useState({ channel: "", result: 0, note: "", next: "", date: "" });
        this.results = useQuery((db) => reasonsFor(db, "contact"));
        const { id } = this.props.customer;
        this.contacts = useQuery((db) => contactsOf(db, id));
        this.draft = useDraft(fieldsOf(this.form, ["result", "note", "next", "date"]));
        this.words = { call: _t("Call"), mail: _t("Mail") };
    }

    start(channel) {
        const empty = { result: 0, note: "", next: "", date: localDate() };
        Object.assign(this.form, { ...empty, channel });
        this.draft.open(`contact:${this.props.customer.id}:${channel}`);
    }

    close() {
        this.draft.close();
        this.form.channel = "";
    }

    /** Nothing was said about it, or a next step without its day. */
    get isEmpty() {
        const { result, note, next, date } = this.form;
        return !(result || note.trim()) || (next.trim() && !date);
    }

    resultName(id) {
        return this.results.value.find((one) => one.id === id)?.name || "";
    }

    describe({ values, changed }) {
        const { channel, result, note, day } = values;
        const when = day === localDate() ? formatTime(new Date(changed)) : day;
        return [this.words[channel], when, this.resultName(result), note]
            .filter(Boolean)
            .join(" · ");
    }

    async save() {
        const { customer } = this.props;
        const { channel, result, date } = this.form;
        const [note, next] = [this.form.note.trim(), this.form.next.trim()];
        const [uuid, nextUuid] = [uuid7(), uuid7()];
        const values = { partner_id: customer.id, channel, result, note, day: localDate() };
        const promise = { summary: next, date_deadline: date, res_id: customer.id };
        const payload = {
            uuid,
            partner_id: customer.id,
            channel,
            result_id: result || undefined,
            note: note || undefined,
            ...(next && { next, date, next_uuid: nextUuid }),
        };
        const label = `${this.words[channel]} · ${customer.name}`;
        const change = (db) =>
            Promise.all([keep(uuid, values)(db), next && keepFollowUp(nextUuid, promise)(db)]);
        const about = { entity: uuid, label, change };
        if (await this.app.record("contact.log", payload, about, _t("Saved on this phone"))) {
            await this.draft.drop();
            this.form.channel = "";
        }
    }
}

registry.category("field_app.customer").add("contact", { Component: ContactLog }, { sequence: 14 });
