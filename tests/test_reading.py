"""What helps a question meet a passage that says it otherwise: phrases, synonyms, spelling, names, places."""

import pytest

from chat import ReportChat
from chat.candidates import restricted
from chat.features import NAMES
from chat.names import names_in, profile, shortens
from chat.question import understand
from chat.spans import spans
from chat.spelling import mended
from chat.transliteration import transliterates, transliterations
from index.lexicon import Lexicon
from index.names import respelled, spelled_names
from index.phrases import grouped, stretches
from index.tokens import words
from ingest.fold import fold
from ingest.places import places
from ingest.read import document_from_text
from ingest.reported import reported_period

LEXICON = Lexicon.load()


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What was the non-performing loan ratio?", "non perform loan ratio"),
        ("How large were Scope 1 emissions?", "scop 1"),
        ("绿色贷款的余额是多少", "绿色贷款"),
        ("可記錄工傷率是多少?", "可记录工伤率"),
    ],
)
def test_phrases_are_one_term(question, term):
    assert term in [found.text for found in understand(question).terms]


@pytest.mark.parametrize("text", ["农村和县域", "上班的有多少人"])
def test_words_that_are_no_neighbours_make_no_phrase(text):
    bare = text.replace("多少", "  ")
    terms = [
        term
        for part in stretches(bare)
        for term in grouped(words(part), LEXICON.translate, lambda w: w not in "和的有")
    ]
    assert ("和", "县") not in terms
    assert ("有", "人") not in terms


def test_synonyms_are_translated_alike():
    assert dict(LEXICON.synonyms("staf"))["employ"] >= 0.8
    assert "staf" not in dict(LEXICON.synonyms("staf"))
    assert LEXICON.synonyms("qqqq") == ()


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("拨备复盖率是多少?", "拨备覆盖率是多少?"),
        ("可識別多少種做物?", "可識別多少種作物?"),
        ("How many suppliars were there?", "How many suppliers were there?"),
        ("拨备覆盖率是多少?", "拨备覆盖率是多少?"),
        ("利率是多少?", "利率是多少?"),  # a word of its own, though not in the text
        ("What about Pulisher Ltd?", "What about Pulisher Ltd?"),  # a name
        ("拨了多少救灾款?", "拨了多少救灾款?"),  # 少救 sounds like 搜救
        ("whcih suppliers were there?", "which suppliers were there?"),
        ("逾放比是多少?", "逾放比是多少?"),  # what people say, though it sounds like 投放
    ],
)
def test_spelling(question, right):
    chat = ReportChat.from_texts(
        {"a": "拨备覆盖率为228.6%,可识别15种作物。\nWe had 1,085 suppliers in 2023.\n投放搜救犬9只。"}
    )
    sentences = chat.extractor.sentences(chat.library.retrieve("拨备覆盖率 作物 suppliers 搜救 投放", 9))
    found = mended(question, sentences, LEXICON.translate, LEXICON.near, lambda spelling: (), LEXICON.spoken)
    assert fold(found) == fold(right)


def test_nearest_word_of_the_dictionaries():
    assert LEXICON.near("perfoming") == "perform"
    assert LEXICON.near("zzzzqqq") == ""


def test_pinyin_names():
    names = dict(spelled_names("“大山雀”系统属于青禾乳业和恒曜电子股份有限公司。"))
    assert names["dashanque"] == "大山雀"
    assert names["qinghe"] == "青禾"
    assert names["hengyaodianzi"] == "恒曜电子"
    table = {"qinghe": ["青禾"]}
    assert respelled("Qinghe Dairy", lambda key: table.get(key, ())) == ("青禾",)
    assert respelled("Li", lambda key: ["李"]) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("總部位於新竹,在臺灣、越南設有工廠", ["新竹", "臺灣", "越南"]),
        ("总部设在磨丁镇的企业", ["磨丁镇"]),
        ("上海银行与江苏银行签约", []),
        ("sites in the United Kingdom and Ireland", ["United Kingdom", "Ireland"]),
        ("Halden is headquartered in Lomvik, Norway.", ["Lomvik", "Norway"]),
        ("山溪县石埠镇长滩村附近发生滑坡", ["山溪县石埠镇长滩村"]),
        ("航线由桃園至慕尼黑", ["桃園", "慕尼黑"]),
        ("为农村地区和城市的超市服务", []),
    ],
)
def test_places(text, found):
    assert [text[start:end] for start, end in places(text, fold(text))] == found


