import { Component, useState } from "@odoo/owl";
import { Camera } from "@field_base/app/capture/camera";
import { useDraft } from "@field_base/app/core/draft";
import { dropFile } from "@field_base/app/core/evidence";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { rowsOf } from "@field_base/app/core/pull";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { BlobImage, Screen, Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { isExact } from "../visit_events";
import { proposalsOf, propose } from "./proposals";
import { topicsOf, USUAL } from "./topics";

/** Monday first; 2024-01-01 was one. */
function weekdays() {
    const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
        weekday: "short",
        timeZone: "UTC",
    });
    const day = (n) => format.format(new Date(Date.UTC(2024, 0, 1 + n)));
    return [...Array(7).keys()].map((n) => [String(n), day(n)]);
}

/** One change of a customer: what is right, a photo where it helps, and off to the office. */
export class ProposeSheet extends Component {
    static template = "field_visit.app.Propose";
    static components = { BlobImage, Camera, DraftNote, Icon, Sheet };
    static props = { customer: Object, topic: String, close: Function };

    setup() {
        this.app = useApp();
        this.location = useLocation(true);
        this.uuid = uuid7();
        this.topics = topicsOf();
        this.weekdays = weekdays();
        this.others = Object.keys(this.topics).filter((key) => !USUAL.includes(key));
        this.state = useState({ topic: "", camera: false, photos: [], reason: "", busy: false });
        this.form = useState({ days: [], from: "09:00", to: "17:00", user_id: 0 });
        this.colleagues = useQuery((db) => rowsOf(db, "colleagues"));
        this.channels = useQuery((db) => rowsOf(db, "channels"));
        const access = { read: () => this.written, write: (written) => this.fill(written) };
        this.draft = useDraft(access);
        this.choose(this.props.topic);
    }

    get written() {
        const { photos, reason } = this.state;
        return { uuid: this.uuid, form: { ...this.form }, photos: [...photos], reason };
    }

    fill({ uuid, form, photos, reason }) {
        this.drop(this.state.photos.filter((one) => !photos.includes(one)));
        this.uuid = uuid; // the photos are kept under it
        Object.assign(this.form, form);
        Object.assign(this.state, { photos, reason });
    }

    drop(photos) {
        photos.forEach((uuid) => dropFile(this.app, uuid));
    }

    choose(key) {
        this.state.topic = key;
        Object.assign(this.form, this.topic?.fill?.(this.props.customer));
        if (key) {
            this.draft.open(`propose:${this.props.customer.id}:${key}`);
        }
    }

    get topic() {
        return this.topics[this.state.topic];
    }

    get title() {
        return this.topic?.label || _t("What is otherwise?");
    }

    /** Whether a leader looks at it first; the office decides it again. */
    get rule() {
        const rule = this.app.state.me?.policy?.customer_change;
        return rule === "none" ? "" : _t("Your leader may have to agree first.");
    }

    get fix() {
        const fix = this.app.location.current();
        return fix && isExact(fix) ? fix : null;
    }

    get place() {
        const fix = this.app.location.current();
        return fix
            ? _t("GPS ±%(accuracy)s m", { accuracy: Math.round(fix.accuracy) })
            : _t("Looking for your place…");
    }

    /** `[[id, name]]` of whom or what can be chosen. */
    get choices() {
        if (this.topic.choice === "user_id") {
            const { me } = this.app.state;
            return [[me.id, me.name], ...this.colleagues.value.map(({ id, name }) => [id, name])];
        }
        return this.channels.value.map(({ id, name }) => [id, name]);
    }

    toggle(day) {
        const { days } = this.form;
        this.form.days = days.includes(day) ? days.filter((one) => one !== day) : [...days, day];
    }

    get values() {
        return this.topic ? this.topic.values(this.form, this.props.customer, this.fix) : {};
    }

    get isReady() {
        return !this.state.busy && Object.keys(this.values).length > 0;
    }

    get watermark() {
        return [this.props.customer.name];
    }

    get words() {
        const { label, choice, words } = this.topic;
        const chosen = choice && this.choices.find(([id]) => id === this.form[choice])?.[1];
        const said = words(this.form, chosen);
        return said === label ? label : `${label}: ${said}`;
    }

    async send() {
        this.state.busy = true;
        const sent = await propose(this.app, this.props.customer, {
            uuid: this.uuid,
            values: this.values,
            text: this.words,
            reason: this.state.reason.trim(),
            photo: this.state.photos.at(-1),
        });
        this.state.busy = false;
        if (sent) {
            this.drop(this.state.photos.slice(0, -1));
            await this.draft.drop();
            this.props.close();
        }
    }
}

const STATES = {
    saved: { kind: "idle", icon: "pause", label: () => _t("Saved here") },
    open: { kind: "busy", icon: "clock", label: () => _t("To decide") },
    applied: { kind: "good", icon: "check", label: () => _t("Taken over") },
    refused: { kind: "warn", icon: "x", label: () => _t("Not taken") },
};

/** What became of proposals. */
export class ProposalList extends Component {
    static template = "field_visit.app.ProposalList";
    static components = { Icon };
    static props = { proposals: Array, named: { type: Boolean, optional: true } };

    stateOf({ state }) {
        const { kind, icon, label } = STATES[state];
        return { kind, icon, text: label() };
    }
}

/** On a customer's page: what one finds to be otherwise at the door. */
export class CustomerChanges extends Component {
    static template = "field_visit.app.CustomerChanges";
    static components = { Icon, ProposalList, ProposeSheet };
    static props = { customer: Object };

    setup() {
        this.app = useApp();
        this.state = useState({ topic: null });
        const { id } = this.props.customer;
        this.proposals = useQuery((db) => proposalsOf(db, id));
        const topics = topicsOf();
        this.usual = USUAL.map((key) => [key, topics[key].label]);
    }

    /** A customer who is closed is not closed again. */
    get shown() {
        const { field_life: life } = this.props.customer;
        return this.usual.filter(([key]) => key !== "closed" || life !== "closed");
    }
}

registry
    .category("field_app.customer")
    .add("changes", { Component: CustomerChanges }, { sequence: 8 });

/** All that one has proposed lately. */
export class ProposalsScreen extends Component {
    static template = "field_visit.app.Proposals";
    static components = { Icon, ProposalList, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.proposals = useQuery((db) => proposalsOf(db));
    }
}

registry.category("field_app.screens").add("proposals", { Component: ProposalsScreen });
registry.category("field_app.me").add("proposals", {
    label: () => _t("My proposals"),
    icon: "pen",
    screen: "proposals",
});
