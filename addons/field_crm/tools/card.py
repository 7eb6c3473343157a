"""From the lines of a business card to its fields, Chinese and English. Pure, no ORM.

A guess, always looked over by a person: what is not recognised is left out rather than invented.
"""

import re
from dataclasses import dataclass

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
MAIL_GAPS = re.compile(r"\s*([@＠])\s*")
NUMBER = re.compile(r"(?:\+|00)?\(?\d[\d\s().－–-]{5,}\d")
FAX = re.compile(r"\bfax\b|传\s*真|傳\s*真", re.IGNORECASE)
MOBILE = re.compile(r"\bmob|\bcell|手\s*机|手\s*機|移动|(?<!\d)1[3-9]\d{9}(?!\d)", re.IGNORECASE)
WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
LABEL = re.compile(
    r"^(?:地\s*址|公司地址|add(?:ress)?|a|姓\s*名|name|职\s*务|职\s*位|title|公\s*司|company)\s*[:：.]\s*",
    re.IGNORECASE,
)
COMPANY = re.compile(
    r"有限公司|有限责任|公司|集团|株式会社|事务所|研究院|商行|工厂|超市|酒店|大学|医院"
    r"|\b(?:ltd|limited|inc|llc|gmbh|corp|corporation|company|group|holdings?|plc|s\.?a\.?s?|b\.?v|"
    r"pty|co)\b\.?",
    re.IGNORECASE,
)
TITLE_END = (
    r"经理|经\s理|總監|总监|总裁|总经理|董事长|董事|主任|主管|工程师|工程師|顾问|专员|助理|代表|店长|"
    r"厂长|部长|科长|处长|院长|会长|主席|采购员|业务员|销售员|会计|律师|教授|创始人|合伙人|负责人|總經理|經理"
)
TITLE_START = (
    r"副|高级|资深|首席|执行|常务|区域|大区|华东|华南|华北|全国|采购|销售|市场|技术|财务|行政|人事|人力资源|"
    r"项目|产品|运营|客户|业务|品牌|渠道|生产|质量|研发|信息|商务|物流|招商|部门?|总"
)
TITLE_ZH = re.compile(rf"(?:{TITLE_START})*(?:{TITLE_END})(?:[/、兼]\S+)?$")
TITLE_EN = re.compile(
    r"\b(?:manager|director|engineer|president|officer|chief|ceo|cto|cfo|coo|head|consultant|founder|"
    r"partner|assistant|executive|buyer|representative|supervisor|specialist|chairman|owner|"
    r"purchasing|procurement|sales|marketing|analyst|architect|secretary|accountant)\b",
    re.IGNORECASE,
)
STREET_EN = re.compile(
    r"\b(?:road|rd|street|st|avenue|ave|lane|building|bldg|floor|room|tower|district|plaza|suite|"
    r"boulevard|blvd|drive|square|park)\b\.?",
    re.IGNORECASE,
)
STREET_ZH = re.compile(
    r"[路街道巷弄]\s*\d|\d+\s*[号號弄室楼层]|[省市区县].*[路街道号號]|大厦|广场|工业园"
)
CITY_ZH = re.compile(r"^(?:中国)?(?:[一-鿿]{2,8}(?:省|自治区))?([一-鿿]{2,4}?)市")
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季"
    "裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦"
    "戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧葉蘇呂盧鍾陸賈韋鄒閻龍賀顧龔嚴湯"
)
DOUBLE = "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|夏侯|歐陽|司馬|諸葛"
HAN_NAME = re.compile(rf"(?:{DOUBLE}|[{SURNAMES}])[一-鿿·]{{1,2}}")
LATIN_NAME = re.compile(r"[A-Z][a-zA-Z'’-]+(?:[ ,.]+[A-Z][a-zA-Z'’-]*\.?){1,3}")
HAN = re.compile(r"[一-鿿]")
LONG_WORD = 10
# Readers of pictures lose the blank between words. "GmbH" is one word, "TradingGmbH" two.
GLUED = re.compile(r"(?<=[a-z\d])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)|(?<=[a-z.],)(?=[A-Z\d])")


@dataclass(frozen=True)
class Line:
    """One line as read: the text, its height in pixels (names are written large)."""

    text: str
    height: float = 1.0