def test_what_a_document_is_about():
    document = document_from_text(
        "n.txt", "Northmere Foods plc\n\nRevenue grew. In 2023 Northmere bought wheat. Water fell."
    )
    assert {"northmere", "northmere foods"} <= profile(document).subjects
    assert not {"revenue", "water"} & profile(document).subjects


def test_names_known_beforehand():
    assert names_in("恒曜电子的董事长是谁?", ["恒曜电子股份"]) == ("恒曜电子",)
    assert names_in("what did northmere buy?", ["northmere foods", "northmere"]) == ("northmere",)


def test_an_organisation_in_passing_is_not_the_subject():
    chat = ReportChat.from_texts({"a": "东湖银行发布报告。东湖银行与西山银行等5家银行合作,服务小微客户300万户。"})
    assert chat.ask("东湖银行服务小微客户多少户?").found
    assert not chat.ask("西山银行服务小微客户多少户?").found


@pytest.mark.parametrize(
    ("chinese", "latin", "is_one"),
    [
        ("哈尔登", "Halden Energy", True),
        ("诺斯米尔", "Northmere Foods", True),
        ("西门子", "Siemens", True),
        ("恒瑞", "Halden Energy", False),
        ("汇丰", "Halden Energy", False),
        ("微软", "Microsoft", False),  # a translation
    ],
)
def test_transliterations(chinese, latin, is_one):
    assert transliterates(chinese, latin.lower()) is is_one


def test_a_subject_without_its_middle():
    assert shortens("澜岳集团", "澜岳保险集团")
    assert not shortens("澜岳集团", "澜岳集团")
    assert not shortens("澜岳财险", "澜岳保险集团")
    assert not shortens("中国银行", "中国工商银行")


def test_transliterations_stand_out_of_a_question():
    names = {"halden energy", "northmere foods"}
    assert transliterations("请问哈尔登能源2023年的装机容量是多少", names) == ["哈尔登"]
    assert transliterations("青禾乳业的奶牛存栏量是多少?保护了多少疑似被骗用户?", names) == []


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Halden Energy的董事长是谁?", ("halden energy",)),
        ("2023年谁当上了Northmere Foods的首席执行官?", ("northmere foods",)),
        ("Average training hours per employee at Nanping Bank?", ("nanping",)),
        ("How many EV chargers has Nanping Bank built?", ("nanping",)),
        ("One Cup of Milk: how many students benefited?", ()),
        ("MYbank Bailing system: average credit line increase", ("mybank", "bailing")),
        ("科学碳目标倡议(SBTi)何时认可", ()),
        ("Halden Energy这家电力公司交了多少税", ("halden energy",)),
        ("云岭银行发放了多少可再生能源贷款", ("云岭银行",)),
        ("老板俞承泽握着公司多少表决权", ()),
        ("来自绿色能源的电力占多少", ()),
        ("恒穗人寿的智能客服机器人叫什么", ("恒穗人寿",)),
        ("建成供快递员歇脚的驿站有几个", ()),
        ("Who is buying Brightmoor's business in the Netherlands?", ("brightmoor",)),
        ("How many people died in Shankou town (杉口镇)?", ()),
        ("What did Xunyi Bank (浔漪银行) lend?", ("浔漪银行",)),
        ("谁在2024年10月当选澜洲银行董事长？", ("澜洲银行",)),
    ],
)
def test_names_of_questions(question, names):
    assert set(names_in(question)) == set(names)


