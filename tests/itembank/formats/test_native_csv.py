from __future__ import annotations

import csv
import io

import pytest

from itembank import BankFormat, ItemKind, ParsedBank, read_bank
from itembank.formats.native_csv import COLUMNS

HEADER = sorted(COLUMNS)


def row(**cells: str) -> dict[str, str]:
    fields = {"id": "HV-001", "area": "hazards", "kind": "choice", "key": "1"}
    fields |= {"stem_en": "Which?", "stem_fr": "Lequel ?"}
    for number, letter in enumerate("ABC", start=1):
        fields |= {f"option_{number}_en": letter, f"option_{number}_fr": f"{letter} fr"}
    return fields | cells


def without_options(**cells: str) -> dict[str, str]:
    blank = {f"option_{number}_{tag}": "" for number in (1, 2, 3) for tag in ("en", "fr")}
    return row(**(blank | {"key": ""} | cells))


def text_of(*rows: dict[str, str], delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, restval="", delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(*rows: dict[str, str], files: tuple[str, ...] = ()) -> ParsedBank:
    return read_bank(text_of(*rows), BankFormat.CSV, files=files)


def test_the_columns_are_the_documented_ones() -> None:
    documented = "id area kind stem_en stem_fr key answer tolerance unit_en unit_fr accepted_en"
    documented += " accepted_fr rationale_en rationale_fr figure figure_description_en"
    documented += " figure_description_fr fixed_order references enemies author"
    options = [f"option_{n}_{tag}" for n in range(1, 9) for tag in ("en", "fr")]
    assert {*documented.split(), *options} == COLUMNS


def test_key_numbers_count_from_one() -> None:
    bank = read(row(), row(id="HV-002", kind="multiple", key="1|3"))
    assert [item.key for item in bank.items] == [{0}, {0, 2}]
    assert bank.items[0].options[2] == {"en": "C", "fr": "C fr"}
    assert [area.key for area in bank.areas] == ["hazards"]
    assert bank.areas[0].title == {"en": "hazards", "fr": "hazards"}


def test_every_column_has_its_meaning() -> None:
    bank = read(
        row(
            rationale_en="Because.",
            figure="Cable.PNG",
            figure_description_en="A cable",
            figure_description_fr="Un câble",
            fixed_order="VRAI",
            references="p. 3 | p. 4",
            enemies="HV-002",
            author="A. Author",
        ),
        without_options(
            id="HV-002", kind="numeric", answer="12,5", tolerance="0.05", unit_en="V", unit_fr="V"
        ),
        without_options(id="HV-003", kind="text", accepted_en="lockout|lock-out", accepted_fr="x"),
        files=("cable.png",),
    )
    assert bank.refused == ()
    first, second, third = bank.items
    assert first.figure is not None
    assert first.figure.file == "cable.png"
    assert not first.needs_sight
    assert (first.fixed_order, first.references, first.enemies, first.author) == (
        True,
        ("p. 3", "p. 4"),
        {"HV-002"},
        "A. Author",
    )
    assert first.rationale == {"en": "Because."}
    assert (second.kind, second.answer, second.tolerance) == (ItemKind.NUMERIC, 12.5, 0.05)
    assert third.accepted == {"en": ("lockout", "lock-out"), "fr": ("x",)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_spreadsheet_s_delimiter_and_line_ends_will_do(delimiter: str, end: str) -> None:
    text = text_of(row(stem_en='Say "a, b; c"\nor not?'), row(id="X"), delimiter=delimiter, end=end)
    bank = read_bank("\ufeff" + text, BankFormat.CSV)
    assert bank.items[0].stem["en"] == 'Say "a, b; c"\nor not?'
    assert [item.id for item in bank.items] == ["HV-001", "X"]


def test_a_bank_may_be_in_one_language_with_few_columns() -> None:
    text = "id,area,kind,stem_fr,option_1_fr,option_2_fr,key\nQ1,a,choice,Quoi ?,Ceci,Cela,2\n"
    (item,) = read_bank(text, BankFormat.CSV).items
    assert (item.languages, item.key) == ({"fr"}, {1})


BAD_ROWS = [
    (row(key="0"), "`key` must be option numbers from 1, with | between; got '0'"),
    (row(key="4"), "`key` must be indexes of options, below 3"),
    (row(key="1,2"), "`key` must be option numbers"),
    (row(key="²"), "`key` must be option numbers"),
    (row(option_2_en="", option_2_fr=""), "`option_2` must be given where a later one is"),
    (row(fixed_order="maybe"), "`fixed_order` must be true or false; got 'maybe'"),
    (row(kind="essay"), "`kind` must be one of"),
    (row(area=""), "`area` must be given; got None at line 3"),
    (row(figure_description_en="A cable"), "`figure.file` must be"),
    (row(figure="cable.png"), "`figure` must be the name of a file that comes with the bank"),
    (row(answer="3"), "`answer` must be absent"),
    (without_options(kind="numeric", answer="1,234"), "`number` must be written like 12.5"),
    (without_options(kind="numeric", answer="1e308"), "`number` must be written like 12.5"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_ROWS)
def test_a_bad_row_is_refused_with_its_line_and_the_rest_go_on(
    bad: dict[str, str], reason: str
) -> None:
    bank = read(row(id="A"), bad, row(id="B"))
    assert [item.id for item in bank.items] == ["A", "B"]
    (refusal,) = bank.refused
    assert (refusal.line, refusal.item_id) == (3, "HV-001")
    assert reason in refusal.reason


def test_a_row_of_another_width_is_refused() -> None:
    lines = text_of(row(id="A"), row(id="B"), end="\n").splitlines()
    bank = read_bank("\n".join([*lines, "C,hazards", "D" + ",x" * 60]), BankFormat.CSV)
    assert [item.id for item in bank.items] == ["A", "B"]
    assert [(refusal.line, refusal.item_id) for refusal in bank.refused] == [(4, "C"), (5, "D")]
    assert f"`row` must be {len(HEADER)} fields; got 2 at line 4" in bank.refused[0].reason


def test_empty_rows_and_empty_cells_at_the_end_are_nothing() -> None:
    lines = text_of(row(), end="\n").splitlines()
    text = "\n".join([lines[0] + ",,", lines[1] + ",,,", "," * (len(HEADER) - 1), "", ""])
    bank = read_bank(text, BankFormat.CSV)
    assert (len(bank.items), bank.refused) == (1, ())


def test_a_quote_left_open_costs_only_its_line() -> None:
    lines = text_of(row(id="A"), row(id="B"), row(id="C"), end="\n").splitlines()
    lines.insert(2, '"HV-9,never closed')
    bank = read_bank("\n".join(lines), BankFormat.CSV)
    assert [item.id for item in bank.items] == ["A", "B", "C"]
    (refusal,) = bank.refused
    assert (refusal.line, refusal.item_id) == (3, "HV-9")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    bank = read(row(id="A", stem_en="One\ntwo\nthree"), row(id="B", key="9"))
    assert [refusal.line for refusal in bank.refused] == [5]


def test_a_formula_is_only_text() -> None:
    (item,) = read(row(stem_en='=HYPERLINK("http://x")')).items
    assert item.stem["en"] == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,role\nA,admin\n", "must be a bank in the native CSV"),
        ("id,area,kind,role\n", "whose columns are known and stand once; got 'role' at line 1"),
        ("id,area,kind,id\n", "whose columns are known and stand once; got 'id'"),
        ("[]", "must be a bank in the native CSV"),
        ("\n\n1,2,3", "must be a bank in the native CSV"),
    ],
)
def test_what_is_no_bank_is_refused_whole(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_bank(text, BankFormat.CSV)


def test_a_quote_closed_lines_later_costs_only_the_line_that_opened_it() -> None:
    lines = text_of(row(id="A"), row(id="B"), end="\n").splitlines()
    bank = read_bank("\n".join([lines[0], '"HV-9,open', *lines[1:], '",x']), BankFormat.CSV)
    assert [item.id for item in bank.items] == ["A", "B"]
    assert [refusal.line for refusal in bank.refused] == [2, 5]
