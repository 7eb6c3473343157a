import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatMoment, parseServer } from "../core/clock";
import { keepFile } from "../core/evidence";
import { useApp, useAppState, useQuery } from "../core/hooks";
import { _t } from "../core/i18n";
import { rowsOf } from "../core/pull";
import { CONSENT } from "../core/rules";
import { SignaturePad } from "../capture/signature";
import { Icon } from "../ui/icon";
import { Screen, Sheet } from "../ui/ui";

function keepConsent(valid) {
    return (db) =>
        db.docs.put({ key: CONSENT, kind: CONSENT, entity: CONSENT, valid, changed: Date.now() });
}

/** What is recorded, in the person's language; to be signed, and to be withdrawn. */
export class ConsentScreen extends Component {
    static template = "field_base.app.Consent";
    static components = { Icon, Screen, Sheet, SignaturePad };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        const name = this.state.person.name;
        this.form = useState({ name, busy: false, withdrawing: false, signature: null });
        this.box = useQuery(async (db) => (await rowsOf(db, "consent"))[0] || null);
    }

    get consent() {
        return this.box.value;
    }

    get isValid() {
        return Boolean(this.state.me?.consent?.valid);
    }

    get signedText() {
        const { signed_at } = this.consent;
        return signed_at
            ? _t("Signed %(time)s", { time: formatMoment(parseServer(signed_at)) })
            : _t("Signed");
    }

    onSignature(file) {
        this.form.signature = file;
    }

    get isReady() {
        return Boolean(!this.form.busy && this.form.signature && this.form.name.trim());
    }

    async sign() {
        this.form.busy = true;
        const label = _t("Consent");
        const about = { entity: CONSENT, label };
        const blob = await keepFile(this.app, this.form.signature, about);
        const { version } = this.consent;
        const values = { version, name: this.form.name.trim(), signature_blob: blob || undefined };
        const change = keepConsent(true);
        await this.app.record("consent.sign", values, { ...about, change }, _t("Signed"));
        this.form.busy = false;
    }

    async withdraw() {
        const about = { entity: CONSENT, label: _t("Consent withdrawn") };
        const change = keepConsent(false);
        await this.app.record("consent.withdraw", {}, { ...about, change }, _t("Withdrawn"));
        this.form.withdrawing = false;
    }
}

/** Who looked at this person's places, tracks and photos. */
export class AccessLogScreen extends Component {
    static template = "field_base.app.AccessLog";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.looks = useQuery(async (db) => {
            const rows = await rowsOf(db, "access_log");
            return rows.sort((a, b) => (a.at < b.at ? 1 : -1));
        });
    }

    when(look) {
        return formatMoment(parseServer(look.at));
    }
}

const screens = registry.category("field_app.screens");
screens.add("consent", { Component: ConsentScreen });
screens.add("access_log", { Component: AccessLogScreen });

const links = registry.category("field_app.me");
links.add("consent", { label: () => _t("What is recorded"), icon: "pen", screen: "consent" });
links.add("access_log", {
    label: () => _t("Who looked at me"),
    icon: "people",
    screen: "access_log",
});
