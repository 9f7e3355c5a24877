"""How the cells of a workbook look and behave: what is locked, what is offered, what is said."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from waymark.exchange.workbook.columns import Column, Form

FIRST_ROW = 3  # row 1 says in words what a column holds, row 2 by its hashtag
LAST_ROW = 10_000  # as far as choices and help reach
WIDTHS = {Form.TEXT: 48, Form.LINE: 28, Form.CHOICE: 30, Form.WORDS: 28, Form.ADDRESSES: 34}
NARROW = 15
DAY_FORMAT, TEXT_FORMAT, NUMBER_FORMAT = "yyyy-mm-dd", "@", "General"
FORMATS = {Form.DATE: DAY_FORMAT, Form.NUMBER: NUMBER_FORMAT, Form.WHOLE: NUMBER_FORMAT}
LONGEST_HELP, LONGEST_HEADING = 255, 32  # characters that a note on a cell may have
HEAD, TAG, KEY, TITLE, PROSE = "head", "tag", "key", "title", "prose"
SOFT = "5B6B6B"


def add_styles(book: Workbook) -> None:
    """The named styles of a workbook: its heads, hashtags, keys and prose."""
    top = Alignment(wrap_text=True, vertical="top")
    book.add_named_style(
        NamedStyle(
            HEAD,
            font=Font(bold=True),
            fill=PatternFill("solid", fgColor="E3EEEE"),
            alignment=top,
            border=Border(bottom=Side("thin", color="8A9999")),
        )
    )
    book.add_named_style(NamedStyle(TAG, font=Font(size=8, color=SOFT), number_format=TEXT_FORMAT))
    book.add_named_style(
        NamedStyle(
            KEY,
            font=Font(color=SOFT),
            fill=PatternFill("solid", fgColor="F3F3F0"),
            alignment=top,
            number_format=TEXT_FORMAT,
        )
    )
    book.add_named_style(NamedStyle(TITLE, font=Font(bold=True, size=16), alignment=top))
    book.add_named_style(NamedStyle(PROSE, alignment=top, number_format=TEXT_FORMAT))
    for form in Form:
        book.add_named_style(
            NamedStyle(
                form.value,
                alignment=top,
                number_format=FORMATS.get(form, TEXT_FORMAT),
                protection=Protection(locked=False),
            )
        )


def lay_out(
    at: Worksheet, columns: tuple[Column, ...], frozen: int, *, from_the_right: bool
) -> None:
    """Widths, open cells below the rows, frozen heads and first columns, paper, the lock."""
    for number, column in enumerate(columns, start=1):
        dimension = at.column_dimensions[get_column_letter(number)]
        dimension.width = WIDTHS.get(column.form, NARROW)
        dimension.number_format = FORMATS.get(column.form, TEXT_FORMAT)
        dimension.alignment = Alignment(wrap_text=True, vertical="top")
        dimension.protection = Protection(locked=False)
    at.freeze_panes = at.cell(FIRST_ROW, frozen + 1)
    at.sheet_view.rightToLeft = from_the_right
    at.page_setup.orientation = "landscape"
    at.page_setup.fitToHeight = 0
    at.sheet_properties.pageSetUpPr.fitToPage = True
    at.print_title_rows = "1:1"
    lock(at)


def lock(at: Worksheet) -> None:
    """Lock what is not open, without a password; sorting, filtering and widths stay allowed."""
    at.protection.sheet = True
    for allowed in (
        "sort",
        "autoFilter",
        "formatColumns",
        "formatRows",
        "insertRows",
        "deleteRows",
    ):
        setattr(at.protection, allowed, False)  # what is False is not forbidden


def offer(
    at: Worksheet,
    columns: tuple[Column, ...],
    headings: Mapping[str, str],
    helps: Mapping[str, str],
    ranges: Mapping[str, str],
) -> None:
    """The list to choose from and the help of each column, shown where a cell is chosen."""
    for number, column in enumerate(columns, start=1):
        listed = ranges.get(column.listed, "") if column.form is Form.CHOICE else ""
        if column.form is Form.YES_OR_NO:
            listed = ranges.get(Form.YES_OR_NO, "")
        rule = DataValidation(
            type="list" if listed else None,
            formula1=listed or None,
            allow_blank=True,
            showErrorMessage=bool(listed),
            errorStyle="stop" if column.closed or column.form is Form.YES_OR_NO else "warning",
        )
        said = helps.get(column.name, "")
        if said:
            rule.showInputMessage = True
            rule.promptTitle = headings[column.name][:LONGEST_HEADING]
            rule.prompt = said[:LONGEST_HELP]
        if listed or said:
            letter = get_column_letter(number)
            rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
            at.add_data_validation(rule)
