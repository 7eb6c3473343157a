import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useApp, useAppState } from "../core/hooks";
import { _t } from "../core/i18n";
import { browserName, isInsideChatApp, isInstalled, platform } from "../core/phone";
import { Icon } from "../ui/icon";
import { Screen } from "../ui/ui";

/** Install, location, camera, storage: each asked for from its own tap, with its reason. */
export class HelpScreen extends Component {
    static template = "field_base.app.Help";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.location = useState(this.app.location.state);
        this.ui = useState({ camera: "unknown", microphone: "unknown" });
        this.platform = platform();
        this.browser = browserName();
        this.chatApp = isInsideChatApp();
        this.installed = isInstalled();
        this.readPermission("camera");
        this.readPermission("microphone");
    }

    async readPermission(name) {
        try {
            this.ui[name] = (await navigator.permissions.query({ name })).state;
        } catch {
            this.ui[name] = "unknown"; // Firefox and older Safari cannot tell
        }
    }

    get mayRecord() {
        return Boolean(this.state.me?.policy?.audio_allowed);
    }

    /** Where the switch is, on this phone. */
    get blockedHelp() {
        return {
            ios: _t("Settings › Apps › Safari › Location, Camera, Microphone: choose “Allow”."),
            android: _t("Tap the lock beside the address › Permissions, and allow it there."),
            other: _t("Click the lock beside the address and allow it there."),
        }[this.platform];
    }

    async askLocation() {
        const release = this.app.location.use();
        await this.app.location.positionWithin(10000);
        release();
    }

    askCamera() {
        return this.askDevice("camera", { video: true });
    }

    askMicrophone() {
        return this.askDevice("microphone", { audio: true });
    }

    async askDevice(name, what) {
        try {
            const stream = await navigator.mediaDevices.getUserMedia(what);
            stream.getTracks().forEach((track) => track.stop());
            this.ui[name] = "granted";
        } catch {
            this.ui[name] = "denied";
        }
    }

    async protect() {
        await navigator.storage?.persist?.();
        await this.app.refreshStorage();
    }
}

registry.category("field_app.screens").add("help", { Component: HelpScreen });
