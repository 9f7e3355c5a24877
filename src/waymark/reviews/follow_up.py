"""What a review finds in the register: commitments, their steps, assessments and roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from waymark.compact.dates import last_day
from waymark.compact.framework import Framework
from waymark.compact.places import Place
from waymark.plans.assessments import Divergence, divergence
from waymark.plans.commitments import Commitment
from waymark.plans.forums import Forum
from waymark.plans.register import Register
from waymark.plans.rules import broken_rules, circumstances
from waymark.plans.stakeholders import idle_mandates, roles, without_mandate
from waymark.plans.tallies import Tallies, Tally, served, states_of
from waymark.plans.timeline import OVERDUE, Course, StepState, course, due_on, without_step_before
from waymark.plans.vocabulary import Origin, Status
from waymark.reviews.findings import WEIGHTS, Finding, FindingKind, some
from waymark.words import Sentence, count_phrase

MOST_DETAILS = 5


@dataclass(frozen=True)
class FollowUp:
    """The register of one place, with the state of every step on a day."""

    register: Register
    framework: Framework
    forums: Mapping[str, Forum]
    place: Place
    forum: Forum
    as_of: date
    states: Mapping[str, Mapping[str, StepState]]

    @property
    def live(self) -> list[Commitment]:
        """The commitments that were not dropped."""
        return [
            each for each in self.register.commitments.values() if each.status is not Status.DROPPED
        ]


def follow_up(
    register: Register,
    framework: Framework,
    forums: Mapping[str, Forum],
    place: Place,
    forum: Forum,
    as_of: date,
) -> FollowUp:
    """Read the part of a register that concerns a place."""
    here = register.of_place(framework, place.id)
    states = {each.id: states_of(here, each, forums, as_of) for each in here.commitments.values()}
    return FollowUp(here, framework, forums, place, forum, as_of, states)


def of_register(found: FollowUp) -> Iterator[Finding]:
    """Every finding that the register of a place gives."""
    if found.live:
        yield from of_commitments(found)
        yield from of_objectives_without(found)
        yield from of_steps(found)
        yield from of_next_forum(found)
        yield from of_assessments(found)
        yield from of_roles(found)
        yield from of_rules(found)
    yield from of_mandates(found)


def of_commitments(found: FollowUp) -> Iterator[Finding]:
    """How many commitments there are, where they come from, and how many have lead and date."""
    live = found.live
    served_here = _objectives(found, live)
    details = []
    for origin in Origin:
        count = sum(each.origin is origin for each in live)
        if count:
            details.append(Sentence("{origin}: {count}.", origin=origin.label, count=count))
    proposed = sum(each.proposed for each in live)
    if proposed:
        details.append(
            count_phrase(
                "In one of them a rule proposed the provisions, and nobody has confirmed them.",
                "In {count} of them a rule proposed the provisions, and nobody has confirmed them.",
                proposed,
            )
        )
    if any(each.illustrative for each in live):
        details.append(
            count_phrase(
                "One of them is made up, to show how the register works.",
                "{count} of them are made up, to show how the register works.",
                sum(each.illustrative for each in live),
            )
        )
    yield _finding(
        FindingKind.PLANNED,
        count_phrase(
            "The register holds one commitment for {place}, serving {objectives} of {all} "
            "objectives; with a lead: {led}, with a date: {dated}.",
            "The register holds {count} commitments for {place}, serving {objectives} of {all} "
            "objectives; with a lead: {led}, with a date: {dated}.",
            len(live),
            place=found.place.name,
            objectives=len(served_here),
            all=len(found.framework.objectives),
            led=sum(each.lead is not None for each in live),
            dated=sum(each.due is not None for each in live),
        ),
        details=details,
        provisions=tuple(served_here),
        commitments=tuple(each.id for each in live),
    )


def of_objectives_without(found: FollowUp) -> Iterator[Finding]:
    """The objectives that no commitment serves."""
    served_here = set(_objectives(found, found.live))
    missing = [each for each in found.framework.objectives if each.id not in served_here]
    if missing:
        yield _finding(
            FindingKind.PLANNED,
            count_phrase(
                "No commitment serves one objective: {objectives}.",
                "No commitment serves {count} objectives: {objectives}.",
                len(missing),
                objectives=[each.number for each in missing],
            ),
            provisions=tuple(each.id for each in missing),
            lighter=1,
        )


def of_steps(found: FollowUp) -> Iterator[Finding]:
    """What became of the steps that were due, the longest overdue by name."""
    live = found.live
    states = [state for each in live for state in found.states[each.id].values()]
    counted = {state: states.count(state) for state in StepState}
    due = sum(counted[state] for state in (*OVERDUE, StepState.MET, StepState.MET_LATE))
    if due:
        yield _finding(
            FindingKind.STEPS,
            Sentence(
                "Steps that were due: {due}. Met: {met}; met late: {met_late}; late: {late}; "
                "without a report: {unreported}.",
                due=due,
                met=counted[StepState.MET],
                met_late=counted[StepState.MET_LATE],
                late=counted[StepState.LATE],
                unreported=counted[StepState.NO_REPORT],
            ),
            details=_overdue(found),
            commitments=tuple(each.id for each in live if _is_behind(found, each)),
        )


def _overdue(found: FollowUp) -> list[Sentence]:
    overdue = sorted(
        (
            (due_on(step, found.forums), each, step.what, found.states[each.id][step.id])
            for each in found.live
            for step in each.steps
            if found.states[each.id][step.id] in OVERDUE
        ),
        key=lambda entry: (entry[0], entry[1].id),
    )
    return [
        Sentence(
            "“{step}” ({lead}) was due on {day}: {state}.",
            step=what,
            lead=_name(found, each.lead),
            day=day.isoformat(),
            state=state.label,
        )
        for day, each, what, state in overdue[:MOST_DETAILS]
    ]


def _is_behind(found: FollowUp, commitment: Commitment) -> bool:
    return course(commitment.status, found.states[commitment.id].values()) is Course.BEHIND


def of_next_forum(found: FollowUp) -> Iterator[Finding]:
    """How many commitments have no step that is due by the forum of the review."""
    if last_day(found.forum.ends) < found.as_of:
        return
    idle = without_step_before(found.live, found.forum, found.forums, found.as_of)
    if idle:
        yield _finding(
            FindingKind.STEPS,
            Sentence(
                "Commitments without any step due by {forum}: {idle} of {all}.",
                forum=found.forum.label,
                idle=len(idle),
                all=len(found.live),
            ),
            commitments=tuple(each.id for each in idle),
            lighter=1,
        )


def of_assessments(found: FollowUp) -> Iterator[Finding]:
    """Who assessed how much, and where others' word differs from the government's."""
    register = found.register
    given = list(register.assessments.values())
    if not given:
        return
    differing = [
        each
        for commitment in register.commitments.values()
        for each in divergence(
            commitment, register.assessments_of.get(commitment.id, ()), register.actors
        )
    ]
    differing.sort(key=lambda each: (-each.gap, each.commitment))
    yield _finding(
        FindingKind.ASSESSED,
        Sentence(
            "Commitments that were assessed: {assessed}; organizations that did: {actors}. "
            "Where others' word differs from the government's: {differing}.",
            assessed=len({each.commitment for each in given}),
            actors=len({each.by for each in given}),
            differing=len({each.commitment for each in differing}),
        ),
        details=[_differs(found, each) for each in differing[:MOST_DETAILS]],
        commitments=tuple(dict.fromkeys(each.commitment for each in differing)),
    )


def _differs(found: FollowUp, each: Divergence) -> Sentence:
    others = [
        Sentence("{actor}: {state}", actor=_name(found, actor), state=state.label)
        for actor, state in each.others
    ]
    return Sentence(
        "“{what}”: the government says {government}; {others}.",
        what=_short(found.register.commitments[each.commitment].what),
        government=each.government.label,
        others=others,
    )


def of_roles(found: FollowUp) -> Iterator[Finding]:
    """Which kinds of stakeholder have no part in any commitment."""
    taking_part = roles(found.live, found.register.actors)
    empty = [kind.label for kind in taking_part.empty_kinds]
    if empty:
        yield _finding(
            FindingKind.ROLES,
            Sentence("No commitment has a role for: {kinds}.", kinds=empty),
        )
    unled = [led.label for led in taking_part.empty_leadership]
    if unled:
        yield _finding(
            FindingKind.ROLES,
            Sentence("No organization with a role is: {leaders}.", leaders=unled),
            lighter=1,
        )


def of_mandates(found: FollowUp) -> Iterator[Finding]:
    """Objectives nobody has a mandate for, and mandates without any action here (R24)."""
    if not found.register.mandates:
        return
    missing = without_mandate(found.register, found.framework, found.place.id)
    if missing:
        yield _finding(
            FindingKind.ROLES,
            count_phrase(
                "The register knows no actor with a mandate for one objective: {objectives}.",
                "The register knows no actor with a mandate for {count} objectives: {objectives}.",
                len(missing),
                objectives=[found.framework.provision(each).number for each in missing],
            ),
            provisions=tuple(missing),
            lighter=3,
        )
    idle = idle_mandates(found.register, found.framework, found.place.id)
    names = [_name(found, actor) for actor in dict.fromkeys(mandate.actor for mandate in idle)]
    if found.live and names:
        yield _finding(
            FindingKind.ROLES,
            count_phrase(
                "One actor with a mandate has no part in a commitment on it here: {actors}.",
                "{count} actors with a mandate have no part in a commitment on it here: {actors}.",
                len(names),
                actors=some(names),
            ),
            lighter=2,
        )


def of_rules(found: FollowUp) -> Iterator[Finding]:
    """Which rules of a sound register the commitments break, the most broken first."""
    broken: dict[str, list[str]] = {}
    wording = {}
    for each in found.live:
        around = circumstances(each, found.register, found.framework, found.forums, found.as_of)
        for rule in broken_rules(each, around):
            broken.setdefault(rule.id, []).append(each.id)
            wording[rule.id] = rule.sentence
    ranked = sorted(broken.items(), key=lambda pair: -len(pair[1]))
    if ranked:
        sound = len(found.live) - len({each for held in broken.values() for each in held})
        yield _finding(
            FindingKind.RULES,
            Sentence(
                "Commitments that keep every rule of a sound register: {sound} of {all}.",
                sound=sound,
                all=len(found.live),
            ),
            details=[
                Sentence(
                    "{rule} {wording} Not so: {count}.",
                    rule=identifier,
                    wording=wording[identifier],
                    count=len(held),
                )
                for identifier, held in ranked[:MOST_DETAILS]
            ],
        )


def of_many_places(tallies: Tallies, places: Iterable[Place]) -> Iterator[Finding]:
    """A region or the world: in how many States the register holds commitments, and their steps."""
    members = list(places)
    reporting = [place for place in members if place.id in tallies]
    if not reporting:
        return
    whole = Tally()
    for place in reporting:
        for provision, tally in tallies[place.id].items():
            if provision.startswith("gcm:") and provision.removeprefix("gcm:").isdigit():
                whole += tally
    yield _finding(
        FindingKind.PLANNED,
        Sentence(
            "The register holds commitments of {reporting} of {count} Member States: {places}.",
            reporting=len(reporting),
            count=len(members),
            places=some([place.name for place in reporting]),
        ),
        details=[
            Sentence(
                "Over all objectives, a commitment counted under each that it serves: steps that "
                "were due {due}, met {met}, late or without a report {overdue}.",
                due=whole.due,
                met=whole.met,
                overdue=whole.overdue,
            )
        ]
        if whole.due
        else [],
    )


def _objectives(found: FollowUp, commitments: Iterable[Commitment]) -> list[str]:
    here = {
        provision for each in commitments for provision in served(each.provisions, found.framework)
    }
    return [each.id for each in found.framework.objectives if each.id in here]


def _name(found: FollowUp, actor: str | None) -> Sentence:
    if actor in found.register.actors:
        return Sentence("{name}", name=found.register.actors[str(actor)].name)
    return Sentence("no lead")


def _short(what: str) -> str:
    words = what.split()
    return what if len(words) <= 20 else f"{' '.join(words[:20])} …"


def _finding(
    kind: FindingKind,
    sentence: Sentence,
    *,
    details: Iterable[Sentence] = (),
    provisions: tuple[str, ...] = (),
    commitments: tuple[str, ...] = (),
    lighter: int = 0,
) -> Finding:
    weight = WEIGHTS[kind] - lighter
    told = tuple(details)
    return Finding(kind, weight, sentence, told, provisions=provisions, commitments=commitments)
