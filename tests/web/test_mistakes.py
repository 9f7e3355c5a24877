"""What is wrong with a field is said in words, with what was typed and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.example import VALUES
from waymark_web.plans.checks import InvalidError, checked
from waymark_web.plans.mistakes import MESSAGES, plain

COST = next(each for each in VALUES["flows"] if each["id"] == "example-cost")
NEED = next(each for each in VALUES["capacity_needs"] if each["id"] == "example-need")
MISTAKES: list[tuple[str, dict[str, object], dict[str, object], str, str]] = [
    ("flows", COST, {"amount": "a lot"}, "amount", "'a lot' is not a number. Write it with a"),
    ("flows", COST, {"year": "20x6"}, "year", "'20x6' is not a whole number. Write digits only."),
    ("flows", COST, {"day": "spring"}, "day", "'spring' is not a date. Write it as 2026-11-23."),
    ("flows", COST, {"kind": "gift"}, "kind", "'gift' is not one of the list. Choose one of it."),
    ("flows", COST, {"kind": None}, "kind", "is not one of the list."),
    ("capacity_needs", NEED, {"people": 0}, "people", "'0' is too small: it must be"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("kind", "right", "change", "field", "said"), MISTAKES)
def test_a_mistake_is_said_in_words(
    kind: str, right: dict[str, Any], change: dict[str, object], field: str, said: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        checked(kind, {**right, **change})
    (mistake,) = caught.value.problems[field]
    assert said in plain(mistake)


@pytest.mark.one_database
def test_what_is_missing_is_needed() -> None:
    with pytest.raises(InvalidError) as caught:
        checked("flows", {name: value for name, value in COST.items() if name != "amount"})
    assert [plain(each) for each in caught.value.problems["amount"]] == ["This is needed."]
    assert str(caught.value) == "amount: This is needed."
    assert "missing" in MESSAGES
