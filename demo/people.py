"""Who works in the demo company. Standard library only: the simulator reads it, too."""

from dataclasses import dataclass

PASSWORD = "demo"


@dataclass(frozen=True)
class Person:
    """Somebody of the demo company with a login."""

    login: str
    zh: str
    en: str
    role: str  #: director, leader or rep
    leader: str = ""  #: login of whom he reports to
    phone: str = ""
    habit: str = ""  #: see simulator/habits.py
    territory: str = ""  #: see places.py
    vehicle: str = "car"

    password: str = PASSWORD

    @property
    def name(self):
        return f"{self.zh} {self.en}"


DIRECTOR = Person("director", "沈嘉禾", "Shen Jiahe", "director", phone="021 5550 0100")
LEADERS = (
    Person("leader", "陆文清", "Lu Wenqing", "leader", "director", phone="021 5550 0110"),
    Person("leader2", "顾晓岚", "Gu Xiaolan", "leader", "director", phone="021 5550 0120"),
)
REPS = (
    Person("rep", "李明远", "Li Mingyuan", "rep", "leader", "021 5550 0111", "thorough", "jingan"),
    Person("rep2", "王若琳", "Wang Ruolin", "rep", "leader", "021 5550 0112", "steady", "huangpu"),
    Person("rep3", "张子昂", "Zhang Ziang", "rep", "leader", "021 5550 0113", "cheat", "xuhui"),
    Person("rep4", "陈思雨", "Chen Siyu", "rep", "leader", "021 5550 0114", "quick", "changning"),
    Person("rep5", "赵启航", "Zhao Qihang", "rep", "leader2", "021 5550 0121", "offline", "yangpu"),
    Person(
        "rep6", "孙佳宁", "Sun Jianing", "rep", "leader2", "021 5550 0122", "forgetful", "lujiazui"
    ),
    Person(
        "rep7",
        "周牧",
        "Zhou Mu",
        "rep",
        "leader2",
        "021 5550 0123",
        "hurried",
        "zhangjiang",
        vehicle="electric_car",
    ),
    Person("rep8", "吴桐", "Wu Tong", "rep", "leader2", "021 5550 0124", "silent", "minhang"),
)
PEOPLE = (DIRECTOR, *LEADERS, *REPS)


@dataclass(frozen=True)
class Login:
    """One line of what `./field demo` prints."""

    login: str
    password: str
    who: str
    path: str  #: where to look first


LOGINS = (
    Login("admin", "admin", "Administrator", "/odoo/field-policies"),
    Login(DIRECTOR.login, PASSWORD, f"Director: {DIRECTOR.en}", "/odoo/field-live"),
    Login(LEADERS[0].login, PASSWORD, f"Leader: {LEADERS[0].en}", "/odoo/field-live"),
    Login(REPS[0].login, PASSWORD, f"Representative: {REPS[0].en}", "/odoo/field-visits"),
    Login(REPS[1].login, PASSWORD, f"On a phone: {REPS[1].en}", "/field/"),
)
