import { Component, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The office writes a customer's code to an NFC tag, with Chrome on an Android phone. */
export class WriteTag extends Component {
    static template = "field_visit.WriteTag";
    static props = { ...standardActionServiceProps };

    setup() {
        this.state = useState({ phase: "NDEFReader" in window ? "ready" : "unable" });
        onWillUnmount(() => this.writing?.abort());
    }

    get params() {
        return this.props.action.params;
    }

    async write() {
        this.writing = new AbortController();
        this.state.phase = "waiting";
        const records = [{ recordType: "text", lang: "en", data: this.params.code }];
        try {
            await new window.NDEFReader().write({ records }, { signal: this.writing.signal });
            this.state.phase = "written";
        } catch {
            this.state.phase = "failed";
        }
    }
}

registry.category("actions").add("field_visit.write_tag", WriteTag);
