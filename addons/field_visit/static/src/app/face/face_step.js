import { Component, useState } from "@odoo/owl";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { rulesOf } from "../visits";
import { modelName } from "./engine";
import { compare, readFace } from "./face";
import { FaceCamera } from "./face_camera";

/** A selfie beside the portrait. Whoever does not want it, or is not recognised, goes another way. */
export class FaceStep extends Component {
    static template = "field_visit.app.FaceStep";
    static components = { FaceCamera, Icon, Sheet };
    static props = {
        step: Object,
        visit: Object,
        lines: { type: Array, element: String },
        save: Function,
        other: Function,
        close: Function,
    };

    setup() {
        this.app = useApp();
        this.ui = useState({ camera: true, distance: 0 });
        this.box = useQuery(readFace);
    }

    get isReady() {
        return Boolean(this.box.value.portrait);
    }

    get limit() {
        return rulesOf(this.app).face_limit || 0;
    }

    get isAlike() {
        return this.ui.distance <= this.limit;
    }

    /** What does not match becomes a photo only when the person wants it to be sent. */
    async onFace(numbers, keep) {
        this.ui.distance = Number((await compare(this.app.account.db, numbers)).toFixed(4));
        this.keep = keep;
        if (this.isAlike) {
            await keep();
        } else {
            this.ui.camera = false;
        }
    }

    onTaken(uuid) {
        const face = { distance: this.ui.distance, model: modelName() };
        const match = this.isAlike ? "same" : "different";
        return this.props.save({ face, match, blobs: [uuid] });
    }

    setUp() {
        this.props.close();
        this.app.router.go("face");
    }
}
