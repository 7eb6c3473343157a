"""What reps write: short, in both languages, as the people of this company do."""

NOTES = (
    "货架已补满 · Shelf refilled",
    "促销堆头已摆好 · Promotion stand set up",
    "店长要求周五送货 · Wants delivery on Friday",
    "竞品降价一元 · Competitor is one yuan cheaper",
    "绿茶卖得快，下次多带 · Green tea sells fast, bring more",
    "临期商品已换 · Short-dated goods exchanged",
    "新店员，已介绍产品 · New clerk, products explained",
    "价格牌已更换 · Price tags replaced",
)
BLOCKERS = (
    "两家店装修停业 · Two shops closed for renovation",
    "绿茶断货 · Green tea is out of stock",
    "店长开会，没见到人 · The manager was in a meeting",
    "下午堵车，晚到半小时 · Traffic, half an hour late",
)
TOMORROW = (
    "先去没见到的店 · First the shops I missed",
    "带新价目表 · Bring the new price list",
    "跟进促销堆头 · See to the promotion stand",
    "谈新店进场 · Talk about listing in the new shop",
)
CANNOT = (
    "店里太忙 · Too busy right now",
    "店长不在 · Manager is out",
    "不允许拍照 · No photos allowed",
)
AFAR = (
    "客户约在外面见面 · Customer asked to meet elsewhere",
    "地址不准 · The pin is wrong",
)
ORDERS = (
    "绿茶 500毫升 箱 · Green tea 500 ml, cases",
    "矿泉水 箱 · Spring water, cases",
    "米饼 箱 · Rice crackers, cases",
)
PROMISES = (
    "送样品 · Bring samples",
    "回复账期 · Answer about the payment terms",
    "换冰柜门封 · Replace the seal of the cooler",
    "送新海报 · Bring the new poster",
)
CALLS = (
    "问新品价格 · Asks for prices of the new tea",
    "确认周五送货 · Delivery on Friday is fine",
    "已发对账单 · Statement of account sent",
)
CHANGES = (
    "店里换了号码 · The shop has a new number",
    "旧号码是老店长的 · The old number was the former manager's",
)
NEW_SHOPS = (
    "转角食品店 Corner Foods",
    "新桥便利 New Bridge Store",
    "小满茶铺 Xiaoman Tea",
    "同福小吃 Tongfu Snacks",
)
