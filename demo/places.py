"""Where the demo happens: streets of Shanghai, and fictional shops along them. Pure; WGS-84.

The streets are real, as straight lines between two of their points; every name of a shop is made
up. Each territory lies on one side of the river, so that nobody has to cross it by car.
"""

import math
import random
from dataclasses import dataclass

M_PER_DEGREE = 111_195.0
SHOPS_PER_STREET = 3


@dataclass(frozen=True)
class Street:
    zh: str
    en: str
    start: tuple  #: (lat, lng)
    end: tuple


@dataclass(frozen=True)
class Territory:
    key: str
    zh: str
    en: str
    zip: str
    streets: tuple


@dataclass(frozen=True)
class Shop:
    """A fictional shop, a customer already or not yet."""

    key: str
    zh: str
    en: str
    territory: Territory
    street: Street
    number: int
    lat: float
    lng: float
    kind: str  #: shop, supermarket or restaurant
    prospect: bool

    @property
    def name(self):
        return f"{self.zh} {self.en}"

    @property
    def district(self):
        return f"{self.territory.zh} {self.territory.en}"

    @property
    def address(self):
        return f"{self.street.zh}{self.number}号 ({self.number} {self.street.en})"


TERRITORIES = (
    Territory(
        "jingan",
        "静安区",
        "Jing'an",
        "200040",
        (
            Street("南京西路", "Nanjing West Road", (31.2240, 121.4440), (31.2312, 121.4655)),
            Street("北京西路", "Beijing West Road", (31.2275, 121.4425), (31.2362, 121.4660)),
            Street("新闸路", "Xinzha Road", (31.2318, 121.4420), (31.2400, 121.4670)),
            Street("江宁路", "Jiangning Road", (31.2320, 121.4535), (31.2480, 121.4440)),
            Street("胶州路", "Jiaozhou Road", (31.2270, 121.4400), (31.2400, 121.4340)),
        ),
    ),
    Territory(
        "huangpu",
        "黄浦区",
        "Huangpu",
        "200001",
        (
            Street("淮海中路", "Huaihai Middle Road", (31.2165, 121.4510), (31.2260, 121.4770)),
            Street("复兴中路", "Fuxing Middle Road", (31.2130, 121.4560), (31.2190, 121.4790)),
            Street("西藏南路", "Xizang South Road", (31.2280, 121.4790), (31.2090, 121.4850)),
            Street("福州路", "Fuzhou Road", (31.2330, 121.4760), (31.2362, 121.4840)),
            Street("陆家浜路", "Lujiabang Road", (31.2120, 121.4830), (31.2135, 121.4940)),
        ),
    ),
    Territory(
        "xuhui",
        "徐汇区",
        "Xuhui",
        "200030",
        (
            Street("肇嘉浜路", "Zhaojiabang Road", (31.1965, 121.4400), (31.2080, 121.4620)),
            Street("漕溪北路", "Caoxi North Road", (31.1930, 121.4370), (31.1830, 121.4350)),
            Street("宜山路", "Yishan Road", (31.1900, 121.4290), (31.1740, 121.3950)),
            Street("漕宝路", "Caobao Road", (31.1690, 121.4340), (31.1650, 121.4000)),
            Street("钦州路", "Qinzhou Road", (31.1800, 121.4180), (31.1620, 121.4180)),
        ),
    ),
    Territory(
        "changning",
        "长宁区",
        "Changning",
        "200050",
        (
            Street("长宁路", "Changning Road", (31.2225, 121.4180), (31.2190, 121.3900)),
            Street("天山路", "Tianshan Road", (31.2110, 121.4080), (31.2110, 121.3800)),
            Street("仙霞路", "Xianxia Road", (31.2065, 121.4060), (31.2030, 121.3750)),
            Street("延安西路", "Yan'an West Road", (31.2100, 121.4270), (31.2010, 121.4050)),
            Street("剑河路", "Jianhe Road", (31.2180, 121.3600), (31.2020, 121.3620)),
        ),
    ),
    Territory(
        "yangpu",
        "杨浦区",
        "Yangpu",
        "200082",
        (
            Street("四川北路", "Sichuan North Road", (31.2520, 121.4830), (31.2670, 121.4790)),
            Street("大连路", "Dalian Road", (31.2600, 121.5100), (31.2790, 121.5020)),
            Street("控江路", "Kongjiang Road", (31.2720, 121.5100), (31.2780, 121.5300)),
            Street("四平路", "Siping Road", (31.2690, 121.4920), (31.2930, 121.5080)),
            Street("黄兴路", "Huangxing Road", (31.2780, 121.5230), (31.2960, 121.5160)),
        ),
    ),
    Territory(
        "lujiazui",
        "浦东新区",
        "Pudong",
        "200120",
        (
            Street("世纪大道", "Century Avenue", (31.2350, 121.5100), (31.2220, 121.5330)),
            Street("张杨路", "Zhangyang Road", (31.2310, 121.5150), (31.2380, 121.5420)),
            Street("浦东南路", "Pudong South Road", (31.2320, 121.5140), (31.2150, 121.5130)),
            Street("潍坊路", "Weifang Road", (31.2260, 121.5150), (31.2310, 121.5260)),
            Street("花木路", "Huamu Road", (31.2100, 121.5530), (31.2110, 121.5750)),
        ),
    ),
    Territory(
        "zhangjiang",
        "浦东新区",
        "Pudong",
        "201203",
        (
            Street("张江路", "Zhangjiang Road", (31.2090, 121.6050), (31.1900, 121.6080)),
            Street("祖冲之路", "Zuchongzhi Road", (31.2080, 121.5850), (31.2060, 121.6100)),
            Street("碧云路", "Biyun Road", (31.2400, 121.5800), (31.2480, 121.5830)),
            Street("金桥路", "Jinqiao Road", (31.2550, 121.5760), (31.2640, 121.5830)),
            Street("龙阳路", "Longyang Road", (31.2040, 121.5600), (31.2050, 121.5400)),
        ),
    ),
    Territory(
        "minhang",
        "闵行区",
        "Minhang",
        "201100",
        (
            Street("莘松路", "Xinsong Road", (31.1130, 121.3790), (31.1140, 121.3600)),
            Street("七莘路", "Qixin Road", (31.1570, 121.3560), (31.1220, 121.3770)),
            Street("沪闵路", "Humin Road", (31.1130, 121.3900), (31.1370, 121.4080)),
            Street("吴中路", "Wuzhong Road", (31.1800, 121.3900), (31.1700, 121.3600)),
            Street("都市路", "Dushi Road", (31.1100, 121.3870), (31.0960, 121.3920)),
        ),
    ),
)

