"""The road of a day: tracker and app → stays and mileage → verified visits → expense → accounting.

Written once; `Office` says how calls on records and requests travel.
"""

import io
import json
import uuid
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from PIL import Image

from tests.support import sync_client, traccar_client
from tests.support.traccar_client import Version

RATE = 1.2
PASSWORD = "Long-Enough-4711"
REP_GROUPS = ("field_base.field_base_group_rep",)
LEADER_GROUPS = (
    "field_base.field_base_group_leader",
    "hr_expense.group_hr_expense_team_approver",
)
BOOKKEEPER_GROUPS = ("account.group_account_invoice", "hr_expense.group_hr_expense_user")


class Office:
    """How people reach the server: `admin` and `desk()` for records, `http` for requests."""

    admin = None

    def desk(self, login):
        raise NotImplementedError

    def http(self, method, path, headers, body):
        raise NotImplementedError


@dataclass
class Person:
    login: str
    user: int
    employee: int


@dataclass
class Rep(Person):
    """A rep with his phone (the app) and the tracker that runs on it."""

    version: Version = Version.V10
    phone: sync_client.Phone | None = None
    tracker: int = 0
    address: str = ""
    visit_uuids: dict = field(default_factory=dict)


@dataclass
class Team:
    """Everybody, and the things that are there before the day begins."""

    leader: Person
    bookkeeper: Person
    reps: list
    customers: dict
    account: int
    leads: list

    @property
    def users(self):
        return [rep.user for rep in self.reps]


def hire(office, login, name, groups, boss=None, time_zone="Asia/Shanghai"):
    """A user with his employee."""
    admin = office.admin
    user = admin.create(
        "res.users",
        login=login,
        name=name,
        password=PASSWORD,
        tz=time_zone,
        group_ids=[(4, admin.ref(group)) for group in ("base.group_user", *groups)],
    )
    employee = admin.create("hr.employee", name=name, user_id=user, parent_id=boss or False)
    return Person(login, user, employee)


def hire_rep(office, version, boss, name=None, time_zone="Asia/Shanghai", login=None):
    """A rep whose tracker speaks one of the three formats; devices are connected as people do."""
    name = name or f"Rep {version.value}"
    login = login or name.lower().replace(" ", ".")
    person = hire(office, login, name, REP_GROUPS, boss, time_zone)
    rep = Rep(person.login, person.user, person.employee, version)
    _connect_tracker(office, rep)
    _connect_phone(office, rep)
    return rep


def _connect_tracker(office, rep):
    admin = office.admin
    rep.tracker = admin.create(
        "field.device", name=f"Tracker of {rep.login}", user_id=rep.user, kind="tracker"
    )
    shown = admin.call("field.device", "action_new_token", [rep.tracker])
    rep.address = "/field/track/" + shown["context"]["default_token"]


def _connect_phone(office, rep):
    device = str(uuid.uuid4())
    body = {"login": rep.login, "password": PASSWORD, "device_uuid": device, "name": "Phone"}
    headers = {"Content-Type": "application/json"}
    answer = office.http("POST", "/field/api/v1/enrol", headers, json.dumps(body).encode())
    if answer.status != 200:
        raise AssertionError(f"enrol answered {answer.status}: {answer.body[:500]!r}")
    rep.phone = sync_client.Phone(device, answer.json["token"], office.http)


def found(office, day, versions=tuple(Version), time_zone="Asia/Shanghai"):
    """Everything a company sets up before its reps go out."""
    admin = office.admin
    leader = hire(office, "leader", "Wang Fang", LEADER_GROUPS)
    bookkeeper = hire(office, "bookkeeper", "Li Na", BOOKKEEPER_GROUPS)
    reps = [hire_rep(office, v, leader.employee, time_zone=time_zone) for v in versions]
    customers = {
        call.customer: admin.create(
            "res.partner",
            name=call.customer,
            is_company=True,
            partner_latitude=call.lat,
            partner_longitude=call.lon,
        )
        for call in (day.calls if day else ())
    }
    pool = admin.create(
        "field.lead.pool", name="North", member_ids=[(6, 0, [rep.user for rep in reps])]
    )
    leads = [
        admin.create("crm.lead", name=f"Lead {n}", field_pool_id=pool, user_id=False)
        for n in range(1, len(reps) + 1)
    ]
    return Team(leader, bookkeeper, reps, customers, set_mileage(office), leads)


def set_mileage(office):
    """The rate per kilometre, and the account that it is booked on.

    :return: id of the account
    """
    admin = office.admin
    admin.create("field.mileage.rate", rate=RATE, effective_from="2008-01-01")
    account = admin.create(
        "account.account", name="Travelling by car", code="625001", account_type="expense"
    )
    product = admin.ref("hr_expense.expense_product_mileage")
    admin.write(
        "product.product",
        [product],
        property_account_expense_id=account,
        supplier_taxes_id=[(5, 0, 0)],
    )
    return account


# --- the day -----------------------------------------------------------------------------------
def requests_of(rep, fixes):
    """What the rep's tracker sends for these fixes, in their order."""
    return [traccar_client.request(rep.version, fix) for fix in fixes]


