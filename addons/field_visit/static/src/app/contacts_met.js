import { Component, useState } from "@odoo/owl";
import { useApp } from "@field_base/app/core/hooks";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { meetContacts } from "./visit_events";

/** Whom one meets at a customer: said during the visit, as often as it changes. */
export class ContactsMet extends Component {
    static template = "field_visit.app.ContactsMet";
    static components = { Icon, Sheet };
    static props = { visit: Object };

    setup() {
        this.app = useApp();
        this.state = useState({ choosing: false, chosen: [] });
    }

    get people() {
        return this.props.visit.customer.contacts || [];
    }

    get isOn() {
        return this.props.visit.state === "in_progress";
    }

    get met() {
        const ids = this.props.visit.contact_ids || [];
        return this.people.filter(({ id }) => ids.includes(id));
    }

    start() {
        const chosen = this.met.map(({ id }) => id);
        Object.assign(this.state, { choosing: true, chosen });
    }

    isChosen({ id }) {
        return this.state.chosen.includes(id);
    }

    toggle(person) {
        const { chosen } = this.state;
        this.state.chosen = this.isChosen(person)
            ? chosen.filter((id) => id !== person.id)
            : [...chosen, person.id];
    }

    async save() {
        if (await meetContacts(this.app, this.props.visit, [...this.state.chosen])) {
            this.state.choosing = false;
        }
    }
}
