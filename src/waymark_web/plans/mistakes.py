"""What is wrong with a field of a form, in the words of the person who fills it."""

from __future__ import annotations

from pydantic_core import ErrorDetails

from waymark.words import N_, Sentence
from waymark_web.languages import language

Mistake = Sentence | str  # a plain text is in English: a rule of the library says it

NEEDED = N_("This is needed.")
NOT_A_DATE = N_("'{given}' is not a date. Write it as 2026-11-23.")
NOT_A_NUMBER = N_(
    "'{given}' is not a number. Write it with a point before decimals and nothing between "
    "thousands."
)
NOT_WHOLE = N_("'{given}' is not a whole number. Write digits only.")
NOT_LISTED = N_("'{given}' is not one of the list. Choose one of it.")
LONGEST_SHOWN = 40  # letters of what was typed

MESSAGES = {  # by the kind of error, as pydantic names it
    "missing": NEEDED,
    "string_too_short": NEEDED,
    "too_short": NEEDED,
    "int_parsing": NOT_WHOLE,
    "int_type": NOT_WHOLE,
    "int_from_float": NOT_WHOLE,
    "decimal_parsing": NOT_A_NUMBER,
    "decimal_type": NOT_A_NUMBER,
    "float_parsing": NOT_A_NUMBER,
    "date_parsing": NOT_A_DATE,
    "date_type": NOT_A_DATE,
    "date_from_datetime_parsing": NOT_A_DATE,
    "enum": NOT_LISTED,
    "literal_error": NOT_LISTED,
    "greater_than": N_("'{given}' is too small: it must be more than {gt}."),
    "greater_than_equal": N_("'{given}' is too small: it must be {ge} or more."),
    "less_than": N_("'{given}' is too large: it must be less than {lt}."),
    "less_than_equal": N_("'{given}' is too large: it must be {le} or less."),
    "string_too_long": N_("This is too long: at most {max_length} letters."),
}


def mistake_of(error: ErrorDetails) -> Mistake:
    """One error of a document in words; what a rule of the library says stays as it is."""
    message = MESSAGES.get(error["type"])
    if message is None:
        return error["msg"].removeprefix("Value error, ")
    limits = {name: str(value) for name, value in error.get("ctx", {}).items()}
    given = str(error.get("input", ""))
    shown = given if len(given) <= LONGEST_SHOWN else f"{given[:LONGEST_SHOWN]}…"
    return Sentence(message, **{**limits, "given": shown})  # type: ignore[arg-type]


def plain(mistake: Mistake) -> str:
    """A mistake in the language of the page, without mark-up."""
    return mistake if isinstance(mistake, str) else mistake.text(language())
