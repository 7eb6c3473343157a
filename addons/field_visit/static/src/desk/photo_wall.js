import { _t } from "@web/core/l10n/translation";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";

const RATINGS = ["1", "2", "3", "4", "5"];

/** Arrows go from photo to photo, 1 to 5 rate the one that is chosen and go on to the next. */
export class PhotoWallRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.notification = useService("notification");
        for (const rating of RATINGS) {
            useHotkey(rating, () => this.rate(rating), {
                area: () => this.rootRef.el,
                bypassEditableProtection: false,
            });
        }
    }

    get records() {
        const { list } = this.props;
        return list.isGrouped ? list.groups.flatMap(({ list: own }) => own.records) : list.records;
    }

    async rate(rating) {
        const card = document.activeElement?.closest(".o_kanban_record");
        const record = this.records.find(({ id }) => id === card?.dataset.id);
        if (!record) {
            this.notification.add(_t("Choose a photo with the arrows first."), { type: "info" });
            return;
        }
        await this.orm.call("field.visit.photo", "action_rate", [[record.resId], rating]);
        await record.load();
        const cards = [...this.rootRef.el.querySelectorAll(".o_kanban_record[data-id]")];
        cards[cards.findIndex(({ dataset }) => dataset.id === record.id) + 1]?.focus();
    }
}

registry.category("views").add("field_photo_wall", {
    ...kanbanView,
    Renderer: PhotoWallRenderer,
});
