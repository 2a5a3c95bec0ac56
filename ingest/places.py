"""Well-known places, so that "where" finds them: provinces, cities and countries, in both languages.

In: text. Out: the ranges of place names. The list holds what annual reports name most; a place that is not on it is
found where the words before it say that it is one (位于, headquartered in), or its own ending (石埠镇).
"""

from __future__ import annotations

import re

_CHINESE = """
北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南
陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 杭州 南京 苏州 无锡 宁波 温州 合肥 福州 厦门 泉州 南昌 济南
青岛 郑州 武汉 长沙 广州 深圳 珠海 佛山 东莞 海口 成都 贵阳 昆明 西安 兰州 西宁 银川 乌鲁木齐 石家庄 太原 沈阳 大连
长春 哈尔滨 呼和浩特 南宁 拉萨 台北 高雄 台中 台南 新竹 桃园 美国 英国 法国 德国 日本 韩国 印度 新加坡 马来西亚 泰国
越南 印度尼西亚 印尼 菲律宾 澳大利亚 澳洲 新西兰 加拿大 墨西哥 巴西 阿根廷 智利 秘鲁 俄罗斯 意大利 西班牙 葡萄牙 荷兰
比利时 瑞士 瑞典 挪威 丹麦 芬兰 爱尔兰 奥地利 波兰 捷克 匈牙利 土耳其 沙特阿拉伯 沙特 阿联酋 以色列 埃及 南非 肯尼亚
尼日利亚 巴基斯坦 孟加拉国 缅甸 柬埔寨 老挝 哈萨克斯坦 中国 欧洲 亚洲 非洲 北美 南美 拉丁美洲 东南亚 中东 长三角 珠三角
粤港澳大湾区 大湾区 京津冀
唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 包头 乌海 赤峰 通辽
鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 锡林郭勒 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛 四平 辽源 通化 白山 松原 白城 延边
齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 徐州 常州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 嘉兴 湖州 绍兴
金华 义乌 衢州 舟山 台州 丽水 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 莆田 三明 漳州 南平 龙岩 宁德
景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 开封 洛阳 平顶山
安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 株洲 湘潭
衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 韶关 汕头 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 中山 潮州 揭阳 云浮
柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 三亚 三沙 儋州 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山
宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山
西双版纳 大理 德宏 怒江 迪庆 日喀则 昌都 林芝 山南 那曲 阿里 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 嘉峪关 金昌 白银 天水 武威 张掖 平凉
酒泉 庆阳 定西 陇南 临夏 甘南 海东 海北 黄南 果洛 玉树 海西 石嘴山 吴忠 固原 中卫 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 喀什 和田
伊犁 塔城 阿勒泰 石河子 基隆 嘉义 屏东 花莲 台东 宜兰 苗栗 彰化 南投 云林 澎湖 金门 九龙 新界 大埔 荃湾 屯门 元朗 沙田 观塘 东京 大阪 京都 名古屋
横滨 福冈 札幌 神户 首尔 釜山 曼谷 清迈 河内 胡志明市 金边 吉隆坡 槟城 雅加达 马尼拉 仰光 新德里 孟买 班加罗尔 迪拜 阿布扎比 利雅得 多哈 特拉维夫
伊斯坦布尔 莫斯科 圣彼得堡 伦敦 曼彻斯特 伯明翰 爱丁堡 都柏林 巴黎 里昂 柏林 慕尼黑 法兰克福 汉堡 斯图加特 苏黎世 日内瓦 维也纳 布拉格 华沙
布达佩斯 罗马 米兰 马德里 巴塞罗那 里斯本 阿姆斯特丹 鹿特丹 布鲁塞尔 哥本哈根 斯德哥尔摩 奥斯陆 赫尔辛基 雅典 开罗 内罗毕 拉各斯 约翰内斯堡 纽约
洛杉矶 旧金山 硅谷 西雅图 芝加哥 波士顿 华盛顿 休斯敦 达拉斯 亚特兰大 底特律 迈阿密 加州 得州 多伦多 温哥华 蒙特利尔 墨西哥城 圣保罗 里约热内卢
布宜诺斯艾利斯 圣地亚哥 利马 悉尼 墨尔本 奥克兰 惠灵顿 蒙古 朝鲜 尼泊尔 不丹 斯里兰卡 文莱 东帝汶 卡塔尔 科威特 巴林 阿曼 约旦 黎巴嫩 伊拉克 伊朗
也门 叙利亚 阿富汗 乌兹别克斯坦 土库曼斯坦 吉尔吉斯斯坦 塔吉克斯坦 格鲁吉亚 阿塞拜疆 亚美尼亚 乌克兰 白俄罗斯 罗马尼亚 保加利亚 塞尔维亚 克罗地亚
斯洛文尼亚 斯洛伐克 希腊 塞浦路斯 马耳他 冰岛 卢森堡 爱沙尼亚 拉脱维亚 立陶宛 摩洛哥 阿尔及利亚 突尼斯 利比亚 苏丹 埃塞俄比亚 坦桑尼亚 乌干达
卢旺达 加纳 科特迪瓦 塞内加尔 安哥拉 赞比亚 津巴布韦 莫桑比克 刚果 哥伦比亚 厄瓜多尔 委内瑞拉 玻利维亚 乌拉圭 巴拉圭 巴拿马 哥斯达黎加 危地马拉
古巴 牙买加 多米尼加 斐济 巴布亚新几内亚
""".split()
_ENGLISH = """
Beijing|Shanghai|Tianjin|Chongqing|Hangzhou|Shenzhen|Guangzhou|Nanjing|Suzhou|Wuhan|Chengdu|Xi'an|Fuzhou|Xiamen|Hong Kong|
Macau|Taiwan|Taipei|Hsinchu|London|Paris|Berlin|Munich|Frankfurt|Tokyo|Seoul|Singapore|Sydney|New York|San Francisco|
California|Texas|Oslo|Stockholm|Copenhagen|Helsinki|Dublin|Zurich|Geneva|Amsterdam|Brussels|Madrid|Rome|Vienna|Toronto|
United States|United Kingdom|France|Germany|Japan|South Korea|India|Malaysia|Thailand|Vietnam|Indonesia|Philippines|
Australia|New Zealand|Canada|Mexico|Brazil|Argentina|Chile|Peru|Russia|Italy|Spain|Portugal|Netherlands|Belgium|
Switzerland|Sweden|Norway|Denmark|Finland|Ireland|Austria|Poland|Czech Republic|Hungary|Turkey|Saudi Arabia|
United Arab Emirates|Israel|Egypt|South Africa|Kenya|Nigeria|Pakistan|Bangladesh|Myanmar|Cambodia|Kazakhstan|China|
Los Angeles|Seattle|Chicago|Boston|Washington|Houston|Dallas|Atlanta|Detroit|Miami|Denver|Phoenix|Philadelphia|Minneapolis|
Silicon Valley|Vancouver|Montreal|Mexico City|Sao Paulo|Rio de Janeiro|Buenos Aires|Santiago|Lima|Melbourne|Brisbane|Perth|
Auckland|Wellington|Osaka|Kyoto|Nagoya|Yokohama|Fukuoka|Sapporo|Busan|Bangkok|Hanoi|Ho Chi Minh City|Kuala Lumpur|Penang|
Jakarta|Manila|Yangon|New Delhi|Delhi|Mumbai|Bangalore|Bengaluru|Chennai|Hyderabad|Dubai|Abu Dhabi|Riyadh|Doha|Tel Aviv|
Istanbul|Moscow|Manchester|Birmingham|Edinburgh|Glasgow|Leeds|Bristol|Lyon|Hamburg|Stuttgart|Cologne|Dusseldorf|Basel|Prague|
Warsaw|Budapest|Milan|Turin|Barcelona|Lisbon|Rotterdam|The Hague|Antwerp|Gothenburg|Malmo|Bergen|Athens|Cairo|Nairobi|Lagos|
Johannesburg|Cape Town|Taoyuan|Taichung|Tainan|Kaohsiung|Kunming|Xi'an|Zhengzhou|Changsha|Qingdao|Dalian|Ningbo|Hefei|Jinan|
Shenyang|Harbin|Nanchang|Nanning|Guiyang|Lanzhou|Urumqi|Lhasa|Hohhot|Zhuhai|Dongguan|Foshan|Wuxi|Kunshan|Florida|Arizona|
Nevada|Colorado|Illinois|Michigan|Ohio|Pennsylvania|Massachusetts|New Jersey|North Carolina|South Carolina|Virginia|Tennessee|
Georgia|Alabama|Indiana|Wisconsin|Minnesota|Missouri|Oregon|Utah|Ontario|Quebec|Alberta|British Columbia|Mongolia|Nepal|Sri Lanka|
Brunei|Qatar|Kuwait|Bahrain|Oman|Jordan|Lebanon|Iraq|Iran|Uzbekistan|Azerbaijan|Ukraine|Belarus|Romania|Bulgaria|Serbia|Croatia|
Slovenia|Slovakia|Greece|Cyprus|Malta|Iceland|Luxembourg|Estonia|Latvia|Lithuania|Morocco|Algeria|Tunisia|Libya|Ethiopia|
Tanzania|Uganda|Rwanda|Ghana|Senegal|Angola|Zambia|Zimbabwe|Mozambique|Colombia|Ecuador|Venezuela|Bolivia|Uruguay|Paraguay|
Panama|Costa Rica|Guatemala|Cuba|Jamaica|Dominican Republic|Laos|England|Scotland|Wales|Northern Ireland|Catalonia|Bavaria|
Europe|Asia|Africa|North America|Latin America|Southeast Asia|Middle East
""".replace("\n", "")
_LISTED = re.compile("(?:" + "|".join(sorted(_CHINESE, key=len, reverse=True)) + ")[省市县区]?(?!银行|人民银行|集团)")
# A place by its rank (石埠镇长滩村, 泰国罗勇府), unless words of other things end so (地区, 城市, 超市).
_RANKED = re.compile(
    r"(?:[\u3400-\u9fff]{2,3}?(?:自治区|自治州|自治县|新区|街道|[省市州县区旗镇乡村府港岛湾]))+(?![场民级委政内外长域城领面值况])"
)
_NO_RANK = re.compile(
    r"(?:地|社|市|城|园|景|小|山|灾|辖|片|牧|片|库|厂|矿|郊|校|专|战|雷|误|盲|时)区$|(?:城|都|超|上|股|门|开|全|本|该|各|两|多|房|楼|夜|菜|集)市$"
    r"|(?:农|乡|新|山|全|本|该|各|多|行政|自然|渔|度假)村$|(?:全|本|该|各|两|多|外|我|省|跨|分)[省县镇乡州]$|(?:政|学|首|官|王)府$|(?:乡|城)镇$|家乡$|海[岛湾港]$"
)
_LISTED_EN = re.compile(rf"\b(?:{_ENGLISH})\b")
_LED = re.compile(
    r"(?:位于|坐落于|坐落在|落户|选址|设在|迁至|迁往|飞往|飞到|开往|驶往|总部设在|总部在|来自|前往|回到|地处)([\u3400-\u9fff]{2,8}?)(?=[的、,，。;；]|$|等|与|和|及)"
)
_LED_EN = re.compile(
    r"\b(?:based|headquartered|located|head office|headquarters)\b[^.,;]{0,12}\bin ([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
)
_LEADS = re.compile(r"[在于到至从往自由向和与及、的是为即了个三]")

PLACES = frozenset((*_CHINESE, *_ENGLISH.lower().split("|")))
"""The names on the list, folded: Chinese ones simplified."""


def places(text: str, folded: str) -> list[tuple[int, int]]:
    """The ranges of place names in a text and its folded form."""
    found = [match.span() for match in _LISTED.finditer(folded)]
    found += [match.span() for match in _LISTED_EN.finditer(text)]
    found += [match.span(1) for pattern, body in ((_LED, folded), (_LED_EN, text)) for match in pattern.finditer(body)]
    found += [span for match in _RANKED.finditer(folded) if (span := _of_rank(folded, *match.span()))]
    return sorted(set(found))


def _of_rank(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """The range of a place by its rank without what leads to it (在石埠镇: 石埠镇); None where it is none."""
    if _NO_RANK.search(folded[start:end]):
        return None
    lead = max((at.end() for at in _LEADS.finditer(folded, start, end - 2)), default=start)
    return (lead, end) if end - lead > 2 else None
