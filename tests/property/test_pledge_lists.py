"""Whatever bytes are handed over as a list, the answer is a table or a fault with its place."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.registers import FORUMS, FRAMEWORK, SERIES
from waymark.exceptions import WaymarkError
from waymark.exchange.csv_tables import Delimiter, Encoding, read_csv
from waymark.exchange.pledges.drafts import draft_of
from waymark.exchange.pledges.files import read_source
from waymark.exchange.pledges.lists import Surroundings, read_list
from waymark.exchange.pledges.mappings import PledgeMapping, mapping_in, mapping_text
from waymark.exchange.pledges.references import slug_of
from waymark.exchange.source_tables import named
from waymark.plans.proposals import load_proposal_rules

RULES = load_proposal_rules(FRAMEWORK)
AROUND = Surroundings(FRAMEWORK, FORUMS, SERIES, RULES)
NASTY = [b"\x00", b'"', b"\r", b"\n", b"\r\n", b",", b";", b"\t", b"\xff\xfe", b"\xef\xbb\xbf"]
NASTY += [b"=1+1", b"sep=;\n", b"\x81", b"\xd8\x00", "é".encode(), "عربي".encode(), b"a", b"Ref"]
files = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(NASTY), max_size=60).map(b"".join),
)
letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
texts = st.text(letters, max_size=12).map(str.strip)
MAPPING = PledgeMapping.model_validate(
    {
        "title": "A list",
        "prefix": "list",
        "columns": {
            "Ref": "reference",
            "Text": "commitments.what",
            "Where": "commitments.place",
            "Objective": {"field": "commitments.provisions", "separator": ";"},
            "Due": "commitments.due",
            "Step": "steps.what",
            "By": "steps.due",
            "Value": "steps.value",
        },
        "constants": {"commitments.origin": "pledge"},
    }
)


@given(files, st.none() | st.sampled_from(Encoding), st.none() | st.sampled_from(Delimiter))
@settings(max_examples=150, deadline=None)
def test_no_file_does_harm(
    content: bytes, encoding: Encoding | None, delimiter: Delimiter | None
) -> None:
    try:
        table = read_source(content, "list.csv", encoding=encoding, delimiter=delimiter)
    except WaymarkError:
        return  # said with its place, as the specification of CSV holds
    reading = read_list(table, MAPPING, AROUND)
    assert reading.faults  # none of these has the columns of the mapping
    assert "confirmed: no" in draft_of(table, FRAMEWORK).text


@given(
    st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from(["utf-8-sig", "utf-16"]),
    st.sampled_from(list(Delimiter)),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(rows: list[list[str]], codec: str, sign: Delimiter) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=sign, lineterminator="\r\n")
    writer.writerows([["one", "two", "three"], *rows])
    table = read_csv(lines.getvalue().encode(codec), "list.csv", delimiter=sign)
    assert [list(row.cells) for row in table.rows] == [row for row in rows if any(row)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "P 3", "٤", "ø"]),
            texts,
            st.sampled_from(["Kenya", "KEN", "", "nowhere"]),
            st.sampled_from(["GCM 7", "7.b;8", "99", ""]),
            st.sampled_from(["2027-12-31", "", "31/12/2027"]),
            st.sampled_from(["a step", ""]),
            st.sampled_from(["2027-01-31", ""]),
            st.sampled_from(["1.5", "x", ""]),
        ),
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_a_list_is_taken_in_whole_with_a_place_for_each_fault(
    rows: list[tuple[str, ...]],
) -> None:
    lines = io.StringIO()
    csv.writer(lines).writerows([list(MAPPING.columns), *rows])
    table = read_csv(lines.getvalue().encode(), "list.csv", delimiter=Delimiter.COMMA)
    reading = read_list(table, MAPPING, AROUND)
    if reading.faults:
        assert all(fault.row for fault in reading.faults)
        assert all(fault.remedy for fault in reading.faults)
        return
    references = {row[0] for row in rows if any(row)}
    assert set(reading.register.commitments) == {slug_of("list", each) for each in references}
    again = Surroundings(FRAMEWORK, FORUMS, SERIES, RULES, reading.register)
    second = read_list(table, MAPPING, again)
    assert not second.faults
    assert second.register == reading.register


NAMES = st.one_of(
    st.sampled_from(["yes", "null", "1", "- a", "#", "a: b", "*a", "{", "[x", "'", '"', "%"]),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
).filter(lambda name: named(name) and named(name).isprintable() and name != "?")


@given(st.lists(NAMES, min_size=3, max_size=6, unique_by=named), NAMES)
@settings(max_examples=60, deadline=None)
def test_a_mapping_is_the_same_after_its_file(names: list[str], value: str) -> None:
    what, reference, *ignored = map(named, names)
    columns = {
        what: {"field": "commitments.what", "values": {value: value}},
        reference: {"field": "reference"},
    }
    given_mapping = PledgeMapping.model_validate(
        {
            **{"title": "A list", "prefix": "list", "columns": columns, "ignored": ignored},
            "constants": {"commitments.origin": "pledge", "commitments.place": "KEN"},
        }
    )
    plain = given_mapping.model_dump(mode="json", exclude_defaults=True)
    text = mapping_text(plain, {what: ["a note: # with 'signs'"]})
    assert mapping_in(text.encode(), "mapping.yaml") == given_mapping


def test_one_large_cell_and_many_columns_are_refused() -> None:
    with pytest.raises(WaymarkError, match="a cell has more than"):
        read_csv(b'a,b\n1,"' + b"x" * 10_000_000 + b'"\n', "list.csv")
    with pytest.raises(WaymarkError, match="there are 100,000 columns"):
        read_csv(b",".join(b"%d" % n for n in range(100_000)) + b"\n", "list.csv")
