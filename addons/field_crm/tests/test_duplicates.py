from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..models import crm_lead_duplicate
from ..tools.linkage import Field, Linkage, one_to_one, same
from ..tools.trigrams import install_trigrams
from .common import LeadPoolCommon, digits_joined
from odoo.addons.field_base.tools.company_name import (
    company_key,
    email_domain,
    name_variants,
    simplify,
)
from odoo.addons.field_base.tools.tax_number import describe, normalise

ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
USCC = "91110000600037341L"


class TestCleaning(BaseCase):
    def test_names_of_one_company(self):
        for names in (
            (
                "上海市红点（中国）商贸有限公司",
                "上海红点商贸有限责任公司",
                "紅點商貿",
                "红点商贸（上海）公司",
            ),
            (
                "The Red-Dot Trading Co., Ltd.",
                "Red Dot Trading Limited",
                "ＲＥＤ　ＤＯＴ trading LLC",
            ),
            ("Müller & Söhne GmbH & Co. KG", "Muller & Sohne", "MÜLLER & SÖHNE G.m.b.H."),
            ("Société Générale S.A.", "Societe Generale SA"),
        ):
            self.assertEqual(len({company_key(name) for name in names}), 1, names)

    def test_names_of_different_companies(self):
        names = (
            "红点商贸有限公司",
            "蓝天商贸有限公司",
            "Red Dot Ltd",
            "Red Dog Ltd",
            "公司",
            "Ltd",
        )
        keys = [company_key(name) for name in names]
        self.assertEqual(len(set(keys)), len(names), keys)
        self.assertTrue(all(keys))
        self.assertEqual(simplify("ＡＢＣ軟體"), "abc软体")

    def test_variants_meet_where_one_character_differs(self):
        def meet(left, right):
            return bool(name_variants(company_key(left)) & name_variants(company_key(right)))

        for other in ("红啊商贸", "红点商货", "点商贸", "大红点商贸", "红商点贸", "红点商贸发展"):
            self.assertTrue(meet("红点商贸有限公司", other), other)
        for other in ("蓝天商贸", "红大商务", "商贸"):
            self.assertFalse(meet("红点商贸有限公司", other), other)
        self.assertFalse(name_variants("red dot") | name_variants(False) | name_variants(""))
        self.assertLessEqual(len(name_variants("红" * 300)), 22)

    def test_mail_domain(self):
        self.assertEqual(email_domain("Li@Shop.Example"), "shop.example")
        self.assertIsNone(email_domain("li@qq.com", {"qq.com"}))
        self.assertIsNone(email_domain(False))

    def test_tax_numbers(self):
        self.assertEqual(normalise("9111 0000-6000 37341l"), USCC)
        self.assertIsNone(normalise("911100006000373411"), "wrong check digit")
        self.assertEqual(normalise("DE 136,695 976".replace(",", ""), "DE"), "136695976")
        self.assertIsNone(normalise("DE136695977", "DE"))
        self.assertIsNone(normalise("x", "XX"))
        self.assertEqual(describe(USCC), {"kind": "company", "region": "110000"})
        self.assertEqual(describe("x"), {})


class TestLinkage(BaseCase):
    def _linkage(self):
        fields = [Field(n, same, m=[0.9, 0.1], u=[0.1, 0.9]) for n in "abc"]
        return Linkage(fields, prior=0.5)

    def test_score_and_explanation(self):
        linkage = self._linkage()
        levels = linkage.compare({"a": 1, "b": 1, "c": None}, {"a": 1, "b": 2, "c": 1})
        self.assertEqual(levels, [0, 1, None])
        self.assertAlmostEqual(linkage.score(levels), 0.5)
        self.assertAlmostEqual(linkage.score([0, 0, 0]), 729 / 730)
        self.assertEqual(linkage.explain([0, 1, None]), [("a", 0, 3.2), ("b", 1, -3.2)])

    def test_training_finds_the_two_groups(self):
        patterns = {(0, 0, 0): 95, (0, 0, 1): 5, (1, 1, 1): 850, (1, 1, 0): 40, (0, 1, 1): 10}
        trained = self._linkage().trained(patterns)
        self.assertAlmostEqual(trained.prior, 0.1, delta=0.02)
        self.assertGreater(trained.score((0, 0, 1)), 0.9)
        self.assertLess(trained.score((0, 1, 1)), 0.1)

    def test_one_to_one(self):
        scored = [(0.9, 1, 1), (0.95, 1, 2), (0.8, 2, 2), (0.7, 2, 1), (0.3, 3, 3)]
        self.assertEqual(one_to_one(scored, 0.5), [(1, 2), (2, 1)])


