import { Component, onWillUnmount, useState } from "@odoo/owl";
import { Camera } from "@field_base/app/capture/camera";
import { dropFile } from "@field_base/app/core/evidence";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { Icon } from "@field_base/app/ui/icon";
import { BlobImage, Screen } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { adding, canVisitNew, visitNew } from "./add_customer";
import { customerInputs, useSameCustomers, whySame } from "./customer_same";
import { visitsOfToday } from "./visits";

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

    /** One stands there, and nothing has to be explained first. */
    get canVisit() {
        return !this.isOnMap && canVisitNew(this.app, this.location.fix, this.customer);
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
        const others = this.same.map(({ id }) => id);
        return adding(this.uuid, {
            ...{ ...this.form, lat, lng, sign_blob: this.sign },
            other_than: others.length ? others : undefined,
        });
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

    async visit() {
        this.state.saving = true;
        const previous = this.open.value?.uuid;
        const uuid = await visitNew(this.app, this.customer, this.entry, previous);
        this.saved = Boolean(uuid);
        if (uuid) {
            this.app.router.replace("visit", uuid);
        }
        this.state.saving = false;
    }
}

registry.category("field_app.screens").add("customer_new", { Component: NewCustomerScreen });
