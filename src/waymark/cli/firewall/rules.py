"""``waymark firewall adopt``, ``prove`` and ``check``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from waymark.cli.printing import language_option
from waymark.cli.review import as_of_option, day, write_file
from waymark.compact.answers import Answer
from waymark.exceptions import WaymarkError
from waymark.firewall.domain import Request, load_domain
from waymark.firewall.sharing import proof
from waymark.firewall.sharing.case import Case
from waymark.firewall.sharing.proof import Certificate, gatekeeper, prove
from waymark.firewall.sharing.routes import load_routes
from waymark.firewall.sharing.rules import MODEL_RULES, compiled, decide, load_rules
from waymark.reading import read_yaml
from waymark.words import Sentence

BROKEN = 3  # the exit code of "it does not hold" and of "denied": neither success nor a fault
rules_argument = click.argument(
    "rules_file",
    metavar="[RULES]",
    type=click.Path(dir_okay=False, path_type=Path),
    default=MODEL_RULES,
)


@click.command("adopt")
@click.argument("rules_file", metavar="RULES", type=click.Path(dir_okay=False, path_type=Path))
def adopt_rules(rules_file: Path) -> None:
    """Write the model rules to a file of yours, to change and to prove. Nothing is overwritten.

    \b
    Example:
      waymark firewall adopt our-rules.yaml
    """
    if rules_file.exists():
        raise WaymarkError(f"{rules_file} is there already.", "Choose another name.")
    write_file(MODEL_RULES.read_bytes(), rules_file)


@click.command("prove")
@rules_argument
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the certificate, if all theorems hold.",
)
@as_of_option
@language_option
def prove_rules(
    rules_file: Path, certificate: Path | None, as_of: datetime | None, language: str
) -> None:
    """Prove a set of rules over every request there is, and write a certificate.

    Without RULES, the model set that ships is proved. Ends with 3 if a theorem does not hold.

    \b
    Example:
      waymark firewall prove our-rules.yaml --certificate our-rules.certificate.json
    """
    if certificate is not None and certificate.resolve() == rules_file.resolve():
        raise click.BadParameter("The certificate would overwrite the rules; choose another file.")
    domain, routes = load_domain(), load_routes()
    rules = load_rules(rules_file, domain)
    table = compiled(rules, domain)
    verdicts = prove(rules, table, routes)
    holds = all(verdict.holds for verdict in verdicts)
    marks = {True: Sentence("holds").text(language), False: Sentence("BROKEN").text(language)}
    width = max(map(len, marks.values()))
    for verdict in verdicts:
        mark = marks[verdict.holds].ljust(width)
        click.echo(f"{mark}  {verdict.theorem.id:<4} {verdict.theorem.sentence.text(language)}")
        if verdict.breach is not None:
            click.echo(f"{' ' * (width + 7)}{verdict.breach.text(language)}")
    counted = Sentence(
        "{rules} rules; {permitted} of {size} requests permitted.",
        rules=len(rules.rules),
        permitted=f"{table.permitted:,}",
        size=f"{domain.size:,}",
    )
    click.echo(counted.text(language))
    if not holds:
        refused = Sentence("The rules do not hold. No certificate is written.")
        click.echo(refused.text(language), err=True)
        sys.exit(BROKEN)
    if certificate is not None:
        made = proof.certificate(Case(rules, table, routes), verdicts, day(as_of))
        write_file(made.model_dump_json(indent=2).encode() + b"\n", certificate)


@click.command("check")
@rules_argument
@click.option("--from", "sender", required=True, help="Who would send: a kind of body.")
@click.option("--to", "recipient", required=True, help="Who would receive: a kind of body.")
@click.option("--for", "purpose", required=True, help="What for.")
@click.option("--data", required=True, help="Which kind of data.")
@click.option("--yes", "yes", multiple=True, help="A fact that is so; may be given several times.")
@click.option("--no", "no", multiple=True, help="A fact that is not so.")
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Answer only if these rules are the ones that this certificate speaks of.",
)
@language_option
def check_request(
    rules_file: Path,
    sender: str,
    recipient: str,
    purpose: str,
    data: str,
    yes: tuple[str, ...],
    no: tuple[str, ...],
    certificate: Path | None,
    language: str,
) -> None:
    """Answer one request, with the rule that decides it. Ends with 3 if it is denied.

    A fact that is neither said to be so nor not to be so is not known, and counts as the worse
    answer. Nobody's status is asked: no rule may read it.

    \b
    Example:
      waymark firewall check --from shelter --to health --for health-care --data need-note \\
        --yes consent --yes agreement --yes onward-barred --no duty-to-report
    """
    domain = load_domain()
    rules = load_rules(rules_file, domain)
    for word in (*yes, *no):
        if word not in domain.dimensions["when"]:
            known = ", ".join(domain.dimensions["when"])
            raise click.BadParameter(f"'{word}' is no fact. Take one of: {known}.")
    both = set(yes) & set(no)
    if both:
        raise click.BadParameter(f"'{min(both)}' cannot be so and not so.")
    facts = tuple(
        True if it in yes else False if it in no else None for it in domain.dimensions["when"]
    )
    request = Request(sender, recipient, purpose, "not-known", data, facts)
    found = decide(rules, domain, request)
    permitted = found.answer is Answer.YES
    if certificate is not None:  # then the proved table answers, and the rules give the reason
        claim = read_yaml(certificate, Certificate)
        permitted = gatekeeper(rules, domain, load_routes(), claim).permits(request)
    click.echo(found.reason.text(language))
    for rule in found.because[1:]:
        more = Sentence("And by {rule}: {sentence}", rule=rule.id, sentence=rule.sentence)
        click.echo(f"  {more.text(language)}")
    if found.not_known:
        named = [fact.label for fact in domain.facts if fact.id in found.not_known]
        worse = Sentence("Not known, and taken as the worse answer: {facts}.", facts=named)
        click.echo(f"  {worse.text(language)}")
    if not permitted:
        sys.exit(BROKEN)