@pytest.mark.parametrize(
    ("question", "passage", "direct"),
    [
        ("甲公司的收入和利润是多少?", "甲公司全年收入为12亿元,利润为3亿元。", "12亿元；3亿元"),
        ("受水灾和地震影响的客户有多少?", "1.5万名客户受水灾和地震影响。", "1.5万名"),
        ("甲公司的绿色贷给多少个项目放了多少款?", "甲公司的绿色贷为35个项目放款9亿元。", "35个；9亿元"),
        ("甲公司的牧场占地多少亩?", "甲公司共有牧场33座。", ""),
        ("甲公司的范围三排放是多少吨?", "甲公司范围一排放71.8万吨。", ""),
        ("甲公司有多少项专利?", "甲公司今年新增专利138项,累计拥有专利1026项。", "1026项"),
        ("甲公司的产品叫什么名字?", "甲公司董事长王平表示,将推广“茶易融”产品。", "茶易融"),
        ("甲公司董事长叫什么名字?", "甲公司董事长王平表示,将推广“茶易融”产品。", "王平"),
    ],
)
def test_one_passage(question, passage, direct):
    chat = ReportChat.from_texts({"甲公司报告": passage})
    said = chat.ask(question).direct
    assert said == direct if direct[:1].isdigit() or not direct else direct in said  # a name may come in its sentence


def test_what_the_passage_says_is_not_mended():
    chat = ReportChat.from_texts({"报告": "南屏银行员工总数11,352人。再难的业务也有人办。"})
    assert chat.ask("在南屏银行上班的有多少人?").direct == "11,352人"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("某公司2023年年度报告", "一、概况\n2022年收入为1亿元。2022年末员工10人。", "2023"),
        ("某公司", "某公司\n截至二零二四年六月三十日止六個月之中期業績公告\n收益為12億港元。", "2024-H1"),
        ("Acme Reports Third Quarter Fiscal 2025 Results", "May 6, 2025. Acme today reported revenue.", "2025-Q3"),
        ("新闻-2024-05-13", "2023年服务了12万户。2023年利润1亿元。", "2024"),
    ],
)
def test_reported_period(title, text, expected):
    assert reported_period(title, title, text) == expected


@pytest.mark.parametrize(
    ("text", "question", "direct"),
    [
        (
            "宁波锐朔机器人股份有限公司招股说明书\n2023年,公司营业收入为5.6亿元,员工为791人。",
            "锐朔2023年营收多少?",
            "5.6亿元",
        ),
        (
            "匯濤饌飲控股有限公司\n截至二零二四年六月三十日止六個月之中期業績公告\n期內收益為12億港元,二零二三年同期為11億港元。",
            "匯濤2023年上半年收益多少?",
            "11億港元",
        ),
        (
            "Calder Group: Sustainability Report 2024\nCalder's Scope 1 emissions fell to 612,000 tonnes of CO2e (688,000).",
            "What were Calder's Scope 1 emissions in 2023?",
            "688,000",
        ),
    ],
)
def test_periods_and_names_as_reports_write_them(text, question, direct):
    answer = ReportChat.from_texts({"report": text}).ask(question)
    assert direct in answer.direct


@pytest.mark.parametrize(
    ("question", "direct"),
    [
        ("浔漪惠民村镇银行的不良贷款率是多少?", "2.35%"),
        ("浔漪银行的不良贷款率是多少?", "1.27%"),
        ("埃曼智能2024年的营业收入是多少?", "7.83亿元"),
        ("How many people does Xunyi Bank (浔漪银行) employ?", "9,854人"),
    ],
)
def test_of_whom_figures_are(question, direct):
    text = (
        "浔漪银行股份有限公司2024年年度报告摘要\n2024年末不良贷款率1.27%。在册员工9,854人。\n"
        "本行持有浔漪惠民村镇银行51%股权,该行2024年末不良贷款率2.35%,员工213人。\n"
        "2024年,借款人埃曼智能的营业收入为7.83亿元;海隼股份的营业收入为12.46亿元。\n"
    )
    assert direct in ReportChat.from_texts({"report": text}).ask(question).direct


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("禾澈速运2024年底有多少辆新能源车?", {"禾澈速运"}),
        ("浔漪银行的核心一级资本充足率是多少?", {"浔漪银行"}),
        ("每个月有多少人在用这个手机银行?", set()),
        ("锐朔机器人2021年的毛利率?", {"锐朔机器人"}),
    ],
)
def test_what_is_counted_or_measured_is_no_name(question, expected):
    assert set(names_in(question)) == expected