_WORDS = (
    ("春禾", "Chunhe"), ("云杉", "Yunshan"), ("青石", "Qingshi"), ("橙田", "Chengtian"),
    ("竹里", "Zhuli"), ("麦穗", "Maisui"), ("远帆", "Yuanfan"), ("柳岸", "Liu'an"),
    ("海棠", "Haitang"), ("松果", "Songguo"), ("白鹭", "Bailu"), ("禾田", "Hetian"),
    ("石榴", "Shiliu"), ("月湾", "Yuewan"), ("南枝", "Nanzhi"), ("小满", "Xiaoman"),
    ("谷雨", "Guyu"), ("晴川", "Qingchuan"), ("木槿", "Mujin"), ("银杏", "Yinxing"),
    ("山茶", "Shancha"), ("双桥", "Shuangqiao"), ("千帆", "Qianfan"), ("溪口", "Xikou"),
    ("长亭", "Changting"), ("丹枫", "Danfeng"), ("碧泉", "Biquan"), ("金穗", "Jinsui"),
    ("桂香", "Guixiang"), ("荷塘", "Hetang"), ("望江", "Wangjiang"), ("东篱", "Dongli"),
    ("新月", "Xinyue"), ("百合", "Baihe"), ("翠微", "Cuiwei"), ("朝露", "Zhaolu"),
    ("平安里", "Ping'anli"), ("四季青", "Sijiqing"), ("和风", "Hefeng"), ("满庭", "Manting"),
)  # fmt: skip
_KINDS = (
    ("便利店", "Mart", "shop"),
    ("超市", "Supermarket", "supermarket"),
    ("食品店", "Foods", "shop"),
    ("餐厅", "Kitchen", "restaurant"),
    ("百货", "General Store", "shop"),
)


