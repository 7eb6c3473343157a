import { _t } from "@field_base/app/core/i18n";
import { registry } from "@web/core/registry";

/** What a refused check-in can be answered with. */
const remedies = registry.category("field_app.remedies");
for (const code of ["outside_fence", "no_position"]) {
    remedies.add(code, {
        label: () => _t("Why were you there?"),
        values: (reason) => ({ reason, exception: true }),
    });
}
remedies.add("reason_required", {
    label: () => _t("Why did you check in from there?"),
    values: (reason) => ({ reason }),
});
