"""IATI activities as commitments: title, participants, status, dates, tags, and what they lead to.

Written for what Akvo RSR and other project software export. What a register has no field for is
counted by reason, and said; nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from waymark.compact.crosswalk import LinkType
from waymark.compact.framework import Framework
from waymark.compact.places import WORLD, Level, Place
from waymark.exchange.iati.activities import (
    OWN_TAGS,
    SDG_GOALS,
    SDG_TARGETS,
    UN_REGIONS,
    Activity,
    Code,
    Narrative,
    Organisation,
    Share,
    Texts,
    best_of,
)
from waymark.exchange.iati.reading import Found
from waymark.exchange.iati.remarks import adds_up, by_list, together
from waymark.exchange.pledges.rows import Part, Pledge
from waymark.plans.vocabulary import ActorKind, PartnerRole, Status
from waymark.words import LANGUAGES, N_

STATUSES = {  # the code list ActivityStatus; 3 winds up what is under way
    "1": Status.NOT_STARTED,
    "2": Status.UNDER_WAY,
    "3": Status.UNDER_WAY,
    "4": Status.DONE,
    "5": Status.DROPPED,
}
ROLES = {"1": PartnerRole.FUNDS, "4": PartnerRole.IMPLEMENTS}
ACCOUNTABLE, PLANNED_END, PARENT = "2", "3", "1"
KINDS = {  # of the code list OrganisationType, those that are one of our kinds
    "11": ActorKind.LOCAL_AUTHORITY,
    "21": ActorKind.CIVIL_SOCIETY,
    "22": ActorKind.CIVIL_SOCIETY,
    "23": ActorKind.CIVIL_SOCIETY,
    "24": ActorKind.CIVIL_SOCIETY,
    "70": ActorKind.PRIVATE_SECTOR,
    "71": ActorKind.PRIVATE_SECTOR,
    "72": ActorKind.PRIVATE_SECTOR,
    "73": ActorKind.PRIVATE_SECTOR,
    "80": ActorKind.ACADEMIA,
}
LEVELS = {"11": Level.SUBNATIONAL, "21": Level.GLOBAL, "40": Level.GLOBAL}
WHOLE = Fraction(1)
LONGEST = 5000  # letters of what a commitment is about
NO_PLACE = N_("activities that are not of the place")
ILL_STATUS = N_("activities of another status: taken as not started")
NOT_OURS = N_("organisations in a role that a register has not")
NAMELESS = N_("organisations without a name")
DATES = N_("dates other than the planned end")
MORE_TEXT = N_("descriptions after the first")
TAGS = N_("tags of other lists")
SECTORS = N_("sectors of activities")
PLACES = N_("further countries and regions of activities")
LINKS = N_("links to activities other than the parent")


@dataclass
class Taking:
    """How activities are taken in: the place, the publisher's own, and what is left out, counted.

    Of ``own``, a publisher's identifier, activities keep the identifiers that follow it: those
    that Waymark itself wrote come back as they were. ``kinds`` says what the types of organisations
    are that are none of ours, or several.
    """

    framework: Framework
    place: Place
    recipients: Mapping[str, str]
    own: str = ""
    kinds: Mapping[str, ActorKind] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)

    def is_here(self, activity: Activity) -> bool:
        """Whether an activity is for the place or for a place inside it; of none, it may be."""
        named = bool(activity.countries or activity.regions)
        return not named or self.place.id == WORLD or any(map(self.holds, self.places_of(activity)))

    def places_of(self, activity: Activity) -> list[str]:
        """The places that we know of those that an activity names."""
        found = map(self.place_of, [*activity.countries, *activity.regions])
        return [each for each in found if each]

    def share_of(self, activity: Activity) -> Fraction | None:
        """The part of an activity's money that is for the place, by its percentages.

        None where other places share in it, and no percentages add up to say how.
        """
        if self.place.id == WORLD:
            return WHOLE
        for regions in by_list(activity.regions) or [[]]:
            shares = [*activity.countries, *regions]
            here = [each for each in shares if self.holds(self.place_of(each))]
            if here and adds_up(shares):
                return Fraction(together(here)) / Fraction(together(shares))
        around = {"", *self.place.parents}  # such a region says where the place lies
        regions_of = [self.place_of(each) for each in activity.regions]
        others = [self.place_of(each) for each in activity.countries]
        others += [each for each in regions_of if each not in around]
        return WHOLE if all(map(self.holds, others)) else None

    def holds(self, place: str) -> bool:
        """Whether a place is the one that is taken in, or lies in it."""
        known = self.framework.places.get(place)
        return known is not None and self.place.id in (place, *known.parents)

    def place_of(self, given: Share | Code) -> str:
        """Our place for a country or region; empty where it is none of ours."""
        if given.vocabulary == UN_REGIONS:
            return given.code if given.code in self.framework.places else ""
        return self.recipients.get(given.code, "")

    def place_for(self, activity: Activity) -> str:
        """The one place that an activity names, else the place that it is taken in for."""
        places = list(dict.fromkeys(self.places_of(activity)))
        self.left[PLACES] += max(0, len(places) - 1)
        return places[0] if len(places) == 1 else self.place.id

    def slug(self, identifier: str) -> str:
        """The identifier of one of the publisher's own activities; empty for others."""
        start = f"{self.own}-"
        own = bool(self.own) and identifier.startswith(start)
        rest = identifier.removeprefix(start)
        return rest if own and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rest) else ""


