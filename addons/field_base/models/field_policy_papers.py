"""Papers for staff, works council and data protection, made of what the policy really does.

They say what the software does under these rules; what only the company can know is left as a line
to fill in. Sources of the questions: GDPR art. 35 (7) and PIPL art. 55-56 for the impact
assessment, art. 13 and PIPL art. 17 for the notice.
"""

from odoo import models
from odoo.exceptions import AccessError

from ..tools import pdf
from .field_policy_privacy import RETENTION_FIELDS

READERS = (
    "field_base.field_base_group_admin",
    "field_base.field_base_group_auditor",
    "field_base.field_base_group_privacy",
)
OPEN = "______________________________"


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    def _paper_kinds(self):
        """``{kind: (title, function that returns [(heading, lines or rows)])}``"""
        return {
            "notice": (self.env._("Notice to staff"), self._paper_notice),
            "impact": (self.env._("Data protection impact assessment, draft"), self._paper_impact),
            "council": (
                self.env._("Information for the works council"),
                self._paper_council,
            ),
        }

    def _render_paper(self, kind):
        """One of the papers as bytes of a PDF, in the reader's language.

        :param str kind: ``notice``, ``impact`` or ``council``
        :raises AccessError: for others than administrators and auditors
        """
        self.ensure_one()
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(self.env._("These papers are for administrators and auditors."))
        policy = self.sudo()
        title, parts = policy._paper_kinds()[kind]
        story = [pdf.paragraph(title, "title"), pdf.paragraph(policy._paper_subtitle(), "small")]
        for heading, content in parts():
            story.append(pdf.paragraph(heading, "heading"))
            story += policy._paper_part(content)
            story.append(pdf.gap(1))
        return pdf.build(title, story, footer=policy.company_id.name)

    def _paper_part(self, content):
        """A list of lines, or of rows with equally many cells."""
        if content and isinstance(content[0], tuple):
            widths = (2, 3) if len(content[0]) == 2 else (2, 3, 3)
            return [pdf.table(content, widths, header=content[0][1] != OPEN)]
        return [pdf.bullet(line) for line in content]

    def _paper_subtitle(self):
        return self.env._(
            "%(company)s, policy “%(policy)s”, in force from %(date)s. Made from the settings.",
            company=self.company_id.name,
            policy=self.name,
            date=self.effective_from or "–",
        )

    def action_print_paper(self):
        """Open a paper in the browser; the kind comes from the button's context."""
        self.ensure_one()
        asked = self.env.context.get("paper")
        kind = asked if asked in self._paper_kinds() else "notice"
        return {
            "type": "ir.actions.act_url",
            "url": f"/field/policy/{self.id}/{kind}.pdf",
            "target": "new",
        }

    # --- notice --------------------------------------------------------------------------------

    def _paper_notice(self):
        """The same words that people read before they sign, and whom to ask."""
        sections = self._get_consent_sections(self.env.user, self.env.lang)
        parts = [(section["title"], section["lines"]) for section in sections]
        who = [
            (self.env._("Responsible"), self.company_id.name),
            (self.env._("Data protection officer"), OPEN),
            (self.env._("Authority"), OPEN),
        ]
        return [*parts, (self.env._("Whom to ask"), who)]

    # --- impact assessment ---------------------------------------------------------------------

    def _paper_impact(self):
        env = self.env
        return [
            (env._("1. What is done"), self._paper_facts()),
            (env._("2. What for"), self._consent_purpose()),
            (env._("3. Which data, and when"), [*self._consent_what(), *self._consent_when()]),
            (env._("4. Who sees them"), self._consent_who()),
            (env._("5. How long they are kept"), self._consent_keep()),
            (env._("6. Is it necessary, is it in proportion?"), self._paper_necessity()),
            (env._("7. Risks and what is done against them"), self._paper_risks()),
            (env._("8. What the software does in any case"), self._paper_measures()),
            (env._("9. Rights of the people concerned"), self._consent_rights()),
            (env._("10. To be filled in"), self._paper_to_fill()),
        ]

    def _paper_facts(self):
        names = ["tracking_level", "working_time_lock", "track_viewers"]
        names += ["consent_required", "access_reason_required"]
        rows = self._describe_rules([name for name in names if name in self._fields])
        people = (self.env._("People under these rules today"), str(self._count_people()))
        head = (self.env._("Rule"), self.env._("Setting"))
        return [head, people, *((label, str(value)) for label, value in rows)]

    def _count_people(self):
        group = self.env.ref("field_base.field_base_group_rep")
        domain = [("all_group_ids", "in", group.ids), ("company_ids", "in", self.company_id.ids)]
        users = self.env["res.users"].search(domain)
        rules = self.with_company(self.company_id)._get_for_users(users)
        return sum(policy == self for policy in rules.values())

    def _paper_necessity(self):
        env = self.env
        lines = [env._("Why milder means do not serve the purpose: %(open)s", open=OPEN)]
        if self.tracking_level in ("none", "check_in"):
            lines.insert(
                0, env._("No way is recorded: the mildest level that still proves visits.")
            )
        else:
            lines.insert(
                0,
                env._(
                    "Ways are recorded. “Check-in only” would be milder; it does not pay mileage "
                    "from the track and does not verify visits by it."
                ),
            )
        return lines

    def _paper_risks(self):
        """Rows of risk, what these rules do about it, and what is left to decide."""
        env, done = self.env, self.env._("Nothing.")
        rows = [(env._("Risk"), env._("Under these rules"), env._("Left to decide"))]
        if self.tracking_level in ("app", "continuous"):
            limited = self.working_time_lock != "none"
            rows.append(
                (
                    env._("A full picture of somebody's movements, private time included"),
                    env._("Positions are kept in working time only.")
                    if limited
                    else env._("Positions are kept at any hour."),
                    done if limited else env._("Bind positions to working time."),
                )
            )
        rows.append(
            (
                env._("Curiosity: looking at people without need"),
                env._("Each look is noted and shown to the person, with its reason.")
                if self.access_reason_required
                else env._("Each look is noted and shown to the person."),
                done if self.access_reason_required else env._("Ask for a reason to look."),
            )
        )
        forever = [name for name in RETENTION_FIELDS if not self[name]]
        rows.append(
            (
                env._("Data are kept longer than needed"),
                env._(
                    "%(count)s of %(all)s kinds have a time, and are erased when it is over.",
                    count=len(RETENTION_FIELDS) - len(forever),
                    all=len(RETENTION_FIELDS),
                ),
                env._("Set a time for the others (part 5).") if forever else done,
            )
        )
        rows.append(
            (
                env._("No legal basis"),
                env._("Nobody is tracked before he has signed.")
                if self.consent_required
                else env._("No consent is asked for."),
                env._("Whether consent is free in employment.")
                if self.consent_required
                else env._("Name the legal basis (part 10)."),
            )
        )
        rows.append(
            (
                env._("A wrong judgement by figures"),
                env._("Flags are questions; the person may explain and object."),
                env._("Say in writing that no one is judged by figures alone."),
            )
        )
        return rows

    def _paper_measures(self):
        env = self.env
        return [
            env._("Phones are bound to one person; a lost one is disconnected and wiped."),
            env._("Leaders see the people below them, nobody beside or above."),
            env._("Rules are never changed after the fact: a new version holds from a day on."),
            env._("Erasing leaves a certificate; evidence cannot be altered unnoticed."),
            env._("The software takes no decision about anybody by itself."),
        ]

    def _paper_to_fill(self):
        env = self.env
        labels = (
            env._("Legal basis"),
            env._("Advice of the data protection officer"),
            env._("View of the people concerned or their representatives"),
            env._("Result, date, signature"),
        )
        return [(label, OPEN) for label in labels]

    # --- works council -------------------------------------------------------------------------

    def _paper_council(self):
        env = self.env
        return [
            (env._("What is introduced"), self._paper_facts()),
            (
                env._("What can be seen of behaviour and performance"),
                [*self._consent_what(), *self._consent_when()],
            ),
            (env._("Who sees it"), self._consent_who()),
            (env._("What it is for, and what not"), self._consent_purpose()),
            (env._("How long it is kept"), self._consent_keep()),
            (env._("What the software does in any case"), self._paper_measures()),
            (
                env._("How these rules may change"),
                [
                    env._(
                        "Only by a new version with a day from which it holds. What changes is "
                        "listed, and whom it would have hit in the last 90 days can be shown "
                        "before."
                    ),
                    env._(
                        "Another tracking level, time, circle of viewers or retention asks "
                        "everybody for a new consent, where consent is asked for."
                    ),
                ],
            ),
            (
                env._("Signatures"),
                [(env._("Employer"), OPEN), (env._("Works council"), OPEN)],
            ),
        ]
