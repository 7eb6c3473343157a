import { Component, useState } from "@odoo/owl";
import { NetworkProblem, Refused } from "../core/api";
import { useApp, useAppState } from "../core/hooks";
import { LANGUAGES, _t } from "../core/i18n";
import { isInsideChatApp, isInstalled, platform } from "../core/phone";
import { startPractice } from "../core/practice";
import { Icon } from "../ui/icon";
import { Toast } from "../ui/ui";

/** Connect this phone: once, with a network. */
export class WelcomeScreen extends Component {
    static template = "field_base.app.Welcome";
    static components = { Icon, Toast };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useAppState();
        this.form = useState({ login: "", password: "", busy: false, problem: "" });
        this.languages = Object.entries(LANGUAGES);
        this.chatApp = isInsideChatApp();
        this.secure = window.isSecureContext;
    }

    get installHint() {
        return platform() === "ios" && !isInstalled();
    }

    async connect() {
        this.form.busy = true;
        this.form.problem = "";
        try {
            await this.app.enrol(this.form.login.trim(), this.form.password);
        } catch (error) {
            this.form.problem = this.describe(error);
        }
        this.form.busy = false;
    }

    describe(error) {
        if (error instanceof Refused) {
            const texts = {
                bad_login: _t("The login or the password is wrong."),
                too_many_attempts: _t("Too many failed logins. Please wait a minute."),
                no_role: _t("This account has no role in field sales. Ask your administrator."),
            };
            return texts[error.code] || error.message;
        }
        if (error instanceof NetworkProblem) {
            return _t("The server does not answer. Connecting needs a network; work does not.");
        }
        if (error.message === "unreadable") {
            return _t(
                "What this phone has kept cannot be opened with this server's key. Ask your administrator."
            );
        }
        throw error;
    }

    practise() {
        return startPractice(this.app);
    }
}
