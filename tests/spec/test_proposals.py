"""What the rules propose for a text: whole words, fixed expressions, subjects, and where they end.

Every sentence here is made up for the test; none comes from a recommendation.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import DefinitionError
from waymark.plans.proposals import (
    FILE,
    Proposal,
    ProposalRules,
    load_proposal_rules,
    propose,
)
from waymark.reading import read_yaml

MOST_WORDS = 6  # of a phrase in a rule: longer ones would be quotations
NOTHING = Proposal((), (), (), (), ())


@pytest.fixture(scope="module")
def rules(framework: Framework) -> ProposalRules:
    return load_proposal_rules(framework)


@dataclasses.dataclass(frozen=True)
class Case:
    text: str
    provisions: str
    groups: str = ""
    needs: str = ""

    def __str__(self) -> str:
        return self.text[:40]


CASES = [
    Case("Count foreign workers in the next census.", "gcm:1 gcm:6", "migrant-workers"),
    Case("Open an orientation course for newly arrived migrants.", "gcm:3 nyd:22", "general"),
    Case("Print birth certificates for all newborns.", "gcm:4.e", "children", "identity"),
    Case("End statelessness by 2031.", "gcm:4.e gcr:83", "stateless-persons", "identity"),
    Case("Shorten the wait for family reunification.", "gcm:5.i", "families", "family-unity"),
    Case("Sign the ICRMW.", "gcm:6.a", "families migrant-workers", "labour-protection"),
    Case("Forbid recruiters to bill migrants.", "gcm:6.c", "migrant-workers"),
    Case("Replace the kafala with open permits.", "gcm:6 gcm:6.g", "migrant-workers"),
    Case("Give domestic workers a day of rest.", "gcm:6.k", "women migrant-workers"),
    Case("Appoint guardians for unaccompanied children.", "gcm:7.f", "children"),
    Case("Keep two boats ready to rescue migrants.", "gcm:8", "general"),
    Case("Trace the money of people smugglers.", "gcm:9", "victims-of-organized-crime"),
    Case("Stop human trafficking.", "gcm:10", "victims-of-trafficking", "protection-from-violence"),
    Case("Ratify the Palermo Protocol.", "gcm:10.a", "victims-of-trafficking"),
    Case("Warn the border guards never to push migrants back.", "gcm:11", "general"),
    Case("Write a new immigration law.", "gcm:12", "general", "border-procedures"),
    Case("Detain no migrant longer than a day.", "gcm:13", "general", "alternatives-to-detention"),
    Case("Open three consulates.", "gcm:14", "", "legal-aid-and-justice"),
    Case("Vaccinate migrants in every hospital.", "gcm:15.e", "general", "health"),
    Case("Teach immigrant girls in every school.", "gcm:15.f", "children women", "education"),
    Case("Let foreigners vote in local elections.", "gcm:16", "general", "inclusion"),
    Case("Say no to xenophobia.", "gcm:17", "", "inclusion"),
    Case("Recognize the diplomas of migrants.", "gcm:18", "migrant-workers", "skills"),
    Case("Ask the diaspora to invest.", "gcm:19", "", "inclusion"),
    Case("Halve the price of remittances.", "gcm:20", "", "remittances-and-finance"),
    Case("Monitor how migrants are deported.", "gcm:21 gcm:21.e", "general"),
    Case("Let migrants draw their pensions abroad.", "gcm:22.a", "general", "social-protection"),
    Case("Host the next dialogue on migration.", "gcm:23", "general"),
    Case("Publish one migration policy.", "sdg:10.7", "general"),
    Case("Decide on refugee status in three months.", "gcr:61", "general"),
    Case("Enrol refugees in the nearest school.", "gcr:68", "general", "education"),
    Case("Offer resettlement to 900 refugees.", "gcr:90", "general", "regular-pathways"),
    Case("Respect the rights of migrants.", "gcm:7 nyd:26", "general"),
    Case("Respect the rights of refugees.", "gcr:5", "general"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_text_gets_the_provisions_of_its_subject(case: Case, rules: ProposalRules) -> None:
    found = propose(case.text, (), rules)
    assert " ".join(found.provisions) == case.provisions
    assert " ".join(found.groups) == case.groups
    assert set(case.needs.split()) <= set(found.needs)


NO_WORD_OF_OURS = [
    "Restock the hospital and the school.",  # migrants are not spoken of
    "Unmigrantlike is a word that nobody uses.",
    "Build a home for the aged and a chamber of commerce.",
    "Minority languages, seminars and boyhood memories matter.",  # minor, minors, boys
    "The lawful owner of the lawn mower pays.",
    "The inundation spoilt the embroidery.",
    "Subtraffickers is no word either.",
    "Deserted hatcheries and whatever.",  # hate
    "Alienation of the young from politics.",  # alien
    "Combat drug trafficking and arms smuggling.",
    "Train officers in human rights; fund human rights education.",
    "Support internal migrants in the cities.",
    "",
    "  ... !  ",
]


@pytest.mark.parametrize("text", NO_WORD_OF_OURS)
def test_no_rule_proposes_from_part_of_a_word_or_from_another_meaning(
    text: str, rules: ProposalRules
) -> None:
    assert propose(text, (), rules).provisions == ()


def test_every_word_of_every_rule_is_whole(rules: ProposalRules) -> None:
    """Letters before it or (without a '*') behind it make another word, for every phrase."""
    for rule in rules.rules:
        alone = rule.model_copy(update={"about": (), "issues": (), "expressions": ()})
        only = rules.model_copy(update={"rules": (alone,), "expressions": {}})
        for phrase in rule.words:
            said = phrase.replace("*", "")
            assert propose(said, (), only).rules == (rule.id,), phrase
            hidden = only.model_copy(
                update={"rules": (alone.model_copy(update={"words": (phrase,)}),)}
            )
            assert propose(f"qx{said}", (), hidden) == NOTHING, phrase
            if not phrase.endswith("*"):
                assert propose(f"{said}qx", (), hidden) == NOTHING, phrase


def test_capitals_accents_and_hyphens_make_no_difference(rules: ProposalRules) -> None:
    plain = propose("asylum seekers in detention", (), rules)
    assert propose("ASYLUM-SEEKERS in détention", (), rules) == plain
    assert "gcm:13" in plain.provisions


def test_a_phrase_does_not_reach_across_a_comma(rules: ProposalRules) -> None:
    together = propose("Listen to women migrant workers.", (), rules)
    listed = propose("Listen to women, migrant workers and others.", (), rules)
    assert "gcm:6.k" in together.provisions
    assert "gcm:6.k" not in listed.provisions


def test_the_name_of_a_treaty_speaks_of_nothing_else(rules: ProposalRules) -> None:
    found = propose(
        "Ratify the Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially "
        "Women and Children, and the Convention on the Elimination of All Forms of Discrimination "
        "against Women.",
        (),
        rules,
    )
    assert found.provisions == ("gcm:10.a",)
    assert found.groups == ("victims-of-trafficking",)


def test_drugs_do_not_hide_people(rules: ProposalRules) -> None:
    for text in (
        "Fight drug trafficking and trafficking in girls",
        "Fight human and drug trafficking",
    ):
        assert "gcm:10" in propose(text, (), rules).provisions


def test_what_speaks_only_otherwise_fills_only_what_is_empty(rules: ProposalRules) -> None:
    """The rights of migrants at large, but not where something more exact is said of them."""
    assert "rights-of-migrants" in propose("Honour migrants", (), rules).rules
    exact = propose("Teach migrant women to read at school", (), rules)
    assert "gcm:15.f" in exact.provisions
    assert "nyd:26" not in exact.provisions
    assert "general" not in exact.groups
    assert "rights-of-migrants" not in exact.rules


def test_migrants_and_refugees_each_get_their_own(rules: ProposalRules) -> None:
    found = propose("Open the clinics to refugees and migrants.", (), rules)
    assert {"gcm:7", "gcr:5"} <= set(found.provisions)
    healthy = propose("Give refugees and migrants health cards.", (), rules)
    assert {"gcm:15.e", "gcr:72"} <= set(healthy.provisions)


def test_a_proposal_stands_in_reading_order_and_says_each_once(rules: ProposalRules) -> None:
    text = "Detain no migrant child; teach foreigners; keep data on human trafficking."
    found = propose(text, (), rules)
    numbers = [int(each.split(":")[1].split(".")[0]) for each in found.provisions]
    assert numbers == sorted(numbers)
    for listed in found:
        assert len(set(listed)) == len(listed)
    assert found == propose(text, (), rules)


# The rules themselves


def test_every_rule_speaks_of_something_and_a_phrase_is_short(rules: ProposalRules) -> None:
    for rule in rules.rules:
        for phrase in rule.words:
            assert len(phrase.replace(",", "").split()) <= MOST_WORDS, f"{rule.id}: {phrase}"


def test_every_objective_is_proposed_by_some_rule(
    framework: Framework, rules: ProposalRules
) -> None:
    proposed = {each.split(".")[0] for rule in rules.rules for each in rule.provisions}
    assert {objective.id for objective in framework.objectives} <= proposed


def test_every_group_and_need_that_words_can_show_is_proposed(
    framework: Framework, rules: ProposalRules
) -> None:
    groups = {each for rule in rules.rules for each in rule.groups}
    needs = {each for rule in rules.rules for each in rule.needs}
    assert set(framework.groups) - groups == {"people-fleeing-economic-crisis"}  # R13; no words yet
    assert set(framework.needs) == needs


def made(text: str, framework: Framework, folder: Path) -> ProposalRules:
    (folder / FILE).write_text(text, encoding="utf-8")
    return load_proposal_rules(framework, folder)


RULES = """\
expressions:
  small-talk: [small talk]
