import { Component, useState } from "@odoo/owl";
import { formatMoment } from "@field_base/app/core/clock";
import { useApp, useAppState, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { Screen, Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { agree, enrol, readFace, withdraw } from "./face";
import { FaceCamera } from "./face_camera";

/** What a face match is; agree to it, take the portrait, take both back. */
export class FaceScreen extends Component {
    static template = "field_visit.app.Face";
    static components = { FaceCamera, Icon, Screen, Sheet };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useAppState();
        const { name } = this.state.person;
        this.ui = useState({ name, camera: false, withdrawing: false, busy: false });
        this.box = useQuery(readFace);
    }

    get face() {
        return this.box.value;
    }

    get since() {
        return _t("Set up %(time)s", { time: formatMoment(new Date(this.face.portrait)) });
    }

    async agree() {
        this.ui.busy = true;
        const signed = await agree(this.app, this.face.version, this.ui.name.trim());
        Object.assign(this.ui, { busy: false, camera: Boolean(signed) });
    }

    async onFace(numbers) {
        if (await enrol(this.app, numbers)) {
            this.ui.camera = false;
        }
    }

    async withdraw() {
        await withdraw(this.app);
        this.ui.withdrawing = false;
    }
}

registry.category("field_app.screens").add("face", { Component: FaceScreen });
registry.category("field_app.me").add("face", {
    label: () => _t("Face match"),
    icon: "user",
    screen: "face",
    isShown: ({ me }) => Boolean(me?.face),
});
