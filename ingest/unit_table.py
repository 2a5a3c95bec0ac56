"""The tables of units: what they are called in Chinese and English, how they are printed, and what is counted in them.

Data only; `ingest.units` reads it. Forms are folded: lower case, simplified script, `_` for a space.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.types import FigureKind

_KINDS: dict[str, FigureKind] = {"money": "money", "percent": "percent", "points": "points", "duration": "duration"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. `chinese` and `english` are its names in `Figure.unit`; `size` counts in the family's first unit.

    `printed` are its forms in folded text, measure words left out.
    """

    family: str
    chinese: str
    english: str
    printed: tuple[str, ...] = ()
    size: Decimal = Decimal(1)

    @property
    def kind(self) -> FigureKind:
        """The kind of a figure in this unit."""
        return _KINDS.get(self.family, "amount")


def _unit(family: str, chinese: str, english: str, printed: str, size: str = "1") -> Unit:
    forms = tuple(form.replace("_", " ") for form in printed.split())
    return Unit(family, chinese, english, forms, Decimal(size))


UNITS: tuple[Unit, ...] = (
    _unit("percent", "%", "%", "% percent per_cent pct"),
    _unit("percent", "‰", "‰", "‰ per_mille", "0.1"),
    _unit("points", "百分点", "percentage point",
          "个百分点 百分点 percentage_points percentage_point percentage-points %_points %-points ppts ppt pps pp"),
    _unit("points", "基点", "basis point", "个基点 基点 basis_points basis_point bps bp", "0.01"),
    # money: the size is not known, since rates move
    _unit("money", "元", "CNY", "元人民币 人民币元 人民币 元 圆 块钱 rmb cny yuan renminbi"),
    _unit("money", "美元", "USD", "美元 美金 us_dollars us_dollar u.s._dollars dollars dollar usd"),
    _unit("money", "港元", "HKD", "港元 港币 hong_kong_dollars hong_kong_dollar hkd"),
    _unit("money", "欧元", "EUR", "欧元 euros euro eur"),
    _unit("money", "英镑", "GBP", "英镑 pounds_sterling gbp"),
    _unit("money", "日元", "JPY", "日元 日圆 yen jpy"),
    _unit("money", "新台币", "TWD", "元新台币 新台币元 新台币 台币 twd"),
    _unit("money", "澳元", "AUD", "澳元 australian_dollars aud"),
    _unit("money", "加元", "CAD", "加元 canadian_dollars cad"),
    _unit("money", "新加坡元", "SGD", "新加坡元 新元 singapore_dollars sgd"),
    _unit("money", "瑞士法郎", "CHF", "瑞士法郎 swiss_francs chf"),
    _unit("money", "港仙", "Hong Kong cent", "港仙 hk_cents hong_kong_cents hong_kong_cent"),
    _unit("money", "马克", "DEM", "德国马克 马克 deutsche_marks deutschmarks"),
    _unit("money", "令吉", "MYR", "令吉 林吉特 马币 ringgit myr"),
    _unit("money", "韩元", "KRW", "韩元 krw"),
    _unit("money", "卢比", "INR", "卢比 rupees inr"),
    _unit("money", "卢布", "RUB", "卢布 roubles rubles rub"),
    _unit("money", "澳门元", "MOP", "澳门元 mop"),
    _unit("money", "瑞典克朗", "SEK", "瑞典克朗 sek"),
    _unit("money", "挪威克朗", "NOK", "挪威克朗 nok"),
    _unit("money", "丹麦克朗", "DKK", "丹麦克朗 dkk"),
    _unit("money", "美分", "cent", "美分 cents"),
    _unit("money", "角", "jiao", "角钱"),
    # time
    _unit("duration", "年", "year", "周年 年 years year yrs yr"),
    _unit("duration", "个年头", "calendar year", "个年头 年头 calendar_years"),
    _unit("duration", "个季度", "quarter", "个季度 quarters", "0.25"),
    _unit("duration", "个月", "month", "个月 月龄 months month"),
    _unit("duration", "周", "week", "个星期 星期 周 weeks week"),
    _unit("duration", "天", "day", "天 日 days day"),
    _unit("duration", "个工作日", "working day", "个工作日 working_days business_days working_day business_day"),
    _unit("duration", "个交易日", "trading day", "个交易日 trading_days"),
    _unit("duration", "小时", "hour", "个钟头 钟头 个小时 小时 hours hour hrs"),
    _unit("duration", "分钟", "minute", "分钟 minutes minute mins"),
    _unit("duration", "秒", "second", "秒钟 秒 seconds"),
    # measures
    _unit("carbon", "吨二氧化碳当量", "tCO2e",
          "公吨二氧化碳当量 公吨co2e 公吨co2当量 公吨co2 吨二氧化碳当量 吨二氧化碳 吨co2当量 吨co2e 吨co2 tco2-e tco2e tco2eq tco2 t_co2e t_co2-e t_co2"
          " tonnes_of_co2e tonnes_of_co2 tonnes_co2e tonnes_co2-e tonnes_co2 tons_of_co2e tons_co2e tons_of_co2"
          " metric_tons_of_co2e metric_tons_co2e metric_tonnes_of_co2e metric_tonnes_co2e mtco2e_(metric_tons)"
          " tonnes_of_carbon_dioxide_equivalent tons_of_carbon_dioxide_equivalent tonnes_carbon_dioxide_equivalent"
          " tonnes_of_carbon_dioxide tons_of_carbon_dioxide"),
    _unit("carbon", "千吨二氧化碳当量", "ktCO2e", "ktco2e ktco2-e ktco2 kt_co2e kt_co2", "1000"),
    _unit("carbon", "百万吨二氧化碳当量", "MtCO2e", "mtco2e mtco2-e mtco2 mt_co2e mt_co2", "1000000"),
    _unit("carbon", "十亿吨二氧化碳当量", "GtCO2e", "gtco2e gtco2 gt_co2e gt_co2", "1000000000"),
    _unit("carbon", "千克二氧化碳当量", "kgCO2e", "千克二氧化碳当量 kgco2e kg_co2e kgco2", "0.001"),
    _unit("coal", "吨标准煤", "tce", "吨标准煤 吨标煤 tce tonnes_of_standard_coal"),
    _unit("mass", "吨", "tonne", "公吨 吨 tonnes tonne metric_tonnes metric_tons metric_ton tons ton"),
    _unit("mass", "千吨", "kt", "kt kilotonnes", "1000"),
    _unit("mass", "百万吨", "Mt", "mt megatonnes", "1000000"),
    _unit("mass", "千克", "kg", "千克 公斤 kilograms kilogram kgs kg", "0.001"),
    _unit("mass", "克", "g", "克 grams gram g", "0.000001"),
    _unit("mass", "毫克", "mg", "毫克 mg", "0.000000001"),
    _unit("mass", "斤", "jin", "斤", "0.0005"),
    _unit("mass", "盎司", "ounce", "盎司 ounces ounce oz", "0.0000283495"),
    _unit("mass", "磅", "pound", "磅 pounds lbs lb", "0.00045359237"),
    _unit("energy", "千瓦时", "kWh", "千瓦时 千瓦小时 度电 kwh kilowatt-hours kilowatt_hours kw·h kw.h"),
    _unit("energy", "度", "kWh", "度"),
    _unit("energy", "兆瓦时", "MWh", "兆瓦时 mwh megawatt-hours megawatt_hours mw·h", "1000"),
    _unit("energy", "吉瓦时", "GWh", "吉瓦时 gwh gigawatt-hours gigawatt_hours", "1000000"),
    _unit("energy", "太瓦时", "TWh", "太瓦时 twh terawatt-hours", "1000000000"),
    _unit("heat", "吉焦", "GJ", "吉焦 百万千焦 gj gigajoules"),
    _unit("heat", "太焦", "TJ", "太焦 tj terajoules", "1000"),
    _unit("heat", "拍焦", "PJ", "拍焦 pj petajoules", "1000000"),
    _unit("power", "千瓦", "kW", "千瓦 kwp kw kilowatts"),
    _unit("power", "兆瓦", "MW", "兆瓦 mwp mw megawatts", "1000"),
    _unit("power", "吉瓦", "GW", "吉瓦 gwp gw gigawatts", "1000000"),
    _unit("length", "米", "m", "米 公尺 metres meters m"),
    _unit("length", "公里", "km", "公里 千米 kilometres kilometers km", "1000"),
    _unit("length", "厘米", "cm", "厘米 cm", "0.01"),
    _unit("length", "毫米", "mm", "毫米 mm", "0.001"),
    _unit("length", "英里", "mile", "英里 miles mile", "1609.344"),
    _unit("length", "英寸", "inch", "英寸 吋 inches inch", "0.0254"),
    _unit("length", "英尺", "foot", "英尺 feet", "0.3048"),
    _unit("length", "光年", "light-year", "光年 light-years light-year", "9460730472580800"),
    _unit("length", "海里", "nautical mile", "海里 浬 nautical_miles", "1852"),
    _unit("area", "平方米", "m2", "平方米 平米 平方公尺 m2 m^2 sqm sq.m sq_m square_metres square_meters"),
    _unit("area", "平方公里", "km2", "平方公里 平方千米 km2 square_kilometres square_kilometers", "1000000"),
    _unit("area", "平方英尺", "square foot", "平方英尺 平方呎 square_feet square_foot sq_ft sq._ft. sqft", "0.09290304"),
    _unit("area", "平方英寸", "square inch", "平方英寸 平方吋 square_inches square_inch sq_in", "0.00064516"),
    _unit("area", "平方英里", "square mile", "平方英里 square_miles square_mile sq_mi", "2589988.110336"),
    _unit("area", "亩", "mu", "亩", "666.6666667"),
    _unit("area", "公顷", "hectare", "公顷 hectares hectare ha", "10000"),
    _unit("area", "英亩", "acre", "英亩 acres acre", "4046.8564224"),
    _unit("volume", "立方米", "m3", "标准立方米 立方米 立方公尺 m3 m^3 nm3 cubic_metres cubic_meters"),
    _unit("volume", "升", "litre", "公升 升 litres liters litre liter l", "0.001"),
    _unit("volume", "毫升", "ml", "毫升 ml millilitres milliliters", "0.000001"),
    _unit("volume", "兆升", "ML", "megalitres megaliters", "1000"),
    _unit("volume", "加仑", "gallon", "加仑 gallons gallon", "0.003785411784"),
    _unit("volume", "桶", "barrel", "桶 barrels barrel bbl", "0.158987294928"),
    _unit("data", "GB", "GB", "gb gigabytes"),
    _unit("data", "TB", "TB", "tb terabytes", "1000"),
    _unit("data", "PB", "PB", "pb petabytes", "1000000"),
    _unit("temperature", "℃", "°C", "℃ °c 摄氏度 degrees_celsius ºc"),
    _unit("temperature", "℉", "°F", "℉ °f degrees_fahrenheit"),
    _unit("multiple", "倍", "times", "倍 times x"),
    _unit("age", "岁", "year old", "周岁 岁 years_old"),
    _unit("count", "标准箱", "TEU", "标准箱 teus teu"),
    _unit("count", "人次", "", "人次 person-times person-trips"),
    _unit("count", "人天", "", "人天 person-days man-days"),
)  # fmt: skip

