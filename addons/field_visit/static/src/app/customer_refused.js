import { Component, onMounted, useState } from "@odoo/owl";
import { formatMoment } from "@field_base/app/core/clock";
import { useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { indexOf, search } from "@field_base/app/core/search";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Screen, Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { customerInputs, TEXTS, useSameCustomers, whySame } from "./customer_same";
import { forgetVisits, moveTo, waitingFor } from "./waiting_visits";

const SHOWN = 8;

/** The office did not take a new customer: he is written anew, is one who is there, or is given up. */
export class CustomerRefusedScreen extends Component {
    static template = "field_visit.app.CustomerRefused";
    static components = { DraftNote, Icon, Screen, Sheet };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        const [uuid] = this.props.params;
        this.form = useState(Object.fromEntries(TEXTS.map((name) => [name, ""])));
        this.state = useState({ query: "", chosen: null, leaving: false, busy: false });
        this.box = useQuery((db) => this.read(db, uuid));
        this.others = useSameCustomers(() => ({ ...this.form, ...this.point }));
        const access = { read: () => ({ ...this.form }), write: (values) => this.fill(values) };
        this.draft = useDraft(access);
        // begun as it was refused: only what is corrected here since is kept
        onMounted(() => this.event && this.draft.open(`customer_refused:${uuid}`));
    }

    fill(values) {
        Object.assign(this.form, values);
        this.others.later();
    }

    async read(db, uuid) {
        const event = (await db.outbox.get(uuid)) || null;
        if (event && !this.wasRead) {
            this.wasRead = true;
            this.point = { lat: event.payload.lat, lng: event.payload.lng };
            TEXTS.forEach((name) => (this.form[name] = event.payload[name] || ""));
            this.others.ask();
        }
        return { event, ...(await waitingFor(db, event?.payload.customer_uuid || "-")) };
    }

    get event() {
        return this.box.value.event;
    }

    get inputs() {
        return customerInputs();
    }

    onInput(name, value) {
        this.form[name] = value;
        this.others.later();
    }

    when({ captured_at }) {
        return formatMoment(captured_at);
    }

    /** Whom it may be; what was typed into the search comes from the list of this phone. */
    get found() {
        const { query } = this.state;
        if (query.trim()) {
            return search(indexOf(this.others.customers), query, SHOWN).map((one) => ({
                ...one,
                note: [one.street, one.city].filter(Boolean).join(", "),
            }));
        }
        return this.others.list.map((one) => ({ ...one, note: whySame(one) }));
    }

    get isSame() {
        return this.others.list.length > 0;
    }

    // --- the three ways -----------------------------------------------------------------------

    /** The same again with other words; whom it may be he has seen here. */
    again() {
        const values = Object.fromEntries(TEXTS.map((name) => [name, this.form[name].trim()]));
        const texts = Object.entries(values).map(([name, value]) => [name, value || undefined]);
        const seen = [
            ...(this.event.payload.other_than || []),
            ...this.others.list.map(({ id }) => id),
        ];
        return this.send(
            {
                ...Object.fromEntries(texts),
                same_as: undefined,
                other_than: seen.length ? seen : undefined,
            },
            { name: values.name },
            _t("Sent again")
        );
    }

    /** He is there already: what was done here was done at him. */
    same() {
        const { id, name } = this.state.chosen;
        return this.send(
            { same_as: id },
            { id, name },
            _t("Noted: it is %(customer)s", { customer: name })
        );
    }

    send(values, customer, said) {
        const { account } = this.app;
        const about = { label: customer.name, change: moveTo(this.box.value.visits, customer) };
        return this.leave(() => account.outbox.again(this.event.uuid, values, about), said);
    }

    giveUp() {
        const { event, events, visits } = this.box.value;
        const { outbox } = this.app.account;
        const about = {
            label: _t("Taken back · %(what)s", { what: event.label }),
            tables: ["blobs", "bytes"],
            change: forgetVisits(events, visits, event.payload.customer_uuid),
        };
        return this.leave(() => outbox.takeBack(event.uuid, events, about), _t("Taken back"));
    }

    async leave(work, said) {
        this.state.busy = true;
        await work();
        await this.draft.drop();
        this.app.toast(said);
        this.app.sync?.soon();
        this.app.router.replace("outbox");
    }

    get sameText() {
        const values = { customer: this.state.chosen.name, count: this.box.value.events.length };
        return values.count
            ? _t("What was done at the new customer (%(count)s) moves to %(customer)s.", values)
            : _t("No new customer is added: it is %(customer)s.", values);
    }

    get lostText() {
        const values = { customer: this.event.label, count: this.box.value.visits.size };
        return values.count
            ? _t(
                  "%(customer)s is not added, and the visit there is lost: with its notes, steps and photos.",
                  values
              )
            : _t("%(customer)s is not added.", values);
    }
}

registry
    .category("field_app.screens")
    .add("customer_refused", { Component: CustomerRefusedScreen });
registry.category("field_app.remedies").add("customer.add", { screen: "customer_refused" });