@tagged("post_install", "-at_install")
class TestDuplicates(LeadPoolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        install_trigrams(cls.env.cr)
        cls.boss = cls._new_user("dup_boss", ALL_LEADS)
        cls.manager = cls._new_user("dup_manager", "sales_team.group_sale_manager")
        cls.company.country_id = cls.env.ref("base.cn")
        cls.known = cls._lead("上海红点商贸有限公司", phone="138 1234 5678", city="Shanghai")
        cls.known.user_id = cls.rep2
        cls.company.field_duplicate_mode = "review"

    @classmethod
    def _lead(cls, company, **values):
        vals = {"name": company, "partner_name": company, "type": "lead", "user_id": False}
        vals |= {"team_id": False, "country_id": cls.env.ref("base.cn").id, **values}
        return cls.env["crm.lead"].create(vals)

    def _pairs(self, lead):
        return self.env["field.lead.duplicate"].search([("lead_id", "=", lead.id)])

    def test_the_system_check_knows_whether_similar_names_are_found(self):
        install_trigrams(self.env.cr)
        self.env["crm.lead"].init()
        Check = self.env["field.health.check"]
        self.assertEqual(Check._check_similar_names().state, "ok")
        self.env.cr.execute("DROP INDEX crm_lead__field_name_key_trgm_index")
        self.assertEqual(Check._check_similar_names().state, "problem")

    def test_same_number_written_differently_and_similar_name(self):
        new = self._lead("紅點商貿", phone="+86-13812345678")
        pair = self._pairs(new)
        self.assertEqual(pair.other_id, self.known)
        self.assertGreater(pair.score, 0.9)
        self.assertIn("telephone", pair.why)
        self.assertIn("company name", pair.why)

    def test_same_number_other_name_is_for_the_queue_or_nothing(self):
        new = self._lead("Blue Sky Logistics", phone="13812345678")
        self.assertLess(max(self._pairs(new).mapped("score"), default=0), 0.9)

    def test_similar_name_in_the_same_city_is_for_the_queue(self):
        new = self._lead("红点商贸公司", city="Shanghai")
        self.assertTrue(0.6 <= self._pairs(new).score < 0.9)

    def test_misspelt_name_is_found_by_index(self):
        self._lead("Northern Lights Bakery Ltd", city="Harbin", street="12 Central Road")
        new = self._lead("Nothern Light Bakery", city="Harbin", street="Central Road 12")
        self.assertGreater(self._pairs(new).score, 0.6)

    def test_chinese_name_with_one_wrong_character_is_found_without_trigrams(self):
        place = {"city": "Shanghai", "street": "南京东路100号"}
        known = self._lead("上海金龙贸易有限公司", **place)
        with patch.object(crm_lead_duplicate, "has_trigrams", return_value=False):
            new = self._lead("金笼贸易", **place)
        self.assertEqual(self._pairs(new).other_id, known)
        self.assertGreater(self._pairs(new).score, 0.6)

    def test_of_a_chain_the_shop_in_the_same_city_is_looked_at(self):
        self.company.field_duplicate_mode = "off"
        place = {"city": "Wuxi", "street": "Zhongshan Road 8"}
        shop = self._lead("全日便利", **place)
        for n in range(crm_lead_duplicate.EXACT):
            self._lead("全日便利", city=f"City {n}")
        self.company.field_duplicate_mode = "review"
        for name in ("全日便利", "全曰便利"):
            self.assertIn(shop, self._pairs(self._lead(name, **place)).other_id)

    def test_other_tax_number_speaks_against(self):
        self.known.field_tax_id = USCC
        new = self._lead("红点商贸", city="Shanghai", field_tax_id="91310000132211210A")
        self.assertFalse(self._pairs(new))
        again = self._lead("Something Else", field_tax_id=f" {USCC.lower()} ")
        self.assertGreater(self._pairs(again).score, 0.9)
        self.assertIn("110000", again.field_tax_info)

    def test_strangers_pass(self):
        self.assertFalse(
            self._pairs(self._lead("蓝天商贸有限公司", phone="13900001111", city="Wuhan"))
        )

    def test_off_means_off(self):
        self.company.field_duplicate_mode = "off"
        self.assertFalse(self._pairs(self._lead("红点商贸", phone="13812345678")))

    def test_block_refuses_and_says_whose_it_is_and_no_more(self):
        self.company.field_duplicate_mode = "block"
        with self.assertRaises(UserError) as refusal:
            self._lead("红点商贸", phone="13812345678")
        text = str(refusal.exception)
        self.assertIn(self.rep2.name, text)
        self.assertNotIn("1381234", digits_joined(text))

    def test_merge_when_certain(self):
        self.company.field_duplicate_mode = "merge"
        new = self._lead("红点商贸", phone="13812345678", email_from="li@red.example")
        kept = (new | self.known).filtered("active")
        self.assertEqual(len(kept), 1)
        self.assertEqual(kept.email_from, "li@red.example")

    def test_finder_learns_owner_and_date_only(self):
        mine = self.env["crm.lead"].with_user(self.rep)
        texts = mine.check_known({"partner_name": "红点商贸", "phone": "13812345678", "x": 1})
        self.assertEqual(len(texts), 1)
        self.assertIn(self.rep2.name, texts[0])
        self.assertNotIn("1381234", digits_joined(texts[0]))
        self.assertFalse(mine.check_known({"partner_name": "Nobody knows this"}))
        new = self._lead("红点商贸", phone="13812345678", user_id=self.rep.id)
        info = new.with_user(self.rep).field_duplicate_info
        self.assertIn(self.rep2.name, info)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self._pairs(new).with_user(self.rep).read(["score"])
        with self.assertRaises(UserError):
            for _n in range(70):
                mine.check_known({})

    def test_import_is_checked_by_the_job(self):
        vals = {"type": "lead", "user_id": False, "team_id": False}
        vals |= {"country_id": self.env.ref("base.cn").id}
        rows = [{"name": f"L{n}", "partner_name": f"Firm {n * 7919}", **vals} for n in range(24)]
        rows.append({**rows[0], "partner_name": "红点商贸", "phone": "13812345678"})
        leads = self.env["crm.lead"].create(rows)
        self.assertFalse(self._pairs(leads[-1]))
        with self.enter_registry_test_mode():
            self.env.ref("field_crm.ir_cron_check_duplicates").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._pairs(leads[-1]).other_id, self.known)
        self.assertFalse(any(leads.mapped("field_check_pending")))

    # merge and undo

    def _merge(self):
        new = self._lead(
            "红点商贸", phone="13812345678", email_from="li@red.example", expected_revenue=900
        )
        self.note = new.message_post(body="Note of the new one", subject="S")
        self.call = new.activity_schedule("mail.mail_activity_data_call", user_id=self.manager.id)
        self.file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"a", "res_model": "crm.lead", "res_id": new.id}
        )
        self._pairs(new).with_user(self.boss).action_merge()
        return new, self.env["field.lead.merge"].search([], limit=1)

    def test_merge_moves_everything_and_undo_brings_it_back(self):
        self.known.type = "opportunity"
        new, merge = self._merge()
        self.assertEqual((merge.lead_id, new.field_merged_into_id), (self.known, self.known))
        self.assertFalse(new.active)
        self.assertEqual(self.known.email_from, "li@red.example")
        self.assertEqual(self.known.user_id, self.rep2, "a merge changes no owner")
        for record in (self.note, self.call, self.file):
            self.assertEqual(record.res_id, self.known.id)
        self.known.city = "Suzhou"
        with self.assertRaises(AccessError):
            merge.with_user(self.boss).action_undo()
        merge.with_user(self.manager).action_undo()
        self.assertTrue(new.active)
        self.assertFalse(new.field_merged_into_id)
        self.assertFalse(self.known.email_from)
        self.assertEqual(self.known.city, "Suzhou", "what was entered since stays")
        for record in (self.note, self.call, self.file):
            self.assertEqual(record.res_id, new.id)
        self.assertEqual((self.note.subject, self.file.name), ("S", "a.txt"))
        with self.assertRaises(UserError):
            merge.with_user(self.manager).action_undo()

    def test_survivorship_is_data(self):
        field = self.env["ir.model.fields"]._get("crm.lead", "expected_revenue")
        self.env["field.lead.survivor"].create({"field_id": field.id, "rule": "largest"})
        self.known.expected_revenue = 500
        _new, merge = self._merge()
        self.assertEqual(merge.lead_id.expected_revenue, 900)

    def test_not_the_same_is_remembered(self):
        new = self._lead("红点商贸", phone="13812345678")
        pair = self._pairs(new)
        pair.with_user(self.boss).action_distinct()
        self.assertEqual((pair.state, pair.decided_by_id), ("distinct", self.boss))
        with self.assertRaises(UserError):
            pair.with_user(self.boss).action_merge()