def make_shops(seed):
    """120 shops, 15 in each territory, along its streets; four of them are prospects.

    :return: list of :class:`Shop`, the same for the same seed
    """
    rng = random.Random(f"{seed}/shops")
    names = [(word, kind) for kind in _KINDS for word in _WORDS]
    rng.shuffle(names)
    shops = []
    for territory in TERRITORIES:
        places = [place for street in territory.streets for place in _along(street, rng)]
        prospects = set(rng.sample(range(len(places)), 4))
        for i, (street, number, lat, lng) in enumerate(places):
            (zh, en), (kind_zh, kind_en, kind) = names.pop()
            shops.append(
                Shop(
                    key=f"{territory.key}_{i + 1:02d}",
                    zh=zh + kind_zh,
                    en=f"{en} {kind_en}",
                    territory=territory,
                    street=street,
                    number=number,
                    lat=lat,
                    lng=lng,
                    kind=kind,
                    prospect=i in prospects,
                )
            )
    return shops


def make_neighbours(seed):
    """Shops that are nobody's customers: two on each street, with the names that are left.

    :return: list of :class:`Shop`, the same for the same seed
    """
    rng = random.Random(f"{seed}/neighbours")
    taken = {shop.zh for shop in make_shops(seed)}
    names = [(word, kind) for kind in _KINDS for word in _WORDS if word[0] + kind[0] not in taken]
    rng.shuffle(names)
    streets = [(territory, street) for territory in TERRITORIES for street in territory.streets]
    sites = [
        (territory, *place)
        for territory, street in streets
        for place in rng.sample(list(_along(street, rng)), 2)
    ]
    return [
        Shop(f"neighbour_{i + 1:02d}", zh + kind_zh, f"{en} {kind_en}", *site, kind, True)
        for i, (site, ((zh, en), (kind_zh, kind_en, kind))) in enumerate(
            zip(sites, names, strict=False)
        )
    ]


def _along(street, rng):
    """Places at both sides of a street, with rising house numbers."""
    (lat, lng), (end_lat, end_lng) = street.start, street.end
    scale = math.cos(math.radians(lat))
    north, east = (end_lat - lat) * M_PER_DEGREE, (end_lng - lng) * M_PER_DEGREE * scale
    length = math.hypot(north, east)
    for i in range(SHOPS_PER_STREET):
        share = (i + rng.uniform(0.2, 0.8)) / SHOPS_PER_STREET
        side = rng.choice((-1, 1)) * rng.uniform(12, 22)
        number = 2 * round(share * length / 12) + (1 if side > 0 else 2)
        dn = north * share + side * east / length
        de = east * share - side * north / length
        place = lat + dn / M_PER_DEGREE, lng + de / M_PER_DEGREE / scale
        yield street, number, round(place[0], 6), round(place[1], 6)


def home_of(territory_key, seed):
    """Where the rep of a territory lives: somewhere on one of its streets."""
    territory = next(t for t in TERRITORIES if t.key == territory_key)
    rng = random.Random(f"{seed}/home/{territory_key}")
    street = territory.streets[-1]
    share = rng.uniform(0.3, 0.7)
    return tuple(
        round(street.start[i] + share * (street.end[i] - street.start[i]), 6) for i in (0, 1)
    )
