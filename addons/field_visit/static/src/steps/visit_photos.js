import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { shrink } from "./shrink";

/** Photos of a step as thumbnails; opens them large, and takes another while the step is open. */
export class VisitPhotos extends Component {
    static template = "field_visit.VisitPhotos";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.input = useRef("input");
        this.state = useState({ busy: false });
        this.viewer = useFileViewer();
    }

    get photos() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            key: record.resId,
            attachmentId: record.data.attachment_id?.id,
            title: record.data.attachment_id?.display_name ?? _t("On its way from the phone"),
        }));
    }

    get canAdd() {
        const { can_answer, state } = this.props.record.data;
        return can_answer && state === "todo";
    }

    thumbnail(photo) {
        return `/web/image/${photo.attachmentId}/160x160?crop=1`;
    }

    onOpen(photo) {
        const files = this.photos
            .filter((each) => each.attachmentId)
            .map((each) => ({
                isImage: true,
                isViewable: true,
                name: each.title,
                displayName: each.title,
                id: each.attachmentId,
                defaultSource: `/web/image/${each.attachmentId}`,
                downloadUrl: `/web/content/${each.attachmentId}?download=true`,
            }));
        this.viewer.open(
            files.find((file) => file.id === photo.attachmentId),
            files
        );
    }

    onAdd() {
        this.input.el.click();
    }

    async onPicked(ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        if (!file) {
            return;
        }
        this.state.busy = true;
        try {
            let data;
            try {
                data = await shrink(file);
            } catch {
                this.notification.add(_t("This file is not a picture."), { type: "warning" });
                return;
            }
            const { record } = this.props;
            await this.orm.call("field.visit.step", "add_photo", [[record.resId], data]);
            await record.model.load();
        } finally {
            this.state.busy = false;
        }
    }
}

export const visitPhotos = {
    component: VisitPhotos,
    displayName: _t("Visit photos"),
    supportedTypes: ["one2many"],
    useSubView: false,
    relatedFields: [{ name: "attachment_id", type: "many2one", relation: "ir.attachment" }],
    fieldDependencies: [
        { name: "can_answer", type: "boolean" },
        { name: "state", type: "selection" },
    ],
};

registry.category("fields").add("field_visit_photos", visitPhotos);
