import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const { DateTime } = luxon;

/** "1 h 25 min", "40 min", "30 s" */
export function formatDuration(seconds) {
    if (seconds < 60) {
        return _t("%(seconds)s s", { seconds: Math.round(seconds) });
    }
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) {
        return _t("%(minutes)s min", { minutes });
    }
    const hours = Math.floor(minutes / 60);
    return minutes % 60
        ? _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 })
        : _t("%(hours)s h", { hours });
}

/** "850 m", "12.4 km" */
export function formatDistance(metres) {
    if (metres < 1000) {
        return _t("%(metres)s m", { metres: Math.round(metres) });
    }
    const digits = metres < 100000 ? 1 : 0;
    return _t("%(km)s km", { km: formatFloat(metres / 1000, { digits: [16, digits] }) });
}

/** "just now", "5 min ago", "2 days ago": never a bare time, which hides how old it is. */
export function formatAge(seconds) {
    if (seconds < 60) {
        return _t("just now");
    }
    if (seconds < 48 * 3600) {
        return _t("%(duration)s ago", { duration: formatDuration(seconds) });
    }
    return _t("%(days)s days ago", { days: Math.floor(seconds / 86400) });
}

/** Wall-clock formatter of one local day; right on days with a clock change, too. */
export function dayClock(date, zone) {
    const midnight = DateTime.fromISO(date, { zone }).startOf("day");
    return (seconds, format = "HH:mm") => midnight.plus({ seconds }).toFormat(format);
}