# Measure words and what must not follow them: 169万种植户 has no 种, 100人民币 no 人, 237家电企业 no 家.
MEASURES: tuple[tuple[str, str], ...] = (
    ("个", "[性体税]|人(?:客户|贷款|用户|存款|金融|业务)"), ("家", "[庭电园乡族属具长禽畜政居装校]"), ("户", "[外口籍型均]"),
    ("名", "[义称单誉额录牌片]"), ("位", "[于居列数]"), ("人", "[民均才力工类寿大社文身为口造格保]"), ("人日", ""),
    ("户次", ""), ("家次", ""), ("车次", ""), ("班次", ""), ("架次", ""), ("台次", ""), ("场次", ""), ("课时", ""),
    ("学时", ""), ("学分", ""), ("种", "[植子族群业养]"), ("项", "目标"), ("条", "[件约款码形线目文]"), ("笔", "[记者]"),
    ("件", "[均]"), ("台", "[湾北风账阶]"), ("套", "[餐期利现保]"), ("座", "[谈位]"), ("所", "[有以得在属需占示述谓]"),
    ("间", "[接隔断]"), ("只", "[有是能需要不为]"), ("张", "[家江力掖]"), ("份", "[额子]"), ("次", "[数年日级新要于贷]"),
    ("届", "[时满]"), ("批", "[准发复量文]"), ("款", "[项式]"), ("例", "[如外会]"), ("起", "[来诉草点源伏到重初息薪]"),
    ("场", "[所景地内外均]"), ("股", "[东份权票本价市民息指改]"), ("辆", ""), ("架", "[构空设]"), ("艘", ""),
    ("部", "[分门署委长队级位件落]"), ("篇", "[幅]"), ("棵", ""), ("株", "[洲式]"), ("头", "[部条脑寸]"), ("匹", "[配]"),
    ("支", "[持付出行撑配架]"), ("枚", ""), ("颗", "[粒]"), ("根", "[据本源]"), ("盏", ""), ("处", "[理于置罚长方在女境]"),
    ("片", "[区面]"), ("块", "[链]"), ("层", "[面次级压析]"), ("幢", ""), ("栋", ""), ("组", "[织成建合长件]"),
    ("双", "[方向碳十边]"), ("类", "[似别型]"), ("门", "[店户槛诊票类]"), ("轮", "[廓胎椅]"), ("宗", "[教旨]"),
    ("单", "[位笔一个户日月独元体价]"), ("床", ""), ("席", "[卡]"), ("辑", ""), ("幅", "[度员]"), ("桩", ""), ("封", "[闭装]"),
    ("册", ""), ("本", "[行公报年期集金科地土人次案息身轮级部]"), ("瓶", "[颈]"), ("箱", ""), ("袋", ""), ("包", "[括含装揽销]"),
    ("盒", ""), ("剂", "[量型]"), ("粒", "[子]"), ("羽", "[绒]"), ("队", "[伍员]"), ("团", "[队体标]"), ("省", "[内级钱略]"),
    ("国", "[家际内有产债资]"), ("餐", "[饮厅]"), ("针", "[对]"), ("票", "[据面选价房数务友根]"), ("节", "[约能省点日假水]"), ("句", ""), ("堂", ""), ("页", "[面码岩]"), ("分", "[之别钟成行支布析公级红摊母子配为类享贝开解店]"),
    ("首", "[家批次席先府相都要届发尔领期套支任个创屈例播映演付]"), ("季", "[度节末]"), ("章", "[程节鱼]"), ("段", "[时落位]"),
    ("部分", ""), ("大类", ""), ("阶段", ""), ("集", "[团中合成群资装结]"), ("代", "[表理码销替价]"), ("班", "[级长]"),
    ("招", "[聘募商标股]"), ("盘", "[活子]"), ("局", "[限部]"), ("县", "[域级城]"), ("镇", "[区海]"), ("村", "[民镇庄]"),
    ("旗", "[下舰]"), ("站", "[点长台]"), ("通", "[过知道信用常关胀报话讯]"),
)  # fmt: skip

