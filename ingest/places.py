"""Well-known places, so that "where" finds them: provinces, cities and countries, in both languages.

In: text. Out: the ranges of place names. The list holds what annual reports name most; a place that is not on it is
found where the words before it say that it is one (位于, headquartered in).
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
""".split()
_ENGLISH = """
Beijing|Shanghai|Tianjin|Chongqing|Hangzhou|Shenzhen|Guangzhou|Nanjing|Suzhou|Wuhan|Chengdu|Xi'an|Fuzhou|Xiamen|Hong Kong|
Macau|Taiwan|Taipei|Hsinchu|London|Paris|Berlin|Munich|Frankfurt|Tokyo|Seoul|Singapore|Sydney|New York|San Francisco|
California|Texas|Oslo|Stockholm|Copenhagen|Helsinki|Dublin|Zurich|Geneva|Amsterdam|Brussels|Madrid|Rome|Vienna|Toronto|
United States|United Kingdom|France|Germany|Japan|South Korea|India|Malaysia|Thailand|Vietnam|Indonesia|Philippines|
Australia|New Zealand|Canada|Mexico|Brazil|Argentina|Chile|Peru|Russia|Italy|Spain|Portugal|Netherlands|Belgium|
Switzerland|Sweden|Norway|Denmark|Finland|Ireland|Austria|Poland|Czech Republic|Hungary|Turkey|Saudi Arabia|
United Arab Emirates|Israel|Egypt|South Africa|Kenya|Nigeria|Pakistan|Bangladesh|Myanmar|Cambodia|Kazakhstan|China|
Europe|Asia|Africa|North America|Latin America|Southeast Asia|Middle East
""".replace("\n", "")
_LISTED = re.compile("(?:" + "|".join(sorted(_CHINESE, key=len, reverse=True)) + ")[省市县区]?(?!银行|人民银行|集团)")
_LISTED_EN = re.compile(rf"\b(?:{_ENGLISH})\b")
_LED = re.compile(
    r"(?:位于|坐落于|坐落在|落户|总部设在|总部在|来自|前往|回到|地处)([\u3400-\u9fff]{2,8}?)(?=[的、,，。;；]|$|等|与|和|及)"
)
_LED_EN = re.compile(
    r"\b(?:based|headquartered|located|head office|headquarters)\b[^.,;]{0,12}\bin ([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
)


PLACES = frozenset((*_CHINESE, *_ENGLISH.lower().split("|")))
"""The names on the list, folded: Chinese ones simplified."""


def places(text: str, folded: str) -> list[tuple[int, int]]:
    """The ranges of place names in a text and its folded form."""
    found = [match.span() for match in _LISTED.finditer(folded)]
    found += [match.span() for match in _LISTED_EN.finditer(text)]
    found += [match.span(1) for pattern, body in ((_LED, folded), (_LED_EN, text)) for match in pattern.finditer(body)]
    return sorted(set(found))
