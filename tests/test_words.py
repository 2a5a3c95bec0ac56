"""What the page says, in each of its languages."""

import re

import pytest

from chat.ui.words import WORDS, counted, spoken


def test_every_language_says_everything():
    for name, said in WORDS["en"].items():
        marks = set(re.findall(r"\{\w+\}", said))
        for language in ("zh-Hans", "zh-Hant"):
            assert WORDS[language][name].strip()
            assert set(re.findall(r"\{\w+\}", WORDS[language][name])) == marks, name
        assert not re.search(r"[\u3400-\u9fff]", said), name


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-Hans"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("zh-TW,zh;q=0.9", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"),
        ("en-US,en;q=0.5", "en"), ("en;q=0.3,zh-CN;q=0.8", "zh-Hans"), ("fr-FR", "en"), ("q=;;,,;q=x", "en"),
    ],
)  # fmt: skip
def test_the_browser_says_which_language(accepted, language):
    assert spoken(accepted) == language


def test_one_is_one():
    assert counted("en", "pages", 1) == "1 page" and counted("en", "figures", 3465) == "3,465 figures"
