import pytest

from chat.ask import measure_of
from chat.asking import forms_in
from chat.cantonese import standard
from chat.question import understand


def wants(text):
    return [form.want for form, _, _ in forms_in(text)]


@pytest.mark.parametrize(
    ("text", "want", "kind"),
    [
        ("截至2023年底服务了多少小微用户?", "figure", "amount"),
        ("代销的理财余额是多少", "figure", "amount"),
        ("有几家银行签了协议", "figure", "amount"),
        ("召回了多少块电池", "figure", "amount"),
        ("一共花了多少块?", "figure", "money"),
        ("平均每人借了多少钱", "figure", "money"),
        ("发了多少亿元贷款", "figure", "money"),
        ("有多大比例的客户来自农村", "figure", "percent"),
        ("首贷户占百分之几", "figure", "percent"),
        ("客户里有多少是农村的", "figure", "percent"),
        ("有多少客户来自县域", "figure", "percent"),
        ("2023年发放了多少绿色贷款", "figure", "money"),
        ("2023年发放了多少笔贷款", "figure", "amount"),
        ("毛利率提高了几个百分点", "figure", "points"),
        ("报告是什么时候发布的", "date", "date"),
        ("联盟哪年发起的", "date", "date"),
        ("这个计划持续了多久", "duration", "duration"),
        ("连续多少年入选", "duration", "duration"),
        ("每发一度电会排多少克二氧化碳", "figure", "amount"),
        ("在全国排第几", "figure", "ordinal"),
        ("雪人排名为多少", "figure", "ordinal"),
        ("登场多长时间?", "duration", "duration"),
        ("播放的时间是什么?", "date", "date"),
        ("在哪几年间签约", "date", "date"),
        ("少付了多少电费", "figure", "money"),
        ("payment date of the interim dividend", "date", "date"),
        ("how much green loan money was lent?", "figure", "money"),
        ("how many merchants were served?", "figure", "amount"),
        ("what percentage of customers are rural?", "figure", "percent"),
        ("how many of the new customers are farmers?", "figure", "percent"),
        ("how many customers are from rural areas?", "figure", "percent"),
        ("how much did it lend?", "figure", "money"),
        ("when was the report published?", "date", "date"),
        ("how long has the alliance existed?", "duration", "duration"),
    ],
)
def test_figures_dates_and_durations(text, want, kind):
    form, _, _ = forms_in(text)[0]
    assert form.want == want
    assert form.kinds[0] == kind


@pytest.mark.parametrize(
    ("text", "want", "span"),
    [
        ("董事长是谁", "name", "person"),
        ("与哪家机构合作", "name", "organisation"),
        ("农村金融用的是哪个系统", "name", "title"),
        ("合作的银行有哪些", "list", "list"),
        ("who chairs the bank?", "name", "person"),
        ("which banks signed the agreement?", "list", "list"),
        ("how is the mechanism called?", "name", "title"),
        ("what is he called?", "name", "person"),
        ("what is the title of the film?", "name", "title"),
        ("what are the three steps?", "list", "list"),
        ("which three birds are the systems named after?", "list", "list"),
        ("what privacy technology was used?", "name", "stretch"),
        ("是哪三套系统?", "list", "list"),
        ("都在哪一带", "name", "place"),
    ],
)
def test_names_and_lists(text, want, span):
    form, _, _ = forms_in(text)[0]
    assert form.want == want
    assert form.spans[0] == span


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("去年的分红占利润多少", "percent"),
        ("大股东有多少股份", "percent"),
        ("股东应占的利润是多少", "money"),
        ("What did it earn per diluted share?", "money"),
        ("What was the book value of its receivables?", "money"),
        ("What share of its waste is recycled?", "percent"),
        ("How long is the main span of the bridge in metres?", "duration"),
        ("What is the main span of the bridge in metres?", "amount"),
        ("What are its values?", None),
        ("子公司去年赚了多少?", "money"),
        ("每户一年能多挣多少?", "money"),
        ("存在银行的钱一共有多少?", "money"),
        ("省里拨了多少救灾款?", "money"),
        ("How much of the fibre is recycled?", "percent"),
        ("云岭银行 充电桩数量 2023", "amount"),
        ("Velmaro order backlog at year end", "money"),
    ],
)
def test_what_is_asked_of_tells_the_kind(text, kind):
    ask = understand(text).asks[0]
    assert (ask.kinds[0] if ask.kinds else None) == kind


@pytest.mark.parametrize(
    ("text", "families", "unit"),
    [
        ("屋顶光伏去年发了多少电?", ("energy",), ""),
        ("少付了多少电费?", (), ""),
        ("工厂用掉多少水?", ("volume", "mass"), ""),
        ("How much water did the mill withdraw?", ("volume", "mass"), ""),
        ("一共排了多少碳?", ("carbon", "mass"), ""),
        ("运送了多少旅客?", (), "人"),
        ("How many suppliers did it buy from?", (), "supplier"),
        ("分布在几个省市?", (), "个"),
    ],
)
def test_what_is_counted_or_measured_tells_the_unit(text, families, unit):
    ask = understand(text).asks[0]
    assert (ask.families, ask.unit) == (families, unit)


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("工厂会盖在哪里?", ""),
        ("飞到哪个城市?", "城市"),
        ("是向哪家公司买的?", "公司"),
        ("做什么生意的?", "生意"),
        ("最有代表性的桥有哪几座?", ""),
    ],
)
def test_the_kind_of_thing_asked_for(text, thing):
    assert understand(text).asks[0].thing == thing


