import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Somebody calls for help: who has Odoo open sees it on whatever screen, until it is dealt with. */
export const alarmService = {
    dependencies: ["bus_service", "notification", "action"],

    start(env, { bus_service, notification, action }) {
        const shown = new Map();
        bus_service.subscribe("field_base.alarm", ({ id, title, text }) => {
            shown.get(id)?.();
            const close = notification.add(text, {
                title,
                type: "danger",
                sticky: true,
                buttons: [
                    {
                        name: _t("Open"),
                        primary: true,
                        onClick: () => {
                            close();
                            action.doAction({
                                type: "ir.actions.act_window",
                                res_model: "field.alarm",
                                res_id: id,
                                views: [[false, "form"]],
                            });
                        },
                    },
                ],
            });
            shown.set(id, close);
        });
        bus_service.start();
    },
};

registry.category("services").add("field_base.alarm", alarmService);
