import unittest

from ..tools.same_customer import name_key, phone_key, reasons


class TestSameCustomer(unittest.TestCase):
    def test_keys(self):
        self.assertEqual(name_key("上海金龙贸易有限公司"), name_key("上海金龙贸易"))
        self.assertEqual(name_key("Blue-Whale Co., Ltd."), "bluewhale")
        self.assertEqual(phone_key("+86 (21) 5550-1001"), phone_key("021 5550 1001"))
        self.assertEqual(phone_key("110"), "")

    def test_near_needs_alike_names(self):
        one = {"name": "金龙超市"}
        self.assertEqual(reasons(one, {"name": "金龙超市（南门）"}, 50), ["place"])
        self.assertEqual(reasons(one, {"name": "和平药房"}, 5), [])
        self.assertEqual(reasons(one, {"name": "金龙超市南"}, None), [])

    def test_nothing_is_not_the_same(self):
        self.assertEqual(reasons({}, {}, 0), [])
