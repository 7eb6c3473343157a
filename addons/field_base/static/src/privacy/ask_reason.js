import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/** Asks why somebody looks at another person's positions; that person will read the answer. */
export class ReasonToLook extends Component {
    static template = "field_base.ReasonToLook";
    static components = { Dialog };
    static props = { confirm: Function, close: Function };

    setup() {
        this.state = useState({ reason: "" });
        useAutofocus({ refName: "autofocus", mobile: true });
    }

    get isEmpty() {
        return !this.state.reason.trim();
    }

    onConfirm() {
        this.props.confirm(this.state.reason.trim());
        this.props.close();
    }
}

/**
 * Makes calls that may be refused for want of a reason: asks for it and tries again.
 *
 * @returns {(call: (reason: string|null) => Promise) => Promise} resolves to null when the person
 *  would rather not say
 */
export function useReasonToLook() {
    const dialog = useService("dialog");
    let given = null;
    const ask = () =>
        new Promise((resolve) => {
            const confirm = (reason) => resolve(reason);
            dialog.add(ReasonToLook, { confirm }, { onClose: () => resolve(null) });
        });
    return async (call) => {
        try {
            return await call(given);
        } catch (error) {
            if (error?.data?.context?.field_code !== "reason_required") {
                throw error;
            }
        }
        given = await ask();
        return given && call(given);
    };
}