def read_card(lines):
    """What stands where on a card.

    :param lines: `Line`s from the top to the bottom
    :returns: dict of ``contact, company, position, phone, email, website, street, city``; texts,
        empty where nothing was recognised
    """
    rest = [Line(" ".join(line.text.split()), line.height) for line in lines]
    found = dict.fromkeys(
        ("contact", "company", "position", "phone", "email", "website", "street", "city"), ""
    )
    rest = _take_mail_and_web(rest, found)
    rest = _take_phone(rest, found)
    rest = [Line(_unglue(LABEL.sub("", line.text)), line.height) for line in rest]
    rest = _take_company(rest, found)
    rest = _take_street(rest, found)
    _take_person(rest, found)
    return found


def _unglue(text):
    """A line that has lost its blanks gets them back; a short word beside others is a name."""
    if HAN.search(text):
        return text
    words = text.split(" ")
    lost = 0 if len(words) == 1 else LONG_WORD
    return " ".join(GLUED.sub(" ", word) if len(word) >= lost else word for word in words)


def _take_mail_and_web(lines, found):
    rest = []
    for line in lines:
        text = MAIL_GAPS.sub("@", line.text)
        mail, web = MAIL.search(text), WEB.search(text)
        if mail:
            found["email"] = found["email"] or mail[0].lower()
        elif web:
            found["website"] = found["website"] or web[0].rstrip(".,;，；")
        else:
            rest.append(line)
    return rest


def _take_phone(lines, found):
    """The mobile number before any other; a fax number is none."""
    rest, numbers = [], []
    for line in lines:
        parts = [(part, _is_number(part)) for part in NUMBER.findall(line.text)]
        digits = sum(len(re.sub(r"\D", "", part)) for part, good in parts if good)
        letters = len(re.sub(r"[\d\W_]", "", line.text))
        if not digits or letters > digits:
            rest.append(line)
            continue
        fax = FAX.search(line.text)
        before = fax.start() if fax else len(line.text)
        for part, good in parts:
            if good and line.text.find(part) < before:
                numbers.append((not MOBILE.search(line.text), len(numbers), part.strip(" .-–")))
    if numbers:
        found["phone"] = min(numbers)[2]
    return rest


def _is_number(text):
    return 7 <= len(re.sub(r"\D", "", text)) <= 15


def _take_company(lines, found):
    named = [line for line in lines if COMPANY.search(line.text) and not _is_street(line.text)]
    if named:  # in Chinese before English, as it is registered
        best = max(named, key=lambda line: (bool(HAN.search(line.text)), line.height))
        found["company"] = best.text
    return [line for line in lines if line not in named]


def _is_street(text):
    if COMPANY.search(text) and not re.search(r"\d", text):
        return False
    return bool(STREET_ZH.search(text) or (STREET_EN.search(text) and re.search(r"\d", text)))


def _take_street(lines, found):
    streets = [line for line in lines if _is_street(line.text)]
    if streets:
        text = max(streets, key=lambda line: bool(HAN.search(line.text))).text
        city = CITY_ZH.match(text)
        found["street"], found["city"] = text, city[1] if city else ""
    return [line for line in lines if line not in streets]


def _take_person(lines, found):
    names, titles = [], []
    for line in lines:
        name, title = _split_person(line.text)
        if name:
            names.append((bool(HAN.search(name)), line.height, name))
        if title:
            titles.append((bool(HAN.search(title)), title))
    if names:
        found["contact"] = max(names)[2]
    if titles:
        best = max(has for has, _title in titles)
        found["position"] = next(title for has, title in titles if has == best)


def _split_person(text):
    """:returns: ``(name, title)``, each empty where the line holds none"""
    squeezed = re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", text)
    if HAN.search(squeezed):
        title = TITLE_ZH.search(squeezed)
        before = squeezed[: title.start()] if title else squeezed
        name = HAN_NAME.match(before)
        if title and not name and title.start():
            return "", squeezed  # a title with a word we do not know before it
        complete = name and not HAN.search(before[name.end() :])
        return (name[0] if complete else ""), (title[0] if title else "")
    if TITLE_EN.search(text):
        head, comma, tail = text.partition(",")
        if comma and LATIN_NAME.fullmatch(head.strip()) and not TITLE_EN.search(head):
            return head.strip(), tail.strip()
        return "", text
    return (text if LATIN_NAME.fullmatch(text) else ""), ""
