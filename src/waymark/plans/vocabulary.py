"""The closed lists and identifiers of the register, in the field's words."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from waymark.words import LANGUAGES, N_, Sentence

Slug = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, to_lower=True)
]
LocalityId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
PlaceRef = Annotated[
    str, StringConstraints(pattern=r"^([A-Z]{3}|\d{3}|[A-Z]{2}-[A-Z0-9]{1,3})$", to_upper=True)
]
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def _plain(value: object) -> object:
    """Text as people write it: one kind of line end, no control characters."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if CONTROL.search(text):
        raise ValueError("it holds characters that cannot be shown; type it again")
    return text


def _in_one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


Plain = BeforeValidator(_plain)
Line = Annotated[
    str,
    BeforeValidator(_in_one_line),
    Plain,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
]
LineOrNothing = Annotated[
    str,
    BeforeValidator(_in_one_line),
    Plain,
    StringConstraints(strip_whitespace=True, max_length=300),
]
Text = Annotated[str, Plain, StringConstraints(strip_whitespace=True, max_length=5000)]
Address = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^$|^https?://[^\s<>\"]+$", max_length=500),
]
Figure = Annotated[Decimal, Field(max_digits=30)]  # written out, it is short: no 1e999999
Year = Annotated[int, Field(ge=1900, le=2100)]
Language = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(LANGUAGES)})$")]


def _spoken(code: str) -> str:
    if code not in Locale("en").languages:
        raise ValueError("there is no such language; use a code of ISO 639 such as sw or pt")
    return code


SpokenLanguage = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}$", to_lower=True), AfterValidator(_spoken)
]


def _parts(value: object) -> object:
    """A cell of a table holds a list as words between blanks; a document holds a list."""
    if value is None:
        return ()
    return tuple(value.split()) if isinstance(value, str) else value


AsWords = BeforeValidator(_parts)


class Named(StrEnum):
    """A value of a closed list, with its name for readers in ``NAMES``."""

    @property
    def label(self) -> Sentence:
        """The name for readers."""
        return Sentence(NAMES[type(self).__name__, self.value])


class ActorKind(Named):
    """What an actor is."""

    STATE = "state"
    MINISTRY = "ministry"
    LOCAL_AUTHORITY = "local-authority"
    PARLIAMENT = "parliament"
    COURT = "court"
    HUMAN_RIGHTS_INSTITUTION = "human-rights-institution"
    UN_ENTITY = "un-entity"
    REGIONAL_ORGANISATION = "regional-organisation"
    CIVIL_SOCIETY = "civil-society"
    TRADE_UNION = "trade-union"
    PRIVATE_SECTOR = "private-sector"
    ACADEMIA = "academia"
    FAITH_BASED = "faith-based"
    MEDIA = "media"

    @property
    def is_government(self) -> bool:
        """Whether its word is the government's: the State, its ministries and its authorities."""
        return self in (ActorKind.STATE, ActorKind.MINISTRY, ActorKind.LOCAL_AUTHORITY)


class LedBy(Named):
    """Who leads an actor, whatever its kind."""

    MIGRANTS = "migrants"
    REFUGEES = "refugees"
    DIASPORA = "diaspora"
    WOMEN = "women"
    YOUTH = "youth"


class MandateKind(Named):
    """What a mandate makes an actor answer for."""

    LEAD = "lead"
    COMPETENT = "competent"
    CUSTODIAN = "custodian"
    OVERSIGHT = "oversight"


class Origin(Named):
    """Where a commitment comes from."""

    NATIONAL_PLAN = "national-plan"
    PLEDGE = "pledge"
    RECOMMENDATION = "recommendation"
    CIVIL_SOCIETY_PROPOSAL = "civil-society-proposal"
    CAPACITY_REQUEST = "capacity-request"
    OTHER = "other"


EXPLAINED = (
    Origin.PLEDGE,
    Origin.RECOMMENDATION,
    Origin.CIVIL_SOCIETY_PROPOSAL,
    Origin.CAPACITY_REQUEST,
)


class PartnerRole(Named):
    """What a partner does in a commitment."""

    IMPLEMENTS = "implements"
    FUNDS = "funds"
    ADVISES = "advises"
    MONITORS = "monitors"
    CONSULTED = "consulted"


class ResultKind(Named):
    """How one will see that a commitment is kept."""

    TARGET = "target"
    YES_OR_NO = "yes-or-no"


class Status(Named):
    """What the lead says of a commitment, beside the state that is computed."""

    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    DONE = "done"
    DROPPED = "dropped"


class Outcome(Named):
    """What a report says of a step."""

    MET = "met"
    PARTLY_MET = "partly-met"
    NOT_MET = "not-met"


class AssessedState(Named):
    """What an assessment says of a commitment, from worst to best; *not known* stands apart."""

    NOT_STARTED = "not-started"
    BEHIND = "behind"
    ON_COURSE = "on-course"
    DONE = "done"
    NOT_KNOWN = "not-known"


class CapacityKind(Named):
    """What is needed or offered, so that somebody can do what was promised (R22)."""

    TRAINING = "training"
    STAFF = "staff"
    DATA = "data"
    TECHNOLOGY = "technology"
    MONEY = "money"
    LAW_MAKING = "law-making"


