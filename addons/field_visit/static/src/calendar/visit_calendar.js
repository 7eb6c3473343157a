import { registry } from "@web/core/registry";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

/** Who drags a visit of his own to another day is asked why; a leader is not. */
class VisitCalendarModel extends CalendarModel {
    static services = [...CalendarModel.services, "action"];

    setup(params, services) {
        super.setup(params, services);
        this.action = services.action;
    }

    /** @override */
    async updateRecord(record, options = {}) {
        const { start, rawRecord } = this.data.records[record.id];
        if (!rawRecord.asks_why || start.hasSame(record.start, "day")) {
            return super.updateRecord(record, options);
        }
        const time = this.meta.scale === "month" ? 0 : record.start.hour + record.start.minute / 60;
        const args = [[record.id], record.start.toISODate(), time];
        const action = await this.orm.call(this.meta.resModel, "action_open_move", args);
        await this.action.doAction(action, { onClose: () => this.load() });
    }
}

registry
    .category("views")
    .add("field_visit_calendar", { ...calendarView, Model: VisitCalendarModel });
