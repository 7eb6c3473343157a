import { Component, onWillUnmount, useState } from "@odoo/owl";
import { Camera } from "@field_base/app/capture/camera";
import { dropFile } from "@field_base/app/core/evidence";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { judgeFence } from "@field_base/app/core/location";
import { Icon } from "@field_base/app/ui/icon";
import { BlobImage, Screen } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { customerInputs, useSameCustomers, whySame } from "./customer_same";
import { checkIn, demandOf, radiusOf, rulesOf, visitsOfToday } from "./visits";

/** A customer who is not there yet, with or without a network; who is there already is said. */
export class NewCustomerScreen extends Component {
    static template = "field_visit.app.NewCustomer";
    static components = { BlobImage, Camera, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.location = useLocation();
        this.form = useState({ name: "", phone: "", vat: "", address: "" });
        this.state = useState({ saving: false, camera: false, signs: [] });
        // what the customer is called until the office has named him: numbers of its own are above 0
        Object.assign(this, { uuid: uuid7(), id: -Date.now() });
        this.others = useSameCustomers(() => ({ ...this.form, ...this.point }));
        this.open = useQuery(async (db) =>
            (await visitsOfToday(db)).find(({ state }) => state === "in_progress")
        );
        onWillUnmount(() => {
            this.dropSigns(this.saved ? this.state.signs.slice(0, -1) : this.state.signs);
        });
    }

    // --- the sign ------------------------------------------------------------------------------

    /** The last one counts. */
    get sign() {
        return this.state.signs.at(-1) || "";
    }

    get watermark() {
        return [this.form.name.trim() || _t("New customer")];
    }

    dropSigns(uuids) {
        uuids.forEach((uuid) => dropFile(this.app, uuid));
    }

    onSign(uuid) {
        this.state.signs.push(uuid);
    }

    // --- the visit -----------------------------------------------------------------------------

    /** As the customer is known here until he comes from the office. */
    get customer() {
        return { id: this.id, uuid: this.uuid, name: this.form.name.trim(), ...this.point };
    }

    get facts() {
        const { customer } = this;
        const cap = rulesOf(this.app).fence_accuracy_cap;
        return judgeFence(this.location.fix, customer, radiusOf(this.app, customer), cap);
    }

    /** One stands there, and nothing has to be explained first. */
    get canVisit() {
        return !this.isOnMap && !demandOf(this.app, this.facts.verdict, this.customer);
    }

    get openText() {
        return _t("You are still at %(customer)s. That visit ends with this check-in.", {
            customer: this.open.value.customer.name,
        });
    }

    get inputs() {
        return customerInputs();
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

    get same() {
        return this.others.list;
    }

    why(one) {
        return whySame(one);
    }

    onInput(name, value) {
        this.form[name] = value;
        this.others.later();
    }

    show({ id, isHere }) {
        if (isHere) {
            this.app.router.replace("customer", id);
        }
    }

    get entry() {
        const { lat, lng } = this.point;
        const texts = Object.entries(this.form).map(([name, value]) => [name, value.trim()]);
        const payload = {
            lat,
            lng,
            customer_uuid: this.uuid,
            sign_blob: this.sign || undefined,
            other_than: this.same.length ? this.same.map(({ id }) => id) : undefined,
            ...Object.fromEntries(texts.filter(([, value]) => value)),
        };
        return { kind: "customer.add", payload, entity: this.uuid, label: payload.name };
    }

    async save() {
        this.state.saving = true;
        const said = _t("Saved. The customer appears with the next sync.");
        this.saved = Boolean(await this.app.recordAll([this.entry], said));
        if (this.saved) {
            this.app.router.back();
        }
        this.state.saving = false; // without room on the phone what was typed stays
    }

    /** Added and checked in are one write to the disk. */
    async visit() {
        this.state.saving = true;
        const { customer, facts, entry } = this;
        const uuid = await checkIn(
            this.app,
            { customer },
            {
                ...facts,
                position: this.app.location.position(),
                previous: this.open.value?.uuid,
                first: [entry],
            }
        );
        this.saved = Boolean(uuid);
        if (uuid) {
            this.app.router.replace("visit", uuid);
        }
        this.state.saving = false;
    }
}

registry.category("field_app.screens").add("customer_new", { Component: NewCustomerScreen });