class Presence(Named):
    """Whether capacity is given on the spot; for a need, how it can be taken."""

    IN_PERSON = "in-person"
    AT_A_DISTANCE = "at-a-distance"
    EITHER = "either"


class Terms(Named):
    """Who pays, from the lightest on the one that needs; for a need, at most this."""

    FREE = "free"
    COST_SHARED = "cost-shared"
    PAID = "paid"


class Decision(Named):
    """The answer to a request: the offering side accepts or declines, the asking side withdraws."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


NAMES = {
    ("ActorKind", "state"): N_("State"),
    ("ActorKind", "ministry"): N_("ministry"),
    ("ActorKind", "local-authority"): N_("regional or local authority"),
    ("ActorKind", "parliament"): N_("parliament"),
    ("ActorKind", "court"): N_("court"),
    ("ActorKind", "human-rights-institution"): N_("national human rights institution"),
    ("ActorKind", "un-entity"): N_("United Nations entity"),
    ("ActorKind", "regional-organisation"): N_("regional organization"),
    ("ActorKind", "civil-society"): N_("civil society"),
    ("ActorKind", "trade-union"): N_("trade union"),
    ("ActorKind", "private-sector"): N_("employer or private sector"),
    ("ActorKind", "academia"): N_("academia"),
    ("ActorKind", "faith-based"): N_("faith-based organization"),
    ("ActorKind", "media"): N_("media"),
    ("LedBy", "migrants"): N_("led by migrants"),
    ("LedBy", "refugees"): N_("led by refugees"),
    ("LedBy", "diaspora"): N_("led by a diaspora"),
    ("LedBy", "women"): N_("led by women"),
    ("LedBy", "youth"): N_("led by young people"),
    ("MandateKind", "lead"): N_("leads"),
    ("MandateKind", "competent"): N_("is competent"),
    ("MandateKind", "custodian"): N_("keeps the indicator"),
    ("MandateKind", "oversight"): N_("watches over it"),
    ("Origin", "national-plan"): N_("national or local plan"),
    ("Origin", "pledge"): N_("pledge at a forum"),
    ("Origin", "recommendation"): N_("accepted recommendation"),
    ("Origin", "civil-society-proposal"): N_("proposal of civil society"),
    ("Origin", "capacity-request"): N_("accepted request for capacity"),
    ("Origin", "other"): N_("other origin"),
    ("PartnerRole", "implements"): N_("carries it out"),
    ("PartnerRole", "funds"): N_("funds it"),
    ("PartnerRole", "advises"): N_("advises"),
    ("PartnerRole", "monitors"): N_("monitors it"),
    ("PartnerRole", "consulted"): N_("is consulted"),
    ("ResultKind", "target"): N_("a target on an indicator"),
    ("ResultKind", "yes-or-no"): N_("a result that is there or not"),
    ("Status", "not-started"): N_("not started"),
    ("Status", "under-way"): N_("under way"),
    ("Status", "done"): N_("done"),
    ("Status", "dropped"): N_("dropped"),
    ("Outcome", "met"): N_("met"),
    ("Outcome", "partly-met"): N_("partly met"),
    ("Outcome", "not-met"): N_("not met"),
    ("AssessedState", "not-started"): N_("not started"),
    ("AssessedState", "behind"): N_("behind"),
    ("AssessedState", "on-course"): N_("on course"),
    ("AssessedState", "done"): N_("done"),
    ("AssessedState", "not-known"): N_("not known"),
    ("CapacityKind", "training"): N_("training"),
    ("CapacityKind", "staff"): N_("staff"),
    ("CapacityKind", "data"): N_("data"),
    ("CapacityKind", "technology"): N_("technology"),
    ("CapacityKind", "money"): N_("money"),
    ("CapacityKind", "law-making"): N_("law-making"),
    ("Presence", "in-person"): N_("in person"),
    ("Presence", "at-a-distance"): N_("at a distance"),
    ("Presence", "either"): N_("in person or at a distance"),
    ("Terms", "free"): N_("free of charge"),
    ("Terms", "cost-shared"): N_("costs are shared"),
    ("Terms", "paid"): N_("whoever needs it pays"),
    ("Decision", "accepted"): N_("accepted"),
    ("Decision", "declined"): N_("declined"),
    ("Decision", "withdrawn"): N_("withdrawn"),
    ("FlowKind", "cost"): N_("cost"),
    ("FlowKind", "pledge"): N_("pledge"),
    ("FlowKind", "commitment"): N_("money committed"),
    ("FlowKind", "disbursement"): N_("payment to another"),
    ("FlowKind", "expenditure"): N_("own spending"),
    ("FlowKind", "incoming-commitment"): N_("commitment received"),
    ("FlowKind", "incoming"): N_("money received"),
    ("FlowKind", "budget"): N_("budget"),
    ("FlowKind", "planned-disbursement"): N_("planned payment"),
    ("Earmarking", "unearmarked"): N_("not earmarked"),
    ("Earmarking", "softly-earmarked"): N_("softly earmarked"),
    ("Earmarking", "earmarked"): N_("earmarked"),
    ("Earmarking", "tightly-earmarked"): N_("tightly earmarked"),
    ("Earmarking", "not-known"): N_("not known"),
}
