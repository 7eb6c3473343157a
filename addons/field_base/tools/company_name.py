"""Company names in the form two people would write alike."""

import re
import unicodedata
from functools import cache

# Legal forms, longest first within a group; they say nothing about which company it is.
_CHINESE_FORMS = (
    "股份有限责任公司",
    "集团股份有限公司",
    "集团有限公司",
    "股份有限公司",
    "有限责任公司",
    "科技有限公司",
    "股份合作公司",
    "有限合伙",
    "普通合伙",
    "个人独资",
    "个体工商户",
    "有限公司",
    "股份公司",
    "集团公司",
    "分公司",
    "总公司",
    "集团",
    "公司",
)
_LATIN_FORMS = frozenset(
    """
    ab ag aktiengesellschaft as asa bhd bv bvba co company cooperative corp corporation cv doo
    eg ek ev eurl gbr gesellschaft gmbh gmbhcokg ggmbh group holding holdings inc incorporated
    kft kg kgaa kk limited llc llp lp ltd ltda mbh nv oao ohg ooo oy oyj plc private pte pty
    pvt sa sab sarl sas sasu scs sdn sl sll slu snc spa spzoo srl sro the und ug zrt and
    """.split()  # noqa: SIM905
)
# Written before the name of nearly every company of a place; the larger cities also without 市.
_CITIES = (
    "北京|上海|天津|重庆|石家庄|太原|呼和浩特|沈阳|大连|长春|哈尔滨|南京|"
    "苏州|无锡|常州|南通|徐州|扬州|杭州|宁波|温州|嘉兴|绍兴|金华|台州|"
    "合肥|芜湖|福州|厦门|泉州|南昌|济南|青岛|烟台|潍坊|郑州|洛阳|武汉|"
    "宜昌|长沙|株洲|广州|深圳|珠海|佛山|东莞|中山|惠州|汕头|南宁|柳州|"
    "桂林|海口|三亚|成都|绵阳|贵阳|昆明|拉萨|西安|兰州|西宁|银川|"
    "乌鲁木齐|香港|澳门|台北"
)
_PROVINCES = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|"
    "湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|"
    "宁夏|新疆"
)
_PLACE = re.compile(
    rf"^(?:中国)?(?:(?:{_PROVINCES})(?:省|\w{{0,3}}自治区)?)?"
    # A supermarket or a night market is no city, and neither is what a market or an office has.
    rf"(?:(?:{_CITIES})市?|[\u4e00-\u9fff]{{2,4}}?(?<![超夜早菜])市(?![场政部]))?"
)
_BRACKETS = re.compile(r"[(\[【〔《〈][^)\]】〕》〉]*[)\]】〕》〉]")
_HAN = re.compile(r"[㐀-鿿]")
_NOT_WORD = re.compile(r"[^\w]+|_")
MOST_CHARACTERS = 20  # of a name that are looked at for its variants


@cache
def _to_simplified():
    """Table of single traditional characters, from OpenCC's dictionary."""
    from opencc import OpenCC

    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simple, strict=True)
    return {ord(char): other for char, other in pairs if char != other and len(other) == 1}


def simplify(text):
    """Full width to half width, traditional to simplified, lower case, without accents.

    >>> simplify("ＡＢＣ　軟體")
    'abc 软体'
    """
    text = unicodedata.normalize("NFKC", text or "").casefold()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = unicodedata.normalize("NFC", text)
    return text.translate(_to_simplified()) if _HAN.search(text) else text


def company_key(name):
    """The part of a name that tells companies apart.

    Without legal form, place in front, brackets, punctuation and blanks; never empty while the name
    has a letter or a character.

    >>> company_key("上海市红点（中国）商贸有限公司"), company_key("The Red-Dot Trading Co., Ltd.")
    ('红点商贸', 'red dot trading')
    """
    text = simplify(name)
    bare = _BRACKETS.sub(" ", text)
    key = _han_key(bare) if _HAN.search(bare) else _latin_key(bare)
    return key or _NOT_WORD.sub("", text)


def _han_key(text):
    text = _NOT_WORD.sub("", text)
    for form in _CHINESE_FORMS:
        if text.endswith(form) and len(text) > len(form) + 1:
            text = text[: -len(form)]
            break
    short = _PLACE.sub("", text, count=1)
    return short if len(short) >= 2 else text


def _latin_key(text):
    text = re.sub(r"\b(?:[a-z]\.){2,}", lambda found: found.group().replace(".", ""), text + " ")
    words = _NOT_WORD.sub(" ", text.replace("&", " and ")).split()
    kept = [word for word in words if word not in _LATIN_FORMS]
    return " ".join(kept or words)


def name_variants(key):
    """By what a Chinese name is found that is written with one character more, less or other.

    Two names that differ in one place share a variant in which that place is left out (the
    symmetric deletes of Wolf Garbe's SymSpell); the first four characters stand for a name that
    goes on. Short and rare, so an index of them answers at once, in whatever locale; names in
    Latin letters have none, trigrams find those.

    :param str key: see :func:`company_key`

    >>> sorted(name_variants("红点商贸"))
    ['点商贸', '红商贸', '红点商', '红点商贸', '红点贸']
    """
    if not key or not _HAN.search(key):
        return set()
    key = key.replace(" ", "")[:MOST_CHARACTERS]
    found = {key}
    if len(key) >= 4:
        found |= {key[:place] + key[place + 1 :] for place in range(len(key))}
    if len(key) >= 6:
        found.add(key[:4])
    return found


def email_domain(email, common=frozenset()):
    """The domain of an address of a company; None for those that anybody can have."""
    domain = (email or "").rpartition("@")[2].strip().casefold()
    return domain if "." in domain and domain not in common else None