subjects:
  weather:
    words: [rain*]
rules:
  - id: umbrellas
    words: [umbrella]
    about: [weather]
    issues: [Clothing]
    provisions: [gcm:2]
"""


@pytest.mark.parametrize(
    ("text", "issues", "met"),
    [
        ("An umbrella in the rain", ["Clothing"], True),
        ("An umbrella in the rain", ["Food", " clothing "], True),
        ("An umbrella in the rain", ["Food"], False),
        ("An umbrella in the rain", [], False),
        ("An umbrella", ["Clothing"], False),
        ("Raincoats", ["Clothing"], False),
    ],
)
def test_every_kind_of_condition_must_be_met(
    text: str, issues: list[str], met: bool, framework: Framework, tmp_path: Path
) -> None:
    rules = made(RULES, framework, tmp_path)
    assert bool(propose(text, issues, rules).rules) is met


@pytest.mark.parametrize(
    ("old", "new", "line", "remedy"),
    [
        ("gcm:2", "gcm:99", 7, "Identifiers look like"),
        ("about: [weather]", "about: [wether]", 7, "The subjects are: weather"),
        ("words: [umbrella]", "expressions: [talk]", 7, "The expressions are: small-talk"),
        ("words: [rain*]", "expressions: [talk]", 4, "The expressions are: small-talk"),
        ("provisions: [gcm:2]", "groups: [nobody]", 7, "The groups are: general, children"),
        ("provisions: [gcm:2]", "needs: [hats]", 7, "The needs are: identity"),
        ("provisions: [gcm:2]", "stages: [midway]", 7, "The stages are: before-departure"),
        ("words: [umbrella]", "words: [um*brella]", 8, "for the form"),
        ("words: [umbrella]", "words: [um*]", 8, "for the form"),
        ("words: [umbrella]", "words: ['...']", 8, "for the form"),
        ("words: [umbrella]", "word: [umbrella]", 8, "for the form"),
        ("    provisions: [gcm:2]\n", "", 7, "for the form"),
        ("[small talk]", "[small talk, Small-Talk]", 2, "Remove or rename one."),
    ],
)
def test_a_rule_that_is_wrong_is_refused_with_its_line(
    old: str, new: str, line: int, remedy: str, framework: Framework, tmp_path: Path
) -> None:
    assert old in RULES
    with pytest.raises(DefinitionError, match=remedy) as caught:
        made(RULES.replace(old, new), framework, tmp_path)
    assert caught.value.path.name == FILE
    assert caught.value.line == line


def test_a_rule_says_when_it_applies(framework: Framework, tmp_path: Path) -> None:
    bare = "expressions: {}\nsubjects: {}\nrules:\n  - id: always\n    provisions: [gcm:2]\n"
    with pytest.raises(DefinitionError, match="says when it applies"):
        made(bare, framework, tmp_path)


def test_a_rule_stands_once(framework: Framework, tmp_path: Path) -> None:
    twice = RULES + RULES.split("rules:\n")[1]
    with pytest.raises(DefinitionError, match="'umbrellas' is there twice"):
        made(twice, framework, tmp_path)


def test_the_file_that_ships_has_the_form(rules: ProposalRules) -> None:
    assert read_yaml(DEFINITIONS / FILE, ProposalRules) == rules