# What is counted without a measure word, the unit that it implies in Chinese text, and its English names. A noun is
# found at the end of a phrase, so 小微用户 and 种植户 need no line of their own.
COUNTED: tuple[tuple[str, str, str], ...] = (
    ("户", "用户 客户 种植户 农户 商户 商家用户 个体工商户 工商户 经营户 养殖户 贫困户 住户 户数 账户 家庭 持有人 会员 粉丝",
     "customer user client household account subscriber member merchant grower shopper"),
    ("家", "企业 公司 小微 小微企业 中小微 机构 银行 门店 小店 店铺 商家 供应商 经销商 网点 酒店 医院 工厂 分行 支行 子公司"
     " 分公司 厂商 券商 服务商 合作伙伴 家数 门店数 合作社",
     "company business enterprise store shop bank institution supplier vendor branch outlet restaurant firm factory"
     " hotel hospital subsidiary retailer distributor partner merchant sme franchisee"),
    ("人", "员工 职工 学生 人员 人口 居民 农民 村民 老人 儿童 人数 教师 医生 患者 女性 股东 志愿者 骑手 司机 雇员 劳动者"
     " 就业 用工 投资者 消费者 师生 读者 观众 游客 工人 党员 干部 群众 客人 旅客 乘客 大学生 毕业生 董事 监事",
     "person employee student worker people resident staff farmer teacher patient volunteer driver woman man child"
     " shareholder investor colleague director executive consumer passenger beneficiary individual trainee"),
    ("个", "项目 省份 省市 城市 地区 国家 县域 县 乡镇 村庄 岗位 社区 学校 品牌 站点 产品 案例 课题 指标 供应点 基地 平台",
     "project city province country county village region site product location program programme brand school job"
     " facility position market"),
    ("次", "播放量 浏览量 阅读量 访问量 下载量 点击量 点击率 次数 观看量 曝光量 播放", "view play visit download click impression"),
    ("辆", "汽车 车辆 新能源车 电动车 货车", "vehicle car truck"),
    ("台", "设备 机器 服务器 手机 电脑 充电桩", "device machine server phone computer"),
    ("件", "专利 快递 包裹 商品 投诉 订单量", "patent parcel package complaint"),
    ("笔", "订单 交易 交易量 贷款笔数 笔数 单笔贷款", "transaction order loan"),
)  # fmt: skip

