import { browser } from "@web/core/browser/browser";
import { Domain } from "@web/core/domain";
import { KeepLast } from "@web/core/utils/concurrency";
import { Model } from "@web/model/model";
import { orderByToString } from "@web/search/utils/order_by";
import { FieldMap } from "../../map/field_map";
import { isPosition } from "../../map/geo";
import { compactNumber } from "../../map/names";
import { assignColors, DEFAULT_COLOR, NO_VALUE_COLOR, SCALE } from "../../map/palette";
import { bucketOf, canGroupBy, formatValue, specificationOf, valuesOf } from "./field_map_values";

/** Up to so many records the lines of the list come together with the points, not after them. */
const FEW = 500;
export const DETAILS_STEP = 80;

/**
 * Loads the records of a map: where they are and what colours them, all at once and as columns;
 * what the list and the card say, only for those that are seen. Above the server's limit (50,000)
 * it is asked box by box, and gives groups.
 */
export class FieldMapModel extends Model {
    setup({ archInfo, fields, resModel }) {
        this.archInfo = archInfo;
        this.fields = fields;
        this.resModel = resModel;
        const last = browser.localStorage.getItem(this.colorKey);
        this.colorField = archInfo.colorFields.includes(last) ? last : archInfo.colorField;
        this.keepLast = new KeepLast();
        this.keepLastBox = new KeepLast();
        this.records = [];
        this.groups = [];
        this.clusters = [];
        this.legend = null;
        this.located = 0;
        this.unlocated = 0;
        this.isBoxed = false;
        this.extent = null;
        this.loadId = 0;
        // changes whenever there are other records or groups to draw
        this.revision = 0;
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

    get isLimited() {
        return !this.isBoxed && this.records.length < this.located;
    }

    async load(searchParams) {
        const { domain, context, groupBy = [], orderBy = [] } = searchParams;
        this.domain = domain;
        this.context = context;
        const groupSpec = groupBy.find((spec) => canGroupBy(this.fields[spec.split(":")[0]]));
        const [groupField, granularity] = (groupSpec || "").split(":");
        this.orderBy = orderBy;
        this.spec = this.pointsSpec(groupField, orderBy);
        const [answer, box] = await this.keepLast.add(this.fetch());
        this.isBoxed = Boolean(answer.boxed);
        this.extent = answer.extent || null;
        this.located = answer.total;
        this.unlocated = answer.unlocated;
        this.groupField = groupField;
        this.granularity = granularity;
        this.takeAnswer(box || answer);
        if (this.records.length <= FEW) {
            await this.keepLast.add(this.loadDetails(this.records.slice(0, DETAILS_STEP)));
        }
        this.loadId++;
        this.notify();
    }

    /** The points, or the first box when there are too many. */
    async fetch() {
        // the map's library comes at the same time; what fails here is told when the map is made
        FieldMap.loadLibrary().catch(() => {});
        const answer = await this.call("get_points", this.spec);
        const box = answer.boxed ? await this.call("get_box", this.spec, answer.extent) : null;
        return [answer, box];
    }

    call(method, spec, ...args) {
        return this.orm.call("field.map", method, [this.resModel, this.domain, spec, ...args], {
            context: this.context,
        });
    }

    async reload() {
        await this.load(this.env.searchModel);
    }

    /** What the map can be coloured by: `[{name, label}]`. */
    get colorChoices() {
        return this.archInfo.colorFields.map((name) => ({
            name,
            label: this.fields[name].string,
        }));
    }

    get colorKey() {
        return `field_map.color.${this.resModel}`;
    }

    /** Colours by another field, and leaves the map where it is; the next time it begins so. */
    async setColor(name, box) {
        this.colorField = name;
        browser.localStorage.setItem(this.colorKey, name);
        this.spec = this.pointsSpec(this.groupField, this.orderBy);
        if (this.isBoxed) {
            await this.loadBox(box || this.extent);
        } else {
            const answer = await this.keepLast.add(this.call("get_points", this.spec));
            const known = new Map(this.records.map(({ id, data }) => [id, data]));
            this.takeAnswer(answer);
            this.records.forEach((record) => (record.data = known.get(record.id)));
            this.notify();
        }
    }

    pointsSpec(groupField, orderBy) {
        const { latField, lngField, titleField, sizeField, sumField, countryField } = this.archInfo;
        const names = [titleField, this.colorField, sizeField, sumField, groupField].filter(
            Boolean
        );
        return {
            lat: latField,
            lng: lngField,
            fields: [...new Set(names)],
            ...(countryField ? { country: countryField } : {}),
            ...(sumField ? { sum: sumField } : {}),
            order: orderByToString(orderBy.filter(({ name }) => name in this.fields)),
            limit: this.archInfo.limit,
        };
    }

    /** What is in sight of a map of very many records. */
    async loadBox(box) {
        const answer = await this.keepLastBox.add(this.call("get_box", this.spec, box));
        this.takeAnswer(answer);
        await this.keepLastBox.add(this.loadDetails(this.records.slice(0, DETAILS_STEP)));
        this.notify();
    }

    /** @returns {Promise<Array<{lat, lng, weight}>>} how dense the records lie */
    async loadHeat(box) {
        const cells = await this.call("get_heat", this.spec, box);
        return cells.map(([lat, lng, weight]) => ({ lat, lng, weight }));
    }

    /** Ids inside a ring, also of records that are not drawn one by one. */
    loadIdsInRing(ring) {
        return this.call("get_ids_in_ring", this.spec, ring);
    }

    takeAnswer(answer) {
        this.revision++;
        this.clusters = (answer.groups || []).map(([lat, lng, count, value], i) => ({
            id: `${this.revision}:${i}`,
            lat,
            lng,
            count,
            ...(this.archInfo.sumField ? { value } : {}),
        }));
        this.setRecords(answer);
    }

    setRecords({ ids, lat, lng, columns = {}, names = {} }) {
        const { titleField, sizeField, sumField, countryField } = this.archInfo;
        const read = valuesOf(columns, names, this.fields);
        const before = new Map(this.records.map((record) => [record.id, record]));
        this.records = (ids || [])
            .map((id, i) => ({
                id,
                lat: lat[i],
                lng: lng[i],
                title: formatValue(read(titleField, i), this.fieldOf(titleField), {}),
                color: DEFAULT_COLOR,
                size: sizeField ? read(sizeField, i) : undefined,
                value: sumField ? read(sumField, i) : undefined,
                country: countryField ? columns[countryField][i] || undefined : undefined,
                points: Object.fromEntries(this.spec.fields.map((name) => [name, read(name, i)])),
                data: this.isBoxed ? before.get(id)?.data : undefined,
            }))
            .filter((record) => isPosition(record.lat, record.lng));
        this.setSizes();
        const grouped = this.groupField ? this.bucket(this.groupField, this.granularity) : null;
        const { colorField } = this;
        const colored = colorField ? this.bucket(colorField) : grouped;
        this.legend = colored && this.colorRecords(colored);
        this.groups = grouped ? grouped.buckets : [];
    }

    fieldOf(name) {
        return this.fields[name] || { type: "char" };
    }

    /** Sizes as shares of the largest; the area of a dot, not its width, is what one compares. */
    setSizes() {
        if (!this.archInfo.sizeField) {
            return;
        }
        const largest = this.records.reduce((max, { size }) => Math.max(max, size || 0), 0);
        for (const record of this.records) {
            record.size = largest ? Math.sqrt(Math.max(0, record.size || 0) / largest) : 0;
        }
    }

    /** Sorts the records into the values of one field. */
    bucket(name, granularity) {
        const field = this.fields[name];
        const buckets = new Map();
        for (const record of this.records) {
            const bucket = bucketOf(record.points[name], field, granularity);
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
        const isScale = this.archInfo.scaleFields.includes(this.colorField);
        const colors = isScale
            ? new Map(entries.map(({ key, order }) => [key, SCALE[order]]))
            : assignColors(entries);
        const items = buckets.map(({ key, label, records }) => {
            const color = colors.get(key) || NO_VALUE_COLOR;
            records.forEach((record) => (record.color = color));
            return { key, label, color, count: records.length };
        });
        return { title, items };
    }

    /** Reads what the list and the card say of these records, once. */
    async loadDetails(records) {
        const missing = records.filter((record) => !record.data);
        const names = this.archInfo.columns.map(({ name }) => name);
        if (!missing.length || !names.length) {
            missing.forEach((record) => (record.data = {}));
            return false;
        }
        const rows = await this.orm.webRead(
            this.resModel,
            missing.map(({ id }) => id),
            { specification: specificationOf(names, this.fields), context: this.context }
        );
        const byId = new Map(rows.map((row) => [row.id, row]));
        missing.forEach((record) => (record.data = byId.get(record.id) || {}));
        return true;
    }

    /** The same, and draws again when something has come. */
    async showDetails(records) {
        if (await this.loadDetails(records)) {
            this.notify();
        }
    }

    /** The lines of the card (or of the list): the columns that have a value. */
    details(record, place = "inPopup") {
        return this.archInfo.columns
            .filter((column) => column[place])
            .map(({ name, label }) => ({
                name,
                label,
                value: record.data
                    ? formatValue(record.data[name], this.fields[name], record.data)
                    : "",
            }))
            .filter(({ value }) => value);
    }

    /** The sum of a group as text: no more than "1.2K" fits below it. */
    formatSum(value) {
        return compactNumber(value);
    }
}
