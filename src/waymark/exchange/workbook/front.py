"""The first sheet of a workbook: for whom, from when, and how to work with it."""

from __future__ import annotations

from collections.abc import Iterator

from waymark.exchange.workbook.columns import Form
from waymark.exchange.workbook.contents import Contents
from waymark.words import N_, Sentence

TITLE = N_("Rows of the register, to be edited offline")
NAME = N_("Read me")
HOW = (
    N_(
        "Change what you want to change, save the file as XLSX, and send it to the page from which "
        "it came. You see every difference before anything is kept."
    ),
    N_("Grey cells tell rows apart and are locked. All other cells are open."),
    N_(
        "A new row goes below the others. Leave its identifier empty, or write one of your own in "
        "small letters, so that rows of other sheets can name it."
    ),
    N_(
        "A row that you delete here stays in the register. Where there is a column for removing, "
        "write yes in it; a commitment is given up by its status."
    ),
    N_("An empty cell takes away what stood there. A column that you delete changes nothing."),
    N_(
        "Sort, filter, move and widen columns as you like. Leave the second row as it is: it says "
        "by hashtags (HXL, hxlstandard.org) what each column holds."
    ),
    N_(
        "What others changed in the register meanwhile stays. Where you both changed the same "
        "cell, the page asks which one counts."
    ),
    N_(
        "Write dates as 2026-11-23, and several identifiers in a cell with a blank between them. "
        "The sheet lists has all identifiers."
    ),
    N_("Formulas are refused: write values. Never write about a person in it."),
)
HELPS = {  # what is said of every column of a form, where nothing else is
    Form.DATE: N_("Write it as 2026-11-23."),
    Form.WORDS: N_("Identifiers with a blank between them. The sheet lists has them."),
    Form.ADDRESSES: N_("Addresses with a blank between them."),
    Form.CHOICE: N_("Choose one of the list, or write its identifier."),
    Form.NUMBER: N_("Write it with a point before decimals and nothing between thousands."),
    Form.WHOLE: N_("Write a whole number."),
    Form.YES_OR_NO: N_("Write yes or no."),
}


def lines(contents: Contents) -> Iterator[tuple[str, str]]:
    """Pairs of a heading and a text; a heading alone is a title, a text alone a line of prose."""
    language = contents.wording.language
    yield Sentence(TITLE).text(language), ""
    yield from contents.about
    yield Sentence(N_("Written on")).text(language), contents.day.isoformat()
    for sheet in contents.sheets:
        if not sheet.inside:
            count = len(contents.documents.get(sheet.kind, {}))
            yield contents.wording.sheet(sheet.name), str(count)
    for message in HOW:
        yield "", Sentence(message).text(language)


def help_of(contents: Contents, sheet: str, name: str, form: Form) -> str:
    """What is said in the cells of a column."""
    own = contents.wording.help(sheet, name)
    if own or form not in HELPS:
        return own
    return Sentence(HELPS[form]).text(contents.wording.language)
