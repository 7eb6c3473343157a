"""What the demo company sells and how it works: plain data, each text in English and Chinese."""

from dataclasses import dataclass

COMPANY = "晨溪消费品 Chenxi Consumer Goods"
COMPANY_STREET = "北京西路600号 (600 Beijing West Road)"
MILEAGE_RATE = 1.2  # CNY per km
MILEAGE_RATE_ELECTRIC = 0.8

# English, Chinese, price in CNY, cost, category
CATEGORIES = {
    "drinks": ("Drinks", "饮料"),
    "food": ("Food", "食品"),
    "home": ("Home care", "家居清洁"),
    "body": ("Personal care", "个人护理"),
}
PRODUCTS = (
    ("Spring water 550 ml × 24", "天然泉水 550毫升×24", 26.0, 15.5, "drinks", "D01"),
    ("Green tea, unsweetened 500 ml × 15", "无糖绿茶 500毫升×15", 45.0, 27.0, "drinks", "D02"),
    ("Jasmine tea 500 ml × 15", "茉莉花茶 500毫升×15", 45.0, 27.5, "drinks", "D03"),
    ("Soy milk 250 ml × 24", "原味豆奶 250毫升×24", 52.0, 33.0, "drinks", "D04"),
    ("Plum drink 330 ml × 12", "酸梅汤 330毫升×12", 38.0, 22.0, "drinks", "D05"),
    ("Rice crackers 400 g", "香米饼 400克", 12.8, 7.2, "food", "F01"),
    ("Sesame biscuits 300 g", "芝麻饼干 300克", 9.9, 5.4, "food", "F02"),
    ("Noodles, thin 1 kg", "细挂面 1千克", 8.5, 4.9, "food", "F03"),
    ("Light soy sauce 500 ml", "生抽酱油 500毫升", 11.5, 6.3, "food", "F04"),
    ("Rice vinegar 500 ml", "米醋 500毫升", 8.9, 4.6, "food", "F05"),
    ("Laundry liquid 2 kg", "洗衣液 2千克", 29.9, 17.0, "home", "H01"),
    ("Dish soap 1 kg", "洗洁精 1千克", 13.9, 7.5, "home", "H02"),
    ("Kitchen paper, 4 rolls", "厨房纸 4卷", 18.9, 11.0, "home", "H03"),
    ("Facial tissues, 10 packs", "抽纸 10包", 25.9, 15.8, "home", "H04"),
    ("Hand soap 500 ml", "洗手液 500毫升", 15.9, 8.4, "body", "P01"),
    ("Shampoo 400 ml", "洗发水 400毫升", 28.0, 15.0, "body", "P02"),
    ("Toothpaste 120 g", "牙膏 120克", 9.5, 4.8, "body", "P03"),
    ("Shower gel 750 ml", "沐浴露 750毫升", 26.0, 14.2, "body", "P04"),
)

TAGS = {
    "shop": ("Corner shop", "便利店"),
    "supermarket": ("Supermarket", "超市"),
    "restaurant": ("Restaurant", "餐饮"),
    "prospect": ("Prospect", "潜在客户"),
}

DEPARTMENTS = {
    "director": ("Sales", "销售部"),
    "leader": ("Shanghai West", "浦西组"),
    "leader2": ("Shanghai East", "浦东组"),
}
JOBS = {
    "director": ("Sales Director", "销售总监"),
    "leader": ("Team Leader", "销售主管"),
    "rep": ("Sales Representative", "销售代表"),
}

POLICY = ("Shanghai field sales", "上海外勤管理制度")
#: What the demo company asks about in tracks: things no honest phone does.
QUESTIONS = ("mock", "teleport", "replay", "backdated", "two_phones")


@dataclass(frozen=True)
class ProcedureStep:
    key: str
    kind: str
    en: str
    zh: str
    hint_en: str = ""
    hint_zh: str = ""
    required: bool = True
    min_photos: int = 1


PROCEDURE = ("Supermarket shelf check", "超市货架检查")
PROCEDURE_STEPS = (
    ProcedureStep(
        "entrance", "photo", "Entrance", "门头照",
        "One photo with the sign.", "拍一张带招牌的照片。",
    ),
    ProcedureStep(
        "shelf", "photo", "Our shelf", "本品货架",
        "Left half and right half.", "左半边、右半边各一张。", min_photos=2,
    ),
    ProcedureStep(
        "price", "check", "Price tags are right", "价格牌正确",
        "Compare with today's price list.", "对照今天的价格表。",
    ),
    ProcedureStep(
        "count", "stock", "Count the shelf", "盘点货架",
        "Stock and facings of our goods.", "本品库存和排面。",
    ),
    ProcedureStep(
        "rival", "competitor", "What competitors ask for", "竞品价格",
        "Prices and promotions.", "价格和促销。", required=False,
    ),
    ProcedureStep(
        "money", "collection", "Collect", "收款",
        "Received or promised.", "收到或承诺的金额。", required=False,
    ),
)  # fmt: skip

