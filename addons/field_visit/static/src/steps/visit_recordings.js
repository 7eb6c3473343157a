import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const pad = (number) => String(number).padStart(2, "0");

/**
 * Recordings of a step, to listen to. Nothing is fetched before somebody presses play: each opening
 * is noted and shown to the person who recorded.
 */
export class VisitRecordings extends Component {
    static template = "field_visit.VisitRecordings";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.texts = useState({});
    }

    /** What was said; reading it is noted like listening. */
    async read(id) {
        this.texts[id] = await this.orm.call("field.visit.recording", "read_transcript", [id]);
    }

    get recordings() {
        return this.props.record.data[this.props.name].records.map(({ resId, data }) => ({
            key: resId,
            url: data.attachment_id && `/web/content/${data.attachment_id.id}`,
            length: `${Math.floor(data.seconds / 60)}:${pad(data.seconds % 60)}`,
            informed: _t("Told before: %(text)s", { text: data.informed }),
            interrupted: data.interrupted,
            isWritten: data.transcript_state === "done",
        }));
    }
}

export const visitRecordings = {
    component: VisitRecordings,
    displayName: _t("Visit recordings"),
    supportedTypes: ["one2many"],
    useSubView: false,
    relatedFields: [
        { name: "attachment_id", type: "many2one", relation: "ir.attachment" },
        { name: "seconds", type: "integer" },
        { name: "informed", type: "char" },
        { name: "interrupted", type: "boolean" },
        { name: "transcript_state", type: "char" },
    ],
};

registry.category("fields").add("field_visit_recordings", visitRecordings);
