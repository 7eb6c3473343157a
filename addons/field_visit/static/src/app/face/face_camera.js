import { onMounted } from "@odoo/owl";
import { Camera } from "@field_base/app/capture/camera";
import { _t } from "@field_base/app/core/i18n";
import { describeFace, loadEngine, still } from "./engine";

/** A camera that looks at the face before anything is kept of it. */
export class FaceCamera extends Camera {
    static props = {
        ...Camera.props,
        // `(numbers, keep)` of the face that was seen; only `keep()` makes a photo of the picture
        onFace: Function,
        isPortrait: { type: Boolean, optional: true },
    };

    setup() {
        super.setup();
        onMounted(() => this.prepare());
    }

    /** The models are there before the first picture is. */
    async prepare() {
        this.state.busy = true;
        this.state.hint = _t("One moment: the face match is being loaded …");
        try {
            await loadEngine();
            this.state.hint = "";
        } catch {
            this.state.hint = _t(
                "The face match is not on this phone yet: it needs a network once. Use another proof."
            );
        } finally {
            this.state.busy = false;
        }
    }

    get watermark() {
        return this.props.isPortrait ? [] : super.watermark;
    }

    say(problem) {
        return {
            dark: _t("It is too dark. Turn to the light."),
            none: _t("No face is seen. Look straight into the camera."),
            several: _t("Several faces are seen. Only yours should be in the picture."),
            small: _t("Too far away. Hold the phone closer."),
        }[problem];
    }

    /** The moment that was compared is the one that is kept. */
    async take(video) {
        const picture = still(video);
        let seen;
        try {
            seen = await describeFace(picture);
        } catch {
            return this.prepare();
        }
        if (seen.problem) {
            this.state.hint = this.say(seen.problem);
            return;
        }
        await this.props.onFace(seen.numbers, () => super.take(picture));
    }
}
