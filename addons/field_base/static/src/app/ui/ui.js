/** The few building blocks that all screens are made of. */

import { Component, onMounted, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatTime } from "../core/clock";
import { useApp, useAppState } from "../core/hooks";
import { _t } from "../core/i18n";
import { stampedCopy } from "../core/photo";
import { mayCall } from "../core/safety";
import { Icon } from "./icon";

/** One look says whether everything is with the office: five states, a tap tells more. */
export class StatusPill extends Component {
    static template = "field_base.app.StatusPill";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.location = useState(this.app.location.state);
    }

    get pill() {
        const { counts, sending, online, trouble, pulled, person } = this.state;
        const unsent = counts.events + counts.blobs;
        if (person?.practice) {
            return { kind: "idle", icon: "flag", text: _t("Practice") };
        }
        if (trouble) {
            return { kind: "bad", icon: "alert", text: _t("Needs you") };
        }
        if (counts.trouble) {
            return {
                kind: "bad",
                icon: "alert",
                text: _t("%(count)s needs you", { count: counts.trouble }),
            };
        }
        if (this.location.permission === "denied" || this.location.problem) {
            return { kind: "warn", icon: "target", text: _t("GPS off") };
        }
        if (sending && unsent) {
            return { kind: "busy", icon: "up", text: _t("%(count)s sending", { count: unsent }) };
        }
        if (unsent) {
            return {
                kind: "idle",
                icon: "pause",
                text: _t("%(count)s saved here", { count: unsent }),
            };
        }
        if (!online || !pulled) {
            return { kind: "idle", icon: "pause", text: _t("Offline") };
        }
        return { kind: "good", icon: "check", text: formatTime(pulled) };
    }

    get title() {
        const { kind, text } = this.pill;
        return kind === "good" ? _t("Synced %(time)s", { time: text }) : text;
    }
}

/** A screen: bar on top with the pill, content, and at most one big button below. */
export class Screen extends Component {
    static template = "field_base.app.Screen";
    static components = { Icon, StatusPill };
    static props = {
        title: String,
        subtitle: { type: String, optional: true },
        back: { type: Boolean, optional: true },
        tabs: { type: Boolean, optional: true },
        slots: Object,
    };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.route = useState(this.app.router.state);
    }

    /** Help is one tap away on every screen, where the policy has it. */
    get hasSos() {
        return mayCall(this.state) && this.route.name !== "sos";
    }
}

export class TabBar extends Component {
    static template = "field_base.app.TabBar";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.route = useState(this.app.router.state);
    }

    get tabs() {
        return registry
            .category("field_app.screens")
            .getEntries()
            .filter(([, screen]) => screen.tab)
            .map(([name, { tab }]) => ({ name, icon: tab.icon, label: tab.label() }));
    }

    badge(name) {
        return name === "me" ? this.state.counts.trouble : 0;
    }
}

/** A question that comes up from below, within the thumb's reach. */
export class Sheet extends Component {
    static template = "field_base.app.Sheet";
    static components = { Icon };
    static props = { title: String, close: Function, slots: Object };

    setup() {
        this.root = useRef("root");
        const onKey = (ev) => ev.key === "Escape" && this.props.close();
        onMounted(() => {
            document.addEventListener("keydown", onKey);
            this.root.el.focus();
        });
        onWillUnmount(() => document.removeEventListener("keydown", onKey));
    }
}

export class Toast extends Component {
    static template = "field_base.app.Toast";
    static components = { Icon };
    static props = {};

    setup() {
        this.state = useAppState();
    }
}

/** Something wide is drawn once it is there, and forgotten with its component. */
export class BlobImage extends Component {
    static template = "field_base.app.BlobImage";
    static props = { uuid: String, alt: String };

    setup() {
        this.app = useApp();
        this.state = useState({ url: "" });
        useEffect(
            (uuid) => {
                let url = "";
                let gone = false;
                this.read(uuid).then((picture) => {
                    if (picture && !gone) {
                        url = URL.createObjectURL(picture);
                        this.state.url = url;
                    }
                });
                return () => {
                    gone = true;
                    URL.revokeObjectURL(url);
                };
            },
            () => [this.props.uuid]
        );
    }

    /** The picture as it is shown: with the watermark it was taken under. */
    async read(uuid) {
        const { db } = this.app.account;
        const [bytes, blob] = await Promise.all([db.bytes.get(uuid), db.blobs.get(uuid)]);
        if (!bytes) {
            return null;
        }
        return blob?.stamp?.length ? stampedCopy(bytes.data, blob.stamp) : new Blob([bytes.data]);
    }
}
