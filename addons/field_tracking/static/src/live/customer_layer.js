const COLOR = "#a3b1c2";
const SPEC = { lat: "partner_latitude", lng: "partner_longitude", fields: ["name"] };
const DOMAIN = [
    ["partner_share", "=", true],
    ["type", "=", "contact"],
    ["parent_id", "=", false],
];

/** The customers in sight: points when they are few, else groups made by the server. */
export class CustomerLayer {
    /**
     * @param {Object} orm
     * @param {{markers: Array, clusters: Array}} state reactive, filled here
     */
    constructor(orm, state) {
        this.orm = orm;
        this.state = state;
        this.asked = 0;
    }

    async load(box) {
        const number = ++this.asked;
        const answer = await this.orm.silent.call("field.map", "get_box", [
            "res.partner",
            DOMAIN,
            SPEC,
            box,
        ]);
        if (number !== this.asked) {
            return; // the map has moved on
        }
        this.state.clusters = answer.groups.map(([lat, lng, count], index) => ({
            id: `group:${index}`,
            lat,
            lng,
            count,
        }));
        this.state.markers = (answer.ids || []).map((id, index) => ({
            id: `customer:${id}`,
            lat: answer.lat[index],
            lng: answer.lng[index],
            title: answer.columns.name[index],
            color: COLOR,
            size: 0.3,
        }));
    }

    idOf(markerId) {
        return Number(markerId.split(":")[1]);
    }
}
