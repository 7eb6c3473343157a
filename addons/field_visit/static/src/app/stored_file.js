import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { Icon } from "@field_base/app/ui/icon";

/** A picture or a paper that lies on this phone, or can be fetched. */
export class StoredFile extends Component {
    static template = "field_visit.app.StoredFile";
    static components = { Icon };
    static props = { file: Object, read: Function };

    setup() {
        this.state = useState({ url: "", missing: false });
        onWillStart(() => void this.load());
        onWillDestroy(() => {
            this.gone = true;
            URL.revokeObjectURL(this.state.url);
        });
    }

    get isPicture() {
        return this.props.file.type.startsWith("image/");
    }

    /** Only what a browser shows without running it is opened; anything else is saved. */
    get opens() {
        return this.isPicture || this.props.file.type === "application/pdf";
    }

    async load() {
        this.state.missing = false;
        try {
            const blob = await this.props.read(this.props.file);
            if (!this.gone) {
                this.state.url = URL.createObjectURL(blob);
            }
        } catch {
            this.state.missing = true;
        }
    }
}