@pytest.mark.parametrize("text", ["每个月有多少人在用这个手机银行?", "一年可以发几度电?"])
def test_what_is_done_is_not_counted(text):
    assert understand(text).asks[0].counted == ()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("公司2024年請咗幾多人?", "公司2024年請了多少人?"),
        ("報告係邊個寫嘅?", "報告是誰寫的?"),
        ("佢哋同客戶嘅關係點樣?", "他們同客戶的關係怎樣?"),
        ("新廚房有幾大?", "新廚房有面积多大?"),
        ("业务分为几大板块?", "业务分为几大板块?"),
        ("两家公司是什么关系?", "两家公司是什么关系?"),
    ],
)
def test_cantonese_is_put_in_standard_chinese(said, meant):
    assert standard(said) == meant


def test_two_questions_in_one():
    assert wants("服务了多少用户,报告是哪天发布的?") == ["figure", "date"]


def test_no_question():
    assert wants("小微用户") == []
    assert wants("") == []


def test_ranges_are_the_interrogatives():
    text = "截至2023年底服务了多少小微用户"
    form, start, end = forms_in(text)[0]
    assert text[start:end] == "多少"
    assert form.want == "figure"


@pytest.mark.parametrize(
    ("question", "periods"),
    [
        ("2023那年捐了多少钱?", [None]),
        ("2022年和2023年的员工人数各是多少?", ["2022", "2023"]),
        ("2022年的利润是多少,前一年又是多少?", ["2022", "2021"]),
    ],
)
def test_periods(question, periods):
    read = understand(question)
    assert [ask.period for ask in read.asks] == periods
    assert read.period is not None


def test_terms_of_reports_are_not_cut():
    assert [term.text for term in understand("员工人数和工厂数量各是多少?").terms if term.weight >= 1.0] == [
        "员工人数",
        "工厂",
    ]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("云峤县有多少户停电?", ["云峤县", "停电"]),
        ("竹南廠有多少員工?", ["竹南厂", "员工"]),
        ("有多少工厂通过认证?", ["工厂", "认证"]),
        ("When did Ji Weizhen (紀維楨) retire?", ["纪", "维", "桢", "retire"]),
        ("How long is the Wangchao Bridge (望潮橋)?", ["望潮桥"]),
    ],
)
def test_places_stay_whole_and_names_said_twice_count_once(text, terms):
    assert [term.text for term in understand(text).terms] == terms


def test_of_a_whole_its_part_tells():
    weights = {term.text: term.weight for term in understand("小微客户里有多少是农村的?").terms}
    assert weights["农村"] > 2 * weights["小微客户"]
    assert {term.text: term.weight for term in understand("小微客户里有多少?").terms}["小微客户"] > 1.0


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("Which government body teamed up with the bank?", "body"),
        ("What privacy technology was stacked on top?", "technology"),
        ("Where are the provinces in which lending grew fastest?", ""),
        ("what are the three steps of its work?", "steps"),
        ("是哪三套系统?", "系统"),
    ],
)
def test_the_kind_of_thing(text, thing):
    assert understand(text).asks[0].thing == thing


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("What revenue did Amazon report?", "figure"),
        ("What interim dividend per share, in HK cents, did it declare?", "figure"),
        ("whats the typical borrowing per head", "figure"),
        ("What line of business is called a growth curve?", "name"),
        ("Which government body works with the bank on farm data?", "name"),
        ("Which bank supports farmers?", "name"),
        ("Which funds were raised?", "list"),
        ("Which government bodies work with it?", "list"),
        ("Where are the provinces in which lending grew fastest?", "name"),
        ("Why did operating income decrease in 2019?", "text"),
        ("为什么净利润下降?", "text"),
        ("投資金額為甚麼不能退?", "text"),
        ("怎么降低不良率?", "text"),
        ("2023年的营收怎么样?", "figure"),
        ("How is the revenue attributed to regions?", "text"),
        ("What does interest expense include?", "text"),
        ("What caused the increase in interest income?", "text"),
        ("What was the main reason for the decline in sales?", "text"),
        ("What is the increase in inventory due to?", "text"),
        ("What was the increase in cash provided by operations in 2019?", "figure"),
        ("What is the total dividend based on the number of shares outstanding?", "figure"),
        ("多倫多大學創立於何時?", "date"),
        ("土地面積是全國第幾大?", "figure"),
        ("Ningbo Ruishuo: cobots sold in 2022", "figure"),
        ("Velmaro 第三季 輸液幫浦 出貨量", "figure"),
    ],
)
def test_what_is_asked_of_a_noun(text, want):
    (ask,) = understand(text).asks
    assert ask.want == want


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("贷款的平均利率是多少?", "平均利率"),
        ("2023年底服务了多少小微客户?", "小微客户"),
        ("What was the non-performing loan ratio of the bank?", "non perform loan ratio"),
        ("How many transfer hubs with rooftop solar does it have?", "hub"),
        ("When was it founded?", None),
    ],
)
def test_the_term_that_names_what_is_asked_for(text, measure):
    asked = understand(text)
    found = measure_of(asked.asks[0], asked.folded)
    assert (found.text if found else None) == measure


@pytest.mark.parametrize(
    ("text", "families"),
    [("宝永山多高?", ("length",)), ("峡谷有多长?", ("length", "duration")), ("How deep is the lake?", ("length",))],
)
def test_how_high_and_how_long_tell_the_measure(text, families):
    assert understand(text).asks[0].families == families


def test_people_in_percent_are_a_share():
    assert understand("How many people left, percentage-wise?").asks[0].kinds[0] == "percent"
