import pytest

from chat.when import OTHER, SAME, UNSTATED, WITHIN, agreement


@pytest.mark.parametrize(
    ("asked", "stated", "expected"),
    [
        (None, "2023", SAME),
        ("2023", None, UNSTATED),
        ("2023", "2023", SAME),
        ("2023-H1", "2023-01/2023-06", SAME),
        ("2023", "2023-12-31", WITHIN),
        ("2023-12-31", "2023", WITHIN),
        ("2023", "2023-05", WITHIN),
        ("2023", "2023-05-13", WITHIN),
        ("2023", "--05-13", OTHER),
        ("--05", "--05-13", WITHIN),
        ("2023", "2023-Q1", OTHER),
        ("2023-H1", "2023", OTHER),
        ("2023-12-31", "2023-05", OTHER),
        ("2021-12-31", "2023-12-31", OTHER),
        ("2022", "2023", OTHER),
        ("2022", "2021/2023", OTHER),
        ("2023-06-30", "2023-H1", WITHIN),
    ],
)
def test_agreement(asked, stated, expected):
    assert agreement(asked, stated) == expected
