import { Component, useState } from "@odoo/owl";
import { BarcodeScanner } from "@field_base/app/capture/barcode";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useAppState, useLocation } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { CardCamera } from "./card_camera";
import { readCard } from "./vcard";

const FIELDS = ["company", "contact", "position", "phone", "email", "street", "city", "note"];

/** A new lead: typed, or read from a business card (its code or its photo) and then looked over. */
export class NewLeadScreen extends Component {
    static template = "field_crm.app.NewLead";
    static components = { BarcodeScanner, CardCamera, DraftNote, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.appState = useAppState();
        this.location = useLocation();
        this.form = useState(Object.fromEntries(FIELDS.map((name) => [name, ""])));
        this.state = useState({ scanning: false, photographing: false, hint: "" });
        this.draft = useDraft(fieldsOf(this.form, FIELDS), "lead_new");
    }

    /** Only where the server has a reader. */
    get canPhotograph() {
        return Boolean(this.appState.me?.card_reader);
    }

    get inputs() {
        return [
            { name: "company", label: _t("Company"), type: "text" },
            { name: "contact", label: _t("Contact"), type: "text" },
            { name: "position", label: _t("Job title"), type: "text" },
            { name: "phone", label: _t("Phone"), type: "tel" },
            { name: "email", label: _t("E-mail"), type: "email" },
            { name: "street", label: _t("Street"), type: "text" },
            { name: "city", label: _t("City"), type: "text" },
            { name: "note", label: _t("What do they want?"), type: "text" },
        ];
    }

    get isReady() {
        return Boolean(this.form.company.trim() || this.form.contact.trim());
    }

    onScan(text) {
        this.state.scanning = false;
        const card = readCard(text);
        if (card) {
            this.fill(card);
        } else {
            this.state.hint = _t("This code is no business card.");
        }
    }

    onPhoto(card) {
        this.state.photographing = false;
        if (FIELDS.some((name) => card[name])) {
            this.fill(card);
        } else {
            this.state.hint = _t("Nothing could be read. Take the photo closer and without glare.");
        }
    }

    /** What was typed stays where the card says nothing. */
    fill(card) {
        for (const name of FIELDS) {
            this.form[name] = card[name] || this.form[name];
        }
        if (card.others?.length && !this.form.note) {
            this.form.note = _t("Also reached at %s", card.others.join(", "));
        }
        this.state.hint = _t("Read from the card. Look it over before you save.");
    }

    async save() {
        const payload = {};
        for (const name of FIELDS) {
            if (this.form[name].trim()) {
                payload[name] = this.form[name].trim();
            }
        }
        const { fix } = this.location;
        if (fix) {
            Object.assign(payload, { lat: fix.lat, lng: fix.lng });
        }
        const label = payload.company || payload.contact;
        if (await this.app.record("lead.create", payload, { label })) {
            await this.draft.drop();
            this.app.router.back(); // without room on the phone what was typed stays
        }
    }
}

registry.category("field_app.screens").add("lead_new", { Component: NewLeadScreen });