def test_each_year_of_a_range_is_asked_for():
    text = "锐朔公司年报\n2021年、2022年和2023年,研发费用分别为4,126万元、5,582万元和8,260万元。"
    answer = ReportChat.from_texts({"report": text}).ask("2021到2023这三年,研发费用各是多少?")
    assert [one.figure.value for one in answer.figures] == [41260000, 55820000, 82600000]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("总部在成都的同行川逸快运上月披露,其2024年业务量为61.3亿票。", True),
        ("公司付给总部在成都的川逸快运和安驰物流合计3亿元。", False),
    ],
)
def test_figures_of_whom_alone_a_sentence_names(sentence, said):
    chat = ReportChat.from_texts(
        {"禾澈速运2024年报告": "禾澈速运2024年业务量为98.6亿票。" + sentence + "禾澈速运有12架飞机。"}
    )
    answer = chat.ask("川逸快运2024年业务量是多少?")
    assert (answer.direct == "61.3亿票") == said
    assert answer.found == said


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("首任主任为制琴师邱凤岐,当时只有43名工人。", ["邱凤岐"]),
        ("选举顾承屹为董事长,原董事长詹学礼因到龄辞任。", ["顾承屹", "詹学礼"]),
        ("长子纪宏远为建筑师。", ["纪宏远"]),
        ("由司徒嘉敏女士接任。", ["司徒嘉敏"]),
        ('"We grow," said Priya Hallstrom, chief executive officer.', ["Priya Hallstrom"]),
        ("He will be succeeded by Mei-Lin Castellano.", ["Mei-Lin Castellano"]),
        ("Analyst Piotr Zielinski expects more.", ["Piotr Zielinski"]),
        ("该湾由荷兰探险家亚伯·塔斯曼发现。", ["亚伯·塔斯曼"]),
        ("宣布解散的是马克·拉瓦卢马纳纳总统。", ["马克·拉瓦卢马纳纳总统", "马克·拉瓦卢马纳纳"]),
        ("同年7月,汪靖维领导的团队获奖。", ["汪靖维"]),
        ("高度在五米以上,金融业的收入下降。", []),
    ],
)
def test_people(text, people):
    chat = ReportChat.from_texts({"a": text})
    (sentence,) = chat.extractor.sentences(chat.library.retrieve(text, 1))
    assert [text[one.start : one.end] for one in spans(sentence) if one.kind == "person"] == people


@pytest.mark.parametrize(
    ("text", "question", "direct"),
    [
        ("甲公司单票碳排放由144克降至120克。", "甲公司单票碳排放是多少?", "120克"),
        ("The price of a flat white went up from £3.65 to £3.90.", "How much is a flat white?", "£3.90"),
        ("Northmere bought from 1,085 suppliers in 36 countries.", "How many suppliers are there?", "1,085"),
    ],
)
def test_what_was_before_a_change_is_not_what_is(text, question, direct):
    assert direct in ReportChat.from_texts({"甲公司报告": text}).ask(question).direct


def test_figures_of_some_alone_are_told():
    text = "2023年,遭受水灾、地震等灾情的1.5万小微客户获得了延期还款。银行向839万家小微客户提供了评级。"
    chat = ReportChat.from_texts({"a": text})
    (heard,) = chat.hear("有多少小微客户?")
    ((_, found, _),) = chat.extractor.tables(heard.asked, heard.names, heard.hits)
    told = {one.figure.text: restricted(heard.asked, one) for one in found if one.figure}
    assert told["1.5万"] == 1.0 and told["839万家"] == 0.0
    (heard,) = chat.hear("遭受水灾的小微客户有多少?")
    ((_, found, _),) = chat.extractor.tables(heard.asked, heard.names, heard.hits)
    assert all(restricted(heard.asked, one) == 0.0 for one in found)


