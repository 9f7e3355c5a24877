"""A small made-up register for tests: a State, a union, a city and a migrants' association."""

from __future__ import annotations

from waymark.plans.register import KINDS, Register
from waymark.reading import Value

VALUES: dict[str, list[dict[str, object]]] = {
    "localities": [{"id": "KE-30", "name": "Example County", "parent": "KEN"}],
    "actors": [
        {
            "id": "example-ministry",
            "name": "Example Ministry of Labour",
            "kind": "ministry",
            "level": "national",
            "place": "KEN",
        },
        {
            "id": "example-union",
            "name": "Example Union of Domestic Workers",
            "kind": "trade-union",
            "led_by": ["migrants", "women"],
            "level": "national",
            "place": "KEN",
        },
        {
            "id": "example-city",
            "name": "Example County Government",
            "kind": "local-authority",
            "level": "subnational",
            "place": "KE-30",
        },
        {
            "id": "example-association",
            "name": "Example Association of Migrants",
            "kind": "civil-society",
            "led_by": ["migrants"],
            "level": "national",
            "place": "MEX",
        },
    ],
    "mandates": [
        {
            "id": "example-ministry-06",
            "actor": "example-ministry",
            "provision": "gcm:6",
            "kind": "lead",
            "place": "KEN",
            "basis": "An example of a mandate.",
            "source": "made up",
        }
    ],
    "plans": [
        {
            "id": "example-plan",
            "title": "Example National Plan on Migration",
            "level": "national",
            "place": "KEN",
            "lead": "example-ministry",
            "starts": "2024",
            "ends": "2028",
        },
        {
            "id": "example-county-plan",
            "title": "Example County Plan",
            "level": "subnational",
            "place": "KE-30",
            "lead": "example-city",
            "parent": "example-plan",
        },
    ],
    "practices": [
        {
            "id": "example-practice",
            "title": "Example one-stop centre",
            "place": "MEX",
            "actor": "example-association",
            "provisions": ["gcm:16"],
            "summary": "A made-up practice.",
        }
    ],
    "commitments": [
        {
            "id": "example-contracts",
            "what": "Give every domestic worker who leaves a written contract in her language.",
            "place": "KEN",
            "lead": "example-ministry",
            "plan": "example-plan",
            "origin": "pledge",
            "origin_source": "made up",
            "forum": "imrf-2022",
            "practice": "example-practice",
            "provisions": ["gcm:6", "gcm:7"],
            "groups": ["women"],
            "due": "2028-12-31",
            "result": "yes-or-no",
            "result_statement": "A model contract in six languages.",
            "status": "under-way",
            "illustrative": True,
            "partners": [{"actor": "example-union", "role": "monitors"}],
            "steps": [
                {"id": "s1", "what": "Draft the contract", "due": "2025-06-30"},
                {"id": "s2", "what": "Test it with a hundred workers", "forum": "imrf-2026"},
                {"id": "s3", "what": "Make it law", "due": "2028-06-30"},
            ],
        },
        {
            "id": "example-clinic",
            "what": "Open the county clinic to everyone, whatever their papers.",
            "place": "KE-30",
            "lead": "example-city",
            "plan": "example-county-plan",
            "origin": "national-plan",
            "provisions": ["gcm:15"],
            "groups": ["general"],
            "illustrative": True,
        },
        {
            "id": "example-proposal",
            "what": "Count missing migrants at the borders of Example.",
            "place": "MEX",
            "origin": "recommendation",
            "origin_source": "made up",
            "provisions": ["gcm:8"],
            "proposed": True,
            "illustrative": True,
        },
    ],
    "reports": [
        {
            "id": "example-report-1",
            "commitment": "example-contracts",
            "step": "s1",
            "by": "example-ministry",
            "reported": "2025-07-20",
            "outcome": "met",
            "met_on": "2025-07-15",
            "text": "The draft is there.",
        }
    ],
    "rounds": [
        {
            "id": "example-round",
            "title": "Example round before the regional review",
            "forum": "regional-2028",
            "place": "KEN",
            "opens": "2026-01-01",
            "closes": "2027-12-31",
        }
    ],
    "assessments": [
        {
            "id": "example-assessment-1",
            "commitment": "example-contracts",
            "round": "example-round",
            "by": "example-union",
            "state": "behind",
            "assessed": "2026-03-01",
            "text": "No worker whom we asked has seen it.",
        }
    ],
    "protectors": [
        {
            "id": "example-protector",
            "actor": "example-union",
            "provision": "gcm:6",
            "since": "2024",
        }
    ],
    "flows": [
        {
            "id": f"example-{name}",
            "currency": "USD",
            "year": 2026,
            "place": "KEN",
            "commitment": "example-contracts",
            "by": "example-ministry",
            "source": "made up",
            **rest,
        }
        for name, rest in {
            "cost": {"kind": "cost", "amount": "100000"},
            "cost-next": {"kind": "cost", "amount": "50000", "year": 2027},
            "grant": {
                "kind": "commitment",
                "amount": "48000",
                "currency": "EUR",
                "provider_name": "Example Fund",
                "receiver": "example-ministry",
                "earmarking": "tightly-earmarked",
            },
            "window": {
                "kind": "commitment",
                "amount": "73100.50",
                "day": "2026-01-01",
                "ends": "2027-12-31",
                "provider": "example-ministry",
            },
            "payment": {
                "kind": "disbursement",
                "amount": "20000",
                "day": "2026-03-01",
                "provider": "example-ministry",
                "receiver": "example-union",
            },
            "onward": {
                "kind": "expenditure",
                "amount": "9000",
                "provider": "example-union",
                "onward_of": "example-payment",
                "by": "example-union",
            },
            "pledge": {"kind": "pledge", "amount": "5000", "provider_name": "Example Fund"},
        }.items()
    ],
    "rates": [
        {
            "id": "eur-2026",
            "currency": "EUR",
            "year": 2026,
            "per_usd": "0.8",
            "source": "made up",
        }
    ],
    "deflators": [
        {"id": "usd-2020", "currency": "USD", "year": 2020, "level": "90.5", "source": "made up"}
    ],
}


def example_register() -> Register:
    """The made-up register as values."""
    held: dict[str, dict[str, Value]] = {}
    for kind, model in KINDS.items():
        values = [model.model_validate({**each, **_marked(model)}) for each in VALUES.get(kind, [])]
        held[kind] = {str(getattr(value, "id")): value for value in values}  # noqa: B009
    return Register(**held)  # type: ignore[arg-type]


def _marked(model: type[Value]) -> dict[str, object]:
    return {"illustrative": True} if "illustrative" in model.model_fields else {}