def post(office, rep, requests):
    """Send tracker requests one after the other, as the app does.

    :return: the statuses that came back, each once
    """
    statuses = set()
    for request in requests:
        path = rep.address + (f"?{request.query}" if request.query else "")
        statuses.add(office.http(request.method, path, request.headers, request.body).status)
    return statuses


def work(rep, day, customers, lead=None):
    """What the rep does in the app, as the phone saves it; nothing is sent yet.

    :return: photos by their uuid
    """
    phone, photos = rep.phone, {}
    first, last = day.fixes[0], day.fixes[-1]
    start = {"position": _position(first), "odometer": 48210.0}
    opening = phone.record("workday.open", day.opening, start)
    for call in day.calls:
        photo = str(uuid.uuid4())
        photos[photo] = picture(call.customer)
        visit = rep.visit_uuids[call.customer] = str(uuid.uuid4())
        phone.record(
            "visit.check_in",
            call.check_in,
            {
                "visit_uuid": visit,
                "partner_id": customers[call.customer],
                "position": day.position(call, call.check_in),
            },
        )
        phone.record(
            "visit.step_done",
            call.check_in + (call.check_out - call.check_in) / 2,
            {"visit_uuid": visit, "step_key": "storefront", "blobs": [photo]},
        )
        phone.record(
            "visit.check_out",
            call.check_out,
            {"visit_uuid": visit, "position": day.position(call, call.check_out)},
        )
    if lead:
        phone.record("lead.claim", day.closing, {"lead_id": lead})
    end = {"position": _position(last), "odometer": 48253.0, "workday_uuid": opening["uuid"]}
    phone.record("workday.close", day.closing, end)
    return photos


def _position(fix):
    return {"lat": fix.lat, "lng": fix.lon, "accuracy": 10, "fix_age": 0}


def picture(text, kind="JPEG"):
    """A small picture that differs from every other one."""
    image = Image.new("RGB", (64, 48), tuple(text.encode()[:3]))
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def upload(rep, photos):
    """Send the photos after their events, as the protocol wants.

    :return: the statuses that came back, each once
    """
    return {rep.phone.put_blob(name, content).status for name, content in photos.items()}


# --- money -------------------------------------------------------------------------------------
def claim(office, rep, day_id):
    """The rep makes the expense of his day and hands it in.

    :return: id of the expense
    """
    desk = office.desk(rep.login)
    desk.call("field.track.day", "action_create_expense", [day_id])
    expense = desk.row("hr.expense", [("field_day_id", "=", day_id)], ["state"])
    desk.call("hr.expense", "action_submit", [expense["id"]])
    return expense["id"]


def approve(office, team, expense):
    office.desk(team.leader.login).call("hr.expense", "action_approve", [expense])


def book(office, team, expense, accounting_date):
    """The bookkeeper posts the expense with Odoo's own dialog.

    :return: id of the journal entry
    """
    desk = office.desk(team.bookkeeper.login)
    action = desk.call("hr.expense", "action_post", [expense])
    context = {"active_model": "hr.expense", "active_ids": [expense], **_context_of(action)}
    values = {"accounting_date": accounting_date.isoformat()}
    (wizard,) = desk.call(action["res_model"], "create", None, [values], context=context)
    desk.call(action["res_model"], "action_post_entry", [wizard], context=context)
    row = desk.row("hr.expense", [("id", "=", expense)], ["account_move_id"])
    return row["account_move_id"]


def _context_of(action):
    context = action.get("context") or {}
    return context if isinstance(context, dict) else {}


def claimable(distance_m):
    """Kilometres as a rep would round them by hand: to one decimal, halves up."""
    km = Decimal(str(distance_m)) / 1000
    return float(km.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


# --- looking -----------------------------------------------------------------------------------
OWN = (
    "field.track.day",
    "field.stay",
    "field.trip",
    "field.gap",
    "field.visit",
    "field.visit.step",
    "field.visit.photo",
    "field.event",
    "field.workday",
    "field.blob",
    "field.lead.claim",
    "hr.expense",
    "account.move",
    "account.move.line",
    "crm.lead",
    "res.partner",
)
POSITION = ("ts", "device_id", "lat", "lng", "altitude", "speed", "course", "accuracy", "source")


def positions(desk, user, names=POSITION):
    """The person's raw positions in the order of time."""
    return desk.rows("field.position", [("user_id", "=", user)], names, order="ts")


def snapshot(desk, users):
    """Every stored value of everything a day leaves behind, with the dates of the last change."""
    found = {model: desk.rows(model, [], _stored(desk, model)) for model in OWN}
    found["field.position"] = [positions(desk, user) for user in users]
    return found


def _stored(desk, model):
    kinds = desk.call(model, "fields_get", None, [], ["store", "type"])
    skipped = ("one2many", "many2many", "binary")
    # Not who wrote last: where everybody shares one transaction, what is still to be computed is
    # written in the name of who happens to read it first. The date of the last change stays in.
    kinds.pop("write_uid", None)
    return sorted(n for n, k in kinds.items() if k["store"] and k["type"] not in skipped)
