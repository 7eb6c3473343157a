import json

from odoo import http
from odoo.http import request

PDF = "application/pdf"
JSON = "application/json; charset=utf-8"


class FieldPrivacyController(http.Controller):
    """Documents about oneself, for the web client."""

    @http.route("/field/consent/<int:consent_id>.pdf", type="http", auth="user", readonly=True)
    def consent(self, consent_id):
        """The signed consent; who may read the record may print it."""
        consent = request.env["field.consent"].browse(consent_id).exists()
        if not consent or not consent.has_access("read"):
            raise request.not_found()
        return _file(consent._render_pdf(), f"consent-{consent_id}.pdf", PDF)

    @http.route("/field/policy/<int:policy_id>/<string:kind>.pdf", type="http", auth="user")
    def policy_paper(self, policy_id, kind):
        """Notice, impact assessment or works-council sheet of a policy."""
        policy = request.env["field.policy"].browse(policy_id).exists()
        if not policy or not policy.has_access("read") or kind not in policy._paper_kinds():
            raise request.not_found()
        return _file(policy._render_paper(kind), f"policy-{policy_id}-{kind}.pdf", PDF)

    @http.route("/field/my-data.json", type="http", auth="user", methods=["GET"], readonly=False)
    def my_data_json(self, user=None):
        """All that is stored about oneself, for machines; about somebody else for administrators,
        which that person sees."""
        person = _person(user)
        values = request.env["field.privacy"]._export(person)
        text = json.dumps(values, ensure_ascii=False, indent=1)
        return _file(text.encode(), f"my-data-{person.id}.json", JSON)

    @http.route("/field/my-data.pdf", type="http", auth="user", methods=["GET"], readonly=False)
    def my_data_pdf(self, user=None):
        """The same for people to read."""
        person = _person(user)
        content = request.env["field.privacy"]._render_pdf(person)
        return _file(content, f"my-data-{person.id}.pdf", PDF)


def _person(user):
    """The user asked for, oneself by default; 404 for who must not have his data."""
    person = request.env.user
    if user is not None:
        number = int(user) if user.isascii() and user.isdigit() and len(user) < 10 else 0
        person = request.env["res.users"].browse(number).exists()
    privacy = request.env["field.privacy"]
    if not person or not privacy._may_see(person):
        raise request.not_found()
    return person


def _file(content, name, mimetype):
    headers = [
        ("Content-Type", mimetype),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
        ("Content-Disposition", http.content_disposition(name)),
    ]
    return request.make_response(content, headers=headers)
