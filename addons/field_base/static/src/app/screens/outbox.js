import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatMoment } from "../core/clock";
import { fieldsOf, useDraft } from "../core/draft";
import { useApp, useAppState, useQuery } from "../core/hooks";
import { _t } from "../core/i18n";
import { TROUBLE } from "../core/outbox";
import { megabytes, readTraffic, whyFilesWait } from "../core/traffic";
import { DraftNote } from "../ui/draft_note";
import { Icon } from "../ui/icon";
import { Screen, Sheet } from "../ui/ui";

/**
 * Answers to refusals: `code: {label, values}` asks for a text that is added to the event, which is
 * then sent again as a new one; `kind: {screen}` opens a screen of its own for a refused event.
 */
export const remedies = registry.category("field_app.remedies");

const SENT_SHOWN = 30;

/** Keys first: an encrypted table is not read backwards row by row. */
async function lastSent(db) {
    const keys = await db.sent.orderBy("at").reverse().limit(SENT_SHOWN).primaryKeys();
    return (await db.sent.bulkGet(keys)).filter(Boolean);
}

/** What is on its way, what needs the person, what has arrived. */
export class OutboxScreen extends Component {
    static template = "field_base.app.Outbox";
    static components = { DraftNote, Icon, Screen, Sheet };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.ui = useState({ item: null, text: "", connect: false, password: "", problem: "" });
        this.draft = useDraft(fieldsOf(this.ui, ["text"]));
        this.events = useQuery((db) => db.outbox.orderBy("seq").toArray());
        this.blobs = useQuery((db) => db.blobs.toArray());
        this.sent = useQuery(lastSent);
        this.traffic = useQuery(readTraffic);
    }

    get troubles() {
        return [...this.events.value, ...this.blobs.value].filter(({ status }) =>
            TROUBLE.includes(status)
        );
    }

    get waiting() {
        const events = this.events.value.filter(({ status }) => !TROUBLE.includes(status));
        return [...events, ...this.blobs.value.filter(({ status }) => status === "new")];
    }

    name(item) {
        return item.label || item.kind;
    }

    when(item) {
        return formatMoment(item.captured_at || item.at);
    }

    why(item) {
        if (item.code === "altered") {
            return _t("This file was changed after it was taken. It cannot be used as proof.");
        }
        return item.message || _t("The server did not take it.");
    }

    stateOf(item) {
        if (item.offset) {
            return `${Math.round((item.offset / item.size) * 100)} %`;
        }
        if (item.dropped) {
            return _t("Taken back");
        }
        return item.status === "waiting" ? _t("Waits for another one") : _t("Saved here");
    }

    /** How much there is to send, and what has gone today. */
    get amount() {
        const { up, down } = this.traffic.value;
        const files = this.waiting.reduce((sum, { size }) => sum + (size || 0), 0);
        const day = _t("Today %(count)s MB sent and received.", { count: megabytes(up + down) });
        return files ? `${_t("%(count)s MB to send.", { count: megabytes(files) })} ${day}` : day;
    }

    get whyFilesWait() {
        const files = this.waiting.some(({ sha256 }) => sha256);
        const why = files && whyFilesWait(this.app.account, this.traffic.value);
        return {
            wifi: _t("Photos and recordings wait for Wi-Fi, as you set it in “Me”."),
            limit: _t("Today's mobile data is used up: photos and recordings wait."),
        }[why];
    }

    /** Refused as a whole: mostly a token that does not count any more. */
    get needsConnecting() {
        return ["bad_token", "revoked", "no_role"].includes(this.state.trouble?.code);
    }

    get needsUpdate() {
        return this.state.trouble?.code === "upgrade";
    }

    get remedy() {
        return remedies.get(this.ui.item.code, null);
    }

    open(item) {
        const { screen } = remedies.get(item.kind, {});
        if (screen && item.status === "rejected") {
            this.app.router.go(screen, item.uuid);
            return;
        }
        Object.assign(this.ui, { item, text: "" });
        this.draft.open(`remedy:${item.uuid}`);
    }

    close() {
        this.draft.close();
        this.ui.item = null;
    }

    async again() {
        const { item, text } = this.ui;
        const values = this.remedy ? this.remedy.values(text.trim()) : {};
        await this.app.account.outbox.again(item.uuid, values);
        await this.draft.drop();
        this.ui.item = null;
        this.app.sync?.soon();
    }

    async remove() {
        const { item } = this.ui;
        const { db, outbox } = this.app.account;
        if (item.sha256) {
            await db.transaction("rw", ["blobs", "bytes"], async () => {
                await db.blobs.delete(item.uuid);
                await db.bytes.delete(item.uuid);
            });
        } else {
            await outbox.discard(item.uuid);
        }
        await this.draft.drop();
        this.ui.item = null;
    }

    async connect() {
        this.ui.problem = "";
        try {
            await this.app.reconnect(this.ui.password);
            Object.assign(this.ui, { connect: false, password: "" });
        } catch (error) {
            this.ui.problem = error.message;
        }
    }

    /** A copy for the office, when a phone cannot send any more. */
    async save() {
        const { db, device } = this.app.account;
        const events = await db.outbox.orderBy("seq").toArray();
        const blobs = await db.blobs.toArray();
        const text = JSON.stringify({ device, events, blobs }, null, 1);
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
        link.download = `field-outbox-${new Date().toISOString().slice(0, 10)}.json`;
        link.click();
        URL.revokeObjectURL(link.href);
    }
}

registry.category("field_app.screens").add("outbox", { Component: OutboxScreen });