#: What a restaurant is visited for, and what it is asked.
TALK = ("Restaurant visit", "餐厅拜访")
TALK_STEPS = (
    ProcedureStep(
        "door", "code", "Label at the door", "扫描门口标签",
        "Scan the code that hangs there.", "扫描贴在门口的二维码。", required=False,
    ),
    ProcedureStep("survey", "form", "Questions", "问卷", "Ask the manager.", "请店长回答。"),
    ProcedureStep(
        "ours", "price", "What our goods cost here", "本品售价",
        "As the menu says.", "按菜单填写。", required=False,
    ),
    ProcedureStep(
        "wish", "order", "Wishes", "订货意向", "What he wants next week.", "下周要什么。",
        required=False,
    ),
    ProcedureStep(
        "paper", "document", "Delivery note", "送货单", "One photo of it.", "拍一张照片。",
        required=False,
    ),
    ProcedureStep(
        "talk", "audio", "Talk", "谈话录音", "Say it first.", "先告知对方。", required=False,
    ),
    ProcedureStep(
        "signed", "signature", "Signature", "签名", "On the phone.", "在手机上签。", required=False,
    ),
)  # fmt: skip
FORM = ("Restaurant survey", "餐厅问卷")
QUESTIONS = (
    ("yes_no", ("Is our card on the tables?", "桌上有我们的酒水单吗？"), ()),
    ("choice", ("Who decides what is bought?", "谁决定进货？"), (
        ("The owner", "老板"), ("The manager", "店长"), ("The kitchen", "厨房"),
    )),
    ("multi", ("What else is drunk here?", "还喝什么？"), (
        ("Beer", "啤酒"), ("Tea", "茶"), ("Juice", "果汁"),
    )),
    ("number", ("Seats", "座位数"), ()),
    ("text", ("What does he wish for?", "有什么要求？"), ()),
)  # fmt: skip

#: What must stand on the shelf of a supermarket: code, facings, stock.
SHELF = ("Supermarket shelf", "超市货架标准")
SHELF_LINES = (
    ("D01", 6, 24), ("D02", 4, 15), ("D03", 4, 15), ("D04", 2, 12), ("F01", 3, 10), ("H01", 2, 6),
)  # fmt: skip
SHELF_DAYS = 7
#: Brands beside ours: products with their usual price.
BRANDS = (
    (("Morning Dew", "晨露"), (
        (("Dew spring water 550 ml", "晨露矿泉水 550毫升"), 1.9),
        (("Dew green tea 500 ml", "晨露绿茶 500毫升"), 3.6),
    )),
    (("Full Valley", "丰谷"), (
        (("Valley rice crackers 400 g", "丰谷米饼 400克"), 12.5),
    )),
)  # fmt: skip
#: The product group of each brand's goods.
BRAND_GROUPS = ("drinks", "food")
PRICE_DROP = 12  # percent under the usual price that is told to the leader

POOL = "上海公海池 Shanghai Pool"
POOL_NOTE = (
    "展会和官网来的新店，先到先得，每人最多持有十条。\n"
    "New shops from fairs and the website. First come, first served; ten per person at most."
)
LEAD_TOPICS = (
    "询价 Asks for prices",
    "想进绿茶 Wants green tea",
    "要样品 Asks for samples",
    "换供应商 New supplier",
    "新开业 Just opened",
)
LEAD_SOURCES = (("Trade fair", "展会"), ("Website form", "官网留言"), ("Referral", "客户介绍"))
SURNAMES = (
    ("钱", "Qian"), ("冯", "Feng"), ("褚", "Chu"), ("卫", "Wei"), ("蒋", "Jiang"), ("沈", "Shen"),
    ("韩", "Han"), ("杨", "Yang"), ("朱", "Zhu"), ("秦", "Qin"), ("许", "Xu"), ("何", "He"),
)  # fmt: skip
DEAL_TOPICS = (
    "绿茶专架 Shelf for green tea",
    "冰柜投放 Cooler",
    "年度合同 Yearly contract",
    "豆奶进店 Soy milk listing",
    "饼干促销 Biscuit promotion",
)
RIVALS = ("晨露饮品 Morning Dew", "丰谷食品 Full Valley", "东海商贸 East Sea Trading")
LOST_REASONS = (
    ("Price", "价格"),
    ("No room on the shelf", "没有货架位置"),
    ("Stays with his supplier", "继续用原供应商"),
    ("Shop closes", "门店关闭"),
)
COACH_NOTE = (
    "先约老板本人谈冰柜和账期，周五前给我计划。\n"
    "Talk to the owner himself about the cooler and the payment terms; your plan by Friday, please."
)

REGIONS = (("West of the river", "浦西"), ("East of the river", "浦东"))
SEGMENTS = (
    (("Key accounts", "大客户"), [("expected_revenue", ">=", 70000)]),
    (("Small shops", "小店"), [("expected_revenue", "<", 70000)]),
)
POINTS = (
    (("Order of 70,000 or more", "预期金额 7 万以上"), [("expected_revenue", ">=", 70000)], 30),
    (("Nobody else is in talks", "没有竞争对手"), [("field_competitor_ids", "=", False)], 20),
    (("Asked for by the customer", "客户主动询问"), [("priority", "in", ("1", "2", "3"))], 15),
    (("No telephone number", "没有电话"), [("phone", "=", False)], -10),
)
HELP = (
    ("讲清冷柜耗电 Explain what the cooler needs", 6),
    ("一起准备报价 Help with the quotation", 3),
)
TASK = "发冷柜参数表 Send the data sheet of the cooler"
