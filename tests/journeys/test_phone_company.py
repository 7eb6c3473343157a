"""Two reps at one customer: the one names the other, who sees it on his phone and says so himself;
and what stands out in one's own visits is read on one's own phone first."""

import pytest

from .phone_case import PhoneCase
from .phone_town import PASSWORD, settled, today

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Happy", "Mart", "Sun", "Store", "Lucky", "Nanjing", "Road", "Rep"}
SAME = {"en_US": "Owner is content, all is well", "zh_CN": "老板满意，一切正常"}
WHY = {"en_US": "They all said the same", "zh_CN": "他们都是这么说的"}


class Company:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def _phone_of(self, login):
        tab = self.phone().tab
        tab.go()
        tab.type("input[name=login]", login)
        tab.type("input[name=password]", PASSWORD)
        tab.tap("button[type=submit]")
        tab.see(".o_fa_tabs")
        return tab

    def test_who_comes_along_says_so_himself(self):
        login = f"{self.login}b"
        friend = self.town.hire(login, lang=self.lang)
        self._lead([self.user, friend])
        tab = self._phone_of(self.login)
        tab.tap("button[name=check_in]")
        tab.tap("button[name=together]")
        tab.tap("button[name=companion]", login.title())
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")
        settled(tab)
        visit = self._visit_with(friend)
        self.assertEqual(visit["state"], "in_progress")
        other = self._phone_of(login)
        other.see(".o_fv_company", "Golden Dragon")
        self.names = NAMES | {login.title(), self.login.title()}
        self.look(other, "company")
        other.offline()
        other.tap("button[name=company_yes]")
        other.gone("button[name=company_yes]")
        other.offline(False)
        settled(other)
        self.assertEqual(self._visit_with(friend)["company_yes_ids"], [friend])

    def _lead(self, people):
        """Colleagues are those of one leader."""
        admin = self.town.admin
        chief = self.town.hire(f"{self.login}x")
        (boss,) = admin.search("hr.employee", [("user_id", "=", chief)])
        team = admin.search("hr.employee", [("user_id", "in", people)])
        admin.write("hr.employee", team, parent_id=boss)

    def _visit_with(self, friend):
        domain = [("companion_ids", "in", friend), ("user_id", "=", self.user)]
        return self.town.admin.row("field.visit", domain, ["state", "company_yes_ids"])

    def test_what_stands_out_is_read_and_explained(self):
        day = today().isoformat()
        ((habit,),) = self.town.sql(
            """INSERT INTO field_visit_habit (user_id, company_id, kind, visit_count, date_from,
                                              date_to, sample, state, is_shown, due_at)
               VALUES (%s, 1, 'copied', 5, %s, %s, %s, 'open', false,
                       now() AT TIME ZONE 'UTC' + interval '2 hours') RETURNING id""",
            *(self.user, day, day, SAME[self.lang]),
        )
        self.town.sql(
            """INSERT INTO field_visit_habit_rel (habit_id, visit_id)
               SELECT %s, id FROM field_visit WHERE user_id = %s""",
            *(habit, self.user),
        )
        tab = self._phone_of(self.login)
        tab.see(".o_fv_stop")  # the day stands above it and comes a moment later
        tab.see(".o_fv_habits", SAME[self.lang])
        self.look(tab, "habits")
        tab.offline()
        tab.tap("button[name=explain_habit]")
        tab.type("textarea[name=habit_words]", WHY[self.lang])
        self.look(tab, "habit-words")
        tab.tap("button[name=save_habit]")
        tab.see(".o_fv_habits", WHY[self.lang])
        tab.offline(False)
        settled(tab)
        said = self.town.sql("SELECT explanation FROM field_visit_habit WHERE id = %s", habit)
        self.assertEqual(said, [(WHY[self.lang],)])


class TestCompanyEnglish(Company, PhoneCase):
    lang = "en_US"


class TestCompanyChinese(Company, PhoneCase):
    lang = "zh_CN"
