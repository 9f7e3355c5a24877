"""CSV as people hand it over: every encoding and sign is found out or declared, and said."""

from __future__ import annotations

import pytest

from waymark.exchange.csv_tables import Delimiter, Encoding, read_csv
from waymark.exchange.source_tables import FaultsError, SourceTable, table_of

ROWS = "Ref;Pledge;Due\n1;Café, à côté;31.12.2027\n2;«Bär»;\n"


def cells(table: SourceTable) -> list[tuple[object, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("utf-8", 1),
        ("utf-8-sig", 1),
        ("utf-16", 1),
        ("utf-16-le", 2),
        ("utf-16-be", 2),
        ("windows-1252", 2),
    ],
)
def test_an_encoding_is_found_out_and_said(codec: str, said: int) -> None:
    table = read_csv(ROWS.encode(codec), "list.csv")
    assert table.header == ("Ref", "Pledge", "Due")
    assert cells(table) == [("1", "Café, à côté", "31.12.2027"), ("2", "«Bär»", "")]
    assert len(table.said) == said  # the sign between cells is said; a guessed encoding too


def test_a_guess_shows_a_word_to_look_at() -> None:
    table = read_csv(ROWS.encode("windows-1252"), "list.csv")
    assert "Windows-1252: “Café”" in table.said[0].text()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        (Encoding.WINDOWS_1251, "обязательство"),
        (Encoding.WINDOWS_1256, "التعهد"),
        (Encoding.WINDOWS_1250, "závazek"),
        (Encoding.GB18030, "承诺"),
        (Encoding.ISO_8859_15, "5 €"),
    ],
)
def test_a_declared_encoding_is_believed(encoding: Encoding, text: str) -> None:
    content = f"Ref,Text\n1,{text}\n".encode(encoding.value)
    table = read_csv(content, "list.csv", encoding=encoding, delimiter=Delimiter.COMMA)
    assert cells(table) == [("1", text)]
    assert table.said == ()


@pytest.mark.parametrize("sign", list(Delimiter), ids=lambda each: each.name)
def test_the_sign_between_cells_is_found_out(sign: Delimiter) -> None:
    others = "".join(each for each in ",;|\t" if each != sign)
    content = f'Ref{sign}Text{sign}Due\n1{sign}"a{others}\nb"{sign}x\n'.encode()
    assert cells(read_csv(content, "list.csv")) == [("1", f"a{others}\nb", "x")]


def test_what_excel_says_of_the_sign_is_believed() -> None:
    table = read_csv(b"sep=|\r\nRef|a,b,c\r\n1|2,3,4\r\n", "list.csv")
    assert table.header == ("Ref", "a,b,c")


def test_line_ends_may_be_mixed_and_blank_rows_are_left_out() -> None:
    table = read_csv(b"a,b\r\n1,2\n\n , \r3,4\r\n", "list.csv")
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("1", "2")), (5, ("3", "4"))]


def test_the_header_may_stand_lower() -> None:
    table = read_csv(b"A list\n\nRef;Text\n1;x\n", "list.csv", header_row=3)
    assert table.header == ("Ref", "Text")
    assert table.rows[0].number == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is no row of names"),
        (b"\n\n", "there is no row of names"),
        (b"a,a\n1,2\n", "list.csv, B1: the name 'a' stands in A1 too."),
        (b"a,b\n1,2,3\n", "list.csv, C2: '3' stands under no name."),
        (b'a,b\n1,"2\n', "list.csv, row 2: unexpected end of data."),
        (b'a,b\n1,"2"3\n', "list.csv, row 2"),
        (b"a,b\n1,\x002\n", "the row holds a NUL"),
        (b"a,\x07b\n1,2\n", "list.csv, B1: this name is too long, or holds letters"),
        (b"a,\x81\n", "this is not WINDOWS-1252 text"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "list.csv, row 2: a cell has more than"),
        (b"a," * 400 + b"\n" + b"1,2\n" * 9, "list.csv, row 1: there are 401 columns"),
        (b",".join(b"c%d" % n for n in range(100_000)), "there are 100,000 columns"),
    ],
)
def test_what_is_broken_is_said_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(FaultsError) as caught:
        read_csv(content, "list.csv")
    assert said in str(caught.value) or any(said in str(each) for each in caught.value.faults)


def test_a_declared_encoding_that_is_wrong_is_refused() -> None:
    with pytest.raises(FaultsError, match="this is not UTF-8 text"):
        read_csv(ROWS.encode("windows-1252"), "list.csv", encoding=Encoding.UTF_8)


def test_every_name_that_is_twice_is_said() -> None:
    with pytest.raises(FaultsError) as caught:
        table_of("list.csv", [(1, ("a", "a", "b", "b"))], 1)
    assert [each.address for each in caught.value.faults] == ["B1", "D1"]
