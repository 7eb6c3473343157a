import { Component, onWillUnmount, useState } from "@odoo/owl";
import { post } from "@field_base/app/core/api";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { sameCustomers } from "@field_visit/customer/same_customer";
import { registry } from "@web/core/registry";

const REST_MS = 600;
const PATIENCE_MS = 8000;

/** A customer who is not there yet, with or without a network; who is there already is said. */
export class NewCustomerScreen extends Component {
    static template = "field_visit.app.NewCustomer";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.location = useLocation();
        this.form = useState({ name: "", phone: "", vat: "", address: "" });
        this.state = useState({ elsewhere: [], saving: false });
        this.customers = useQuery((db) => rowsOf(db, "customers"));
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get inputs() {
        return [
            { name: "name", label: _t("Name"), type: "text" },
            { name: "phone", label: _t("Phone"), type: "tel" },
            { name: "vat", label: _t("Tax number"), type: "text" },
            { name: "address", label: _t("Address"), type: "text" },
        ];
    }

    /** Where one pressed on the map, else where one stands. */
    get point() {
        const [lat, lng] = this.props.params.map(Number);
        const { fix } = this.location;
        if (lat || lng) {
            return { lat, lng };
        }
        return fix ? { lat: fix.lat, lng: fix.lng } : null;
    }

    get isOnMap() {
        return this.props.params.length > 1;
    }

    get isReady() {
        return Boolean(this.form.name.trim() && this.point && !this.state.saving);
    }

    /** What this phone knows itself, then what the server knows beside it. */
    get same() {
        const here = sameCustomers({ ...this.form, ...this.point }, this.customers.value);
        const known = new Set(here.map(({ id }) => id));
        const elsewhere = this.state.elsewhere.filter(({ id }) => !known.has(id));
        return [...here.map((one) => ({ ...one, isHere: true })), ...elsewhere];
    }

    why({ reasons, owner }) {
        const words = {
            vat: _t("same tax number"),
            phone: _t("same phone number"),
            name: _t("same name"),
            place: _t("nearby, with a similar name"),
        };
        const said = reasons.map((reason) => words[reason]);
        return [...said, owner].filter(Boolean).join(" · ");
    }

    onInput(name, value) {
        this.form[name] = value;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.askServer(), REST_MS);
    }

    /** The phone has one's own customers only; without a network that is what is compared. */
    async askServer() {
        const { account } = this.app;
        if (!this.form.name.trim() || !account.token || !navigator.onLine) {
            return;
        }
        const asked = { ...this.form, ...this.point };
        this.asked = asked;
        const options = { token: account.token, patience: PATIENCE_MS };
        const answer = await post("/customers/same", asked, options).catch(() => ({ found: [] }));
        if (this.asked === asked) {
            this.state.elsewhere = answer.found; // a slow answer says nothing of what is typed now
        }
    }

    open({ id, isHere }) {
        if (isHere) {
            this.app.router.replace("customer", id);
        }
    }

    async save() {
        this.state.saving = true;
        const { lat, lng } = this.point;
        const texts = Object.entries(this.form).map(([name, value]) => [name, value.trim()]);
        const payload = { lat, lng, ...Object.fromEntries(texts.filter(([, value]) => value)) };
        const said = _t("Saved. The customer appears with the next sync.");
        const saved = await this.app.record("customer.add", payload, { label: payload.name }, said);
        if (saved) {
            this.app.router.back();
        }
        this.state.saving = false; // without room on the phone what was typed stays
    }
}

registry.category("field_app.screens").add("customer_new", { Component: NewCustomerScreen });
