import { Domain } from "@web/core/domain";
import { KeepLast } from "@web/core/utils/concurrency";
import { Model } from "@web/model/model";
import { orderByToString } from "@web/search/utils/order_by";
import { isPosition } from "../../map/geo";
import { assignColors, DEFAULT_COLOR, NO_VALUE_COLOR } from "../../map/palette";
import { bucketOf, canGroupBy, formatValue, specificationOf } from "./field_map_values";

/** Loads the records of a map: those with a position, and how many have none. */
export class FieldMapModel extends Model {
    setup({ archInfo, fields, resModel }) {
        this.archInfo = archInfo;
        this.fields = fields;
        this.resModel = resModel;
        this.keepLast = new KeepLast();
        this.records = [];
        this.groups = [];
        this.legend = null;
        this.located = 0;
        this.unlocated = 0;
        this.loadId = 0;
    }

    /** 0/0 is how Odoo stores "not known". */
    get unlocatedDomain() {
        const { latField, lngField } = this.archInfo;
        return Domain.and([
            this.domain,
            [
                [latField, "=", 0],
                [lngField, "=", 0],
            ],
        ]).toList();
    }

    get locatedDomain() {
        const { latField, lngField } = this.archInfo;
        return Domain.and([this.domain, ["|", [latField, "!=", 0], [lngField, "!=", 0]]]).toList();
    }

    get isLimited() {
        return this.records.length < this.located;
    }

    async load(searchParams) {
        const { domain, context, groupBy = [], orderBy = [] } = searchParams;
        this.domain = domain;
        this.context = context;
        const groupSpec = groupBy.find((spec) => canGroupBy(this.fields[spec.split(":")[0]]));
        const [groupField, granularity] = (groupSpec || "").split(":");
        const [page, unlocated] = await this.keepLast.add(
            Promise.all([
                this.orm.webSearchRead(this.resModel, this.locatedDomain, {
                    specification: this.specification(groupField),
                    limit: this.archInfo.limit,
                    order: orderByToString(orderBy.filter(({ name }) => name in this.fields)),
                    context,
                }),
                this.orm.searchCount(this.resModel, this.unlocatedDomain, { context }),
            ])
        );
        this.located = page.length;
        this.unlocated = unlocated;
        this.setRecords(page.records, groupField, granularity);
        this.loadId++;
        this.notify();
    }

    async reload() {
        await this.load(this.env.searchModel);
    }

    specification(groupField) {
        const { latField, lngField, colorField, titleField, columns } = this.archInfo;
        const names = [latField, lngField, colorField, titleField, groupField];
        names.push(...columns.map(({ name }) => name));
        return specificationOf(names.filter(Boolean), this.fields);
    }

    setRecords(rows, groupField, granularity) {
        const { latField, lngField, colorField, titleField } = this.archInfo;
        this.records = rows
            .filter((row) => isPosition(row[latField], row[lngField]))
            .map((row) => ({
                id: row.id,
                lat: row[latField],
                lng: row[lngField],
                title: formatValue(
                    row[titleField],
                    this.fields[titleField] || { type: "char" },
                    row
                ),
                color: DEFAULT_COLOR,
                data: row,
            }));
        const grouped = groupField ? this.bucket(groupField, granularity) : null;
        const colored = colorField ? this.bucket(colorField) : grouped;
        this.legend = colored && this.colorRecords(colored);
        this.groups = grouped ? grouped.buckets : [];
    }

    /** Sorts the records into the values of one field. */
    bucket(name, granularity) {
        const field = this.fields[name];
        const buckets = new Map();
        for (const record of this.records) {
            const bucket = bucketOf(record.data[name], field, granularity);
            if (!buckets.has(bucket.key)) {
                buckets.set(bucket.key, { ...bucket, records: [] });
            }
            buckets.get(bucket.key).records.push(record);
        }
        const byLabel = field.type === "many2one" || field.type === "many2many";
        const sorted = [...buckets.values()].sort(
            (a, b) =>
                (a.key === "") - (b.key === "") ||
                (byLabel || typeof a.order === "string"
                    ? a.label.localeCompare(b.label)
                    : a.order - b.order)
        );
        return { title: field.string, buckets: sorted };
    }

    /** Colours the records by their bucket and gives the legend. */
    colorRecords({ title, buckets }) {
        const entries = buckets
            .filter(({ key }) => key !== "")
            .map(({ key, order }, i) => ({ key, order: Number.isSafeInteger(order) ? order : i }));
        const colors = assignColors(entries);
        const items = buckets.map(({ key, label, records }) => {
            const color = colors.get(key) || NO_VALUE_COLOR;
            records.forEach((record) => (record.color = color));
            return { key, label, color, count: records.length };
        });
        return { title, items };
    }

    /** The lines of the card and of the list: the columns that have a value. */
    details(record) {
        return this.archInfo.columns
            .map(({ name, label }) => ({
                name,
                label,
                value: formatValue(record.data[name], this.fields[name], record.data),
            }))
            .filter(({ value }) => value);
    }
}