# What is measured in money. Only a number with 万 or 亿 may have its currency left out.
MONEY: tuple[str, ...] = tuple((
    "余额 贷款 金额 收入 营收 营业额 销售额 利润 净利 资产 净资产 负债 投入 投资 资金 成本 费用 支出 市值 规模 存款 理财 交易额 成交额"
    " 保费 补贴 捐款 善款 捐赠 税收 纳税 税费 税金 授信 额度 融资 分红 股利 薪酬 工资 租金 现金流 产值 总值 投保额 保额 赔款 理赔"
    " 发放额 放款 营业收入 预算 募资 估值 债券 罚款 价款 货款 注册资本 实收资本 本金 利息 款项 净额 总额 债务 应收账款 存货 商誉"
    " 研发投入 现金 专项资金 物资 折旧 摊销 融资额 基金 gmv gdp aum 信贷 授信额度 增加值 生产总值 进出口 出口额 出口 零售额 存款额"
).split())  # fmt: skip
MONEY_ENGLISH = frozenset(
    "revenue revenues sales income profit profits earnings assets liabilities debt cost costs expense expenses"
    " investment investments cash loan loans deposits balance balances capital dividends taxes spending payments"
    " funding proceeds borrowings ebitda equity turnover donations savings goodwill inventory receivables".split()
)