@pytest.mark.parametrize(
    ("word", "right"), [("gansu", "甘肃"), ("bird", "鸟"), ("government", "政府"), ("village", "村"), ("movie", "电影")]
)
def test_words_are_translated_as_texts_do(word, right):
    assert right in [form for form, _ in LEXICON.translate(word)[:3]]
    assert LEXICON.listed("") == () == LEXICON.translate("zzzzqqq")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("To which German city does Haique Airlines fly?", ("haique airlines",)),
        ("How big was the fine of Yaocen's Taichung factory?", ("yaocen",)),
        ('Since when has the "Cup of Milk" charity been running?', ()),
    ],
)
def test_names_of_english_questions(question, names):
    assert names_in(question) == names


@pytest.mark.parametrize(
    ("text", "question", "said"),
    [
        ("宝永山在宝永4年（1707年）诞生，标高2,693米。", "宝永山多高?", ["2,693米"]),
        ("5月13日，银行发布2023年报告。", "报告是几月几号发布的?", ["5月13日"]),
        ("4月20日任命专使，1857年通过拨款。", "哪一年任命专使?", ["1857年"]),
        ("银行于5月13日发布2023年ESG报告。", "报告是什么时候发布的?", ["5月13日"]),
        ("On May 13, the bank released its 2023 annual report.", "When was the report released?", ["may 13"]),
        ("教区成立于罗马帝国时期，1318年升格。", "教区成立于什么时期?", ["1318年", "罗马帝国时期"]),
        ("成员是林嘉荃（Amy）和「无名的歌」。", "成员是谁?", ["林嘉荃(amy)和「无名的歌」"]),
    ],
)
def test_what_may_answer(text, question, said):
    chat = ReportChat.from_texts({"a": text})
    heard = chat.hear(question)[0]
    found = [c for _, each, _ in chat.extractor.tables(heard.asked, heard.names, heard.hits) for c in each]
    offered = [c.sentence.folded[c.start - c.sentence.start : c.end - c.sentence.start] for c in found]
    if found[0].figure is not None:
        assert offered == said
    assert set(said) <= set(offered)
    assert all(one.count("(") == one.count(")") and one.count("「") == one.count("」") for one in offered)


@pytest.mark.parametrize(
    ("text", "question", "earlier"),
    [
        ("2024年，单票碳排放由144克降至120克。", "2024年单票碳排放是多少克?", {"144克"}),
        ("比重由2022年的24%提升至29%。", "2022年的比重是多少?", set()),
        ("碳中和的时间由2035年提前至2032年。", "哪一年碳中和?", {"2035年"}),
        ("蓄水量由峰值的40万立方米降至9万立方米。", "最多的时候蓄了多少水?", set()),
        ("纪维桢（1921年3月9日-2004年11月27日），工程师。", "纪维桢生于哪一天?", {"2004年11月27日"}),
        ("纪维桢（1921年3月9日-2004年11月27日），工程师。", "纪维桢哪天去世?", {"1921年3月9日"}),
    ],
)
def test_what_was_before_a_change_is_told_from_what_is(text, question, earlier):
    chat = ReportChat.from_texts({"a": text})
    heard = chat.hear(question)[0]
    ((_, found, table),) = chat.extractor.tables(heard.asked, heard.names, heard.hits)
    aside = table[:, NAMES.index("aside")]
    assert {c.figure.text for c, one in zip(found, aside, strict=True) if c.figure and one} == earlier


def test_points_are_a_change_unless_they_are_asked_for():
    text = "In 2018, gross margin improved by 80 basis points to 40.0%."
    answer = ReportChat.from_texts({"a": text}).ask("What was the gross margin in 2018?")
    assert "40.0%" in answer.direct and "80" not in answer.direct