def pledge_of(found: Found, taking: Taking) -> Pledge:
    """An activity as a pledge, without its results and its money."""
    activity, line = found.activity, found.line or 1
    pledge = Pledge(
        activity.id,
        line,
        Part("commitments", line),
        Part("actors", line),
        slug=taking.slug(activity.id),
    )
    values = pledge.commitment.values
    title, language = said(activity.title, activity.language)
    values["what"], values["language"] = _what(activity, title, taking), language
    values["place"] = taking.place_for(activity)
    values["status"] = STATUSES.get(activity.status, Status.NOT_STARTED)
    taking.left[ILL_STATUS] += activity.status not in STATUSES
    for event in activity.events:
        if event.type == PLANNED_END and event.day is not None:
            values["due"] = event.day
        else:
            taking.left[DATES] += 1
    provisions = tuple(_provisions(activity, taking))
    if provisions:
        values["provisions"] = provisions
    taking.left[SECTORS] += len(activity.sectors)
    parents = [each.ref for each in activity.related if each.type == PARENT and each.ref]
    taking.left[LINKS] += len(activity.related) - len(parents)
    source = f"IATI, {activity.id}"
    values["origin_source"] = f"{source}; part of {', '.join(parents)}" if parents else source
    _participants(activity, pledge, taking)
    return pledge


def said(texts: Texts, language: str) -> tuple[str, str]:
    """A text and its language: English, else the activity's own, else the first."""
    found = best_of(texts, language) or Narrative("", "en")
    return found.text, found.language if found.language in LANGUAGES else "en"


def name_of(organisation: Organisation, activity: Activity) -> str:
    """The name of an organisation, else its identifier."""
    name, _ = said(organisation.name, activity.language)
    return " ".join((name or organisation.ref).split())[:300]


def organisation_part(
    organisation: Organisation, activity: Activity, taking: Taking, line: int
) -> Part:
    """What an activity says of an organisation that the register may not know."""
    values: dict[str, object] = {"name": name_of(organisation, activity)}
    kind = taking.kinds.get(organisation.type) or KINDS.get(organisation.type)
    if kind is not None:
        values["kind"] = kind
    level = LEVELS.get(organisation.type, Level.NATIONAL)
    if organisation.type == "23":
        level = Level.REGIONAL
    values["level"] = level
    if level is Level.GLOBAL:
        values["place"] = WORLD
    return Part("actors", line, values)


def _what(activity: Activity, title: str, taking: Taking) -> str:
    """The title, with the first description where that says more."""
    taking.left[MORE_TEXT] += max(0, len(activity.description) - 1)
    first, _ = said(activity.description, activity.language)
    if not first or first == title:
        return title or activity.id
    if " ".join(first.split()).startswith(" ".join(title.removesuffix("…").split())):
        return first[:LONGEST]  # as Waymark writes it: the title is its beginning
    return f"{title}\n\n{first}" if len(title) + len(first) < LONGEST - 2 else title


def _provisions(activity: Activity, taking: Taking) -> Iterator[str]:
    """The Compact's provisions and SDG targets of the tags, without those that follow from them."""
    known = taking.framework.provisions
    own, goals = [], []
    for tag in activity.tags:
        if tag.vocabulary == OWN_TAGS and tag.code in known:
            own.append(tag.code)
        elif tag.vocabulary in (SDG_GOALS, SDG_TARGETS) and f"sdg:{tag.code}" in known:
            goals.append(f"sdg:{tag.code}")
        else:
            taking.left[TAGS] += 1
    advanced = {
        link.target
        for provision in own
        for link in taking.framework.links_from(provision, LinkType.ADVANCES)
    }
    yield from dict.fromkeys([*own, *(each for each in goals if each not in advanced)])


def _participants(activity: Activity, pledge: Pledge, taking: Taking) -> None:
    for each in activity.participants:
        name = name_of(each.organisation, activity)
        if not name:
            taking.left[NAMELESS] += 1
            continue
        part = organisation_part(each.organisation, activity, taking, pledge.row)
        if each.role == ACCOUNTABLE and "lead" not in pledge.commitment.values:
            pledge.commitment.values["lead"] = name
        elif each.role in ROLES:
            values = {"actor": name, "role": ROLES[each.role]}
            if any(held.values == values for held in pledge.of_kind("partners")):
                continue
            pledge.parts.append(Part("partners", pledge.row, values))
        else:
            taking.left[NOT_OURS] += 1
            continue
        pledge.organisations.setdefault(name, part)
