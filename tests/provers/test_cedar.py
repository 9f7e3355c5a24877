"""Cedar answers every request of the domain as the table does."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from tests.provers.cedar import Lists, lists_of, policies, table, told_apart
from tests.sharing import BREACHES, DOMAIN, MODEL, case_of, mutants, rules_of
from waymark.firewall.sharing.rules import RuleSet, compiled

FACTS = DOMAIN.dimensions["when"]
WHOLE = lists_of(DOMAIN)
TEXT = policies(MODEL)


def by_kind(text: str) -> np.ndarray:
    """Cedar's table of the whole domain, asked once for all words that its text treats alike."""
    alike = told_apart(text, WHOLE)
    asked: Lists = tuple(
        tuple(words[at] for at in sorted(set(first)))
        for words, first in zip(WHOLE, alike, strict=True)
    )
    found = table(text, asked, FACTS)
    places = [[sorted(set(first)).index(at) for at in first] for first in alike]
    return found[np.ix_(*places)]


def sampled(rules: RuleSet, text: str, chance: random.Random, many: int) -> None:
    """Some sets of words from the whole lists, with all sets of facts: Cedar is asked itself."""
    cells = compiled(rules, DOMAIN).cells
    for _ in range(many):
        at = [chance.randrange(length) for length in DOMAIN.shape]
        asked: Lists = tuple((words[it],) for words, it in zip(WHOLE, at, strict=True))
        assert table(text, asked, FACTS).item() == cells[tuple(at)], asked


def test_cedar_and_the_table_agree_on_every_request():
    """2,460,640 answers, bit for bit.

    Cedar is asked once for each choice of words that its policies tell apart (37,632 requests);
    the others follow from the policies' own text, see ``told_apart``. Asking all one by one takes
    minutes: ``python -m tests.provers.whole_domain``.
    """
    found = by_kind(TEXT)
    assert found.shape == DOMAIN.shape
    assert np.array_equal(found, compiled(MODEL, DOMAIN).cells)


def test_no_policy_mentions_a_status():
    assert set(told_apart(TEXT, WHOLE)[3]) == {0}
    assert "context.status" not in TEXT


def test_cedar_itself_is_asked_across_the_whole_domain():
    """The same without any argument about text: 9,600 requests drawn by a fixed seed."""
    sampled(MODEL, TEXT, random.Random(4), 300)


def test_cedar_notices_a_word_that_was_changed():
    """One word in one policy is another: the answers about rescue differ, as they should."""
    old, new = 'Kind::"shelter"].contains(resource', 'Kind::"school"].contains(resource'
    changed, times = re.subn(re.escape(old), new, TEXT)
    assert times == 1
    asked: Lists = (("legal-aid",), ("school", "shelter"), ("rescue",), ("regular",), ("contact",))
    before, after = (table(text, asked, FACTS).reshape(-1) for text in (TEXT, changed))
    assert (before == after[::-1]).all()
    assert before[0] == 0
    assert before[1] != 0


def test_cedar_and_the_table_agree_on_what_a_change_changes():
    """Broken variants and mutants: Cedar is asked where their table differs from the model's."""
    chance = random.Random(4)
    every = [it.rules for it in mutants()] + [rules_of(breach) for breach in BREACHES]
    model = compiled(MODEL, DOMAIN).cells
    asked = 0
    for rules in chance.sample(every, 120):
        cells = case_of(rules).table.cells
        differing = np.argwhere(cells != model)
        if not len(differing):
            continue
        at = differing[chance.randrange(len(differing))]
        words: Lists = tuple((it[place],) for it, place in zip(WHOLE, at, strict=True))
        assert table(policies(rules), words, FACTS).item() == cells[tuple(at)]
        asked += 1
    assert asked > 30


@pytest.mark.parametrize(
    "condition",
    [
        'principal == Kind::"health"',
        'resource in Kind::"health"',
        'context.data like "n*"',
        "!(true)",
    ],
)
def test_a_text_that_is_not_understood_is_not_abridged(condition):
    """What treats words apart in any other way than by sets would make the short cut wrong."""
    with pytest.raises((AssertionError, KeyError, ValueError)):
        told_apart(f"permit (principal, action, resource) when {{ {condition} }};", WHOLE)
