import { Component, useState } from "@odoo/owl";
import { Camera } from "@field_base/app/capture/camera";
import { useDraft } from "@field_base/app/core/draft";
import { dropFile } from "@field_base/app/core/evidence";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { BlobImage, Screen } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { adding, canVisitNew, visitNew } from "./add_customer";
import { endsText, otherOpen } from "./check_in_now";
import { customerInputs, useSameCustomers, whySame } from "./customer_same";

/** A customer who is not there yet, with or without a network; who is there already is said. */
export class NewCustomerScreen extends Component {
    static template = "field_visit.app.NewCustomer";
    static components = { BlobImage, Camera, DraftNote, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.location = useLocation();
        this.form = useState({ name: "", phone: "", vat: "", address: "" });
        this.state = useState({ saving: false, camera: false, signs: [], began: null });
        // what the customer is called until the office has named him: numbers of its own are above 0
        Object.assign(this, { uuid: uuid7(), id: -Date.now() });
        this.others = useSameCustomers(() => ({ ...this.form, ...this.point }));
        this.open = useQuery((db) => otherOpen(db));
        const access = { read: () => this.written, write: (values) => this.fill(values) };
        this.draft = useDraft(access, "customer_new");
    }

    // --- what was begun ------------------------------------------------------------------------

    get written() {
        const { uuid, state } = this;
        return { uuid, form: { ...this.form }, signs: [...state.signs], began: state.began };
    }

    fill({ uuid, form, signs, began }) {
        this.dropSigns(this.state.signs.filter((one) => !signs.includes(one)));
        this.uuid = uuid; // photos of the sign are kept under it
        Object.assign(this.form, form);
        Object.assign(this.state, { signs, began });
        this.others.later();
    }

    /** The place is the one where it was begun, however far one has gone when it is finished. */
    begin() {
        this.state.began ||= this.point;
    }

    finished() {
        this.dropSigns(this.state.signs.slice(0, -1));
        return this.draft.drop();
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
        this.begin();
        this.state.signs.push(uuid);
    }

    // --- the visit -----------------------------------------------------------------------------

    /** As the customer is known here until he comes from the office. */
    get customer() {
        return { id: this.id, uuid: this.uuid, name: this.form.name.trim(), ...this.point };
    }

    /** One stands there, and nothing has to be explained first. */
    get canVisit() {
        return canVisitNew(this.app, this.location.fix, this.customer);
    }

    get openText() {
        return endsText(this.app, this.open.value);
    }

    get inputs() {
        return customerInputs();
    }

    /** Where one pressed on the map, where it was begun, else where one stands. */
    get point() {
        const [lat, lng] = this.props.params.map(Number);
        const { fix } = this.location;
        if (lat || lng) {
            return { lat, lng };
        }
        if (this.wasLeft) {
            return this.state.began;
        }
        return fix ? { lat: fix.lat, lng: fix.lng } : null;
    }

    /** It was begun before, at a place that is known. */
    get wasLeft() {
        return Boolean(this.draft.state.since && this.state.began);
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
        this.begin();
        this.form[name] = value;
        this.others.later();
    }

    show({ id, isHere }) {
        if (isHere) {
            this.dropSigns(this.state.signs);
            this.draft.drop();
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
        const saved = await this.app.recordAll([this.entry], said);
        if (saved) {
            await this.finished();
            this.app.router.back();
        }
        this.state.saving = false; // without room on the phone what was typed stays
    }

    async visit() {
        this.state.saving = true;
        const previous = this.open.value?.uuid;
        const uuid = await visitNew(this.app, this.customer, this.entry, previous);
        if (uuid) {
            await this.finished();
            this.app.router.replace("visit", uuid);
        }
        this.state.saving = false;
    }
}

registry.category("field_app.screens").add("customer_new", { Component: NewCustomerScreen });
