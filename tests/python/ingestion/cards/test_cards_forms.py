"""Given a file in a form of its own, when it is read, then its rows are the texts that stand in it."""

import hashlib

import pytest

from tests.python.ingestion.cards.texts import (
    INVOICE,
    INVOICE_HEADER,
    LANDED_AT,
    PAYMENT_HEADER,
    PAYMENTS,
    csv,
    invoices,
    read,
)


def test_every_row_has_its_texts_and_where_it_came_from() -> None:
    (row,) = read(invoices(INVOICE)).rows
    assert row == {
        "id_fatura": "1-1",
        "id_cliente": "1",
        "data_emissao": "2023-03-05",
        "data_vencimento": "2023-03-15",
        "valor_fatura": "100.00",
        "valor_pagamento_minimo": "15.00",
        "other_columns": None,
        "malformed_line": None,
        "row_hash": hashlib.sha256(INVOICE.encode()).hexdigest(),
        "file_name": "tb_faturas_202303.csv",
        "line_number": 2,
        "file_month": "202303",
        "decimal_mark": ".",
        "date_form": "iso",
        "landed_at": LANDED_AT,
    }


def test_payments_are_read_like_invoices() -> None:
    (row,) = read(csv(PAYMENT_HEADER, "PG-1-1,1-1,1,2023-03-09,40.00"), PAYMENTS).rows
    assert [row[name] for name in PAYMENT_HEADER.split(",")] == [
        "PG-1-1",
        "1-1",
        "1",
        "2023-03-09",
        "40.00",
    ]


def test_nothing_is_trimmed_and_nothing_is_null() -> None:
    (row,) = read(invoices(' 1-1 ,,"  ",NULL,N/A,""')).rows
    assert [row[name] for name in INVOICE_HEADER.split(",")] == [" 1-1 ", "", "  ", "NULL", "N/A", ""]


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_separator_line_end_and_encoding_change_no_text(separator: str, end: str, encoding: str) -> None:
    names = [*INVOICE_HEADER.split(","), "nome_cliente"]
    values = ["1-1", "1", "2023-03-05", "2023-03-15", "100.00", "15.00", "João Araújo"]
    lines = (separator.join(names), separator.join(values))
    read_file = read(csv(*lines, end=end, encoding=encoding))
    assert [read_file.column(name) for name in names[:-1]] == [[value] for value in values[:-1]]
    assert read_file.column("other_columns") == ['{"nome_cliente": "João Araújo"}']
    as_it_stands = lines[1].encode(encoding.removesuffix("-sig"))
    assert read_file.column("row_hash") == [hashlib.sha256(as_it_stands).hexdigest()]


def test_a_header_in_another_order_and_case_is_the_same_header() -> None:
    content = csv(
        " VALOR_FATURA;Id_Cliente;ID_FATURA;Data_Vencimento;data_emissao;Valor_Pagamento_Minimo ",
        "100.00;1;1-1;2023-03-15;2023-03-05;15.00",
    )
    (row,) = read(content).rows
    assert [row[name] for name in INVOICE_HEADER.split(",")] == INVOICE.split(",")
    assert row["other_columns"] is None


def test_columns_that_nobody_expects_are_kept_as_json() -> None:
    content = csv(
        f"nome,{INVOICE_HEADER},,Observação",
        f'"Zé ""Tó"" \\ x",{INVOICE},,"a\tb\nc"',
        f",{INVOICE},1,",
    )
    assert read(content).column("other_columns") == [
        '{"nome": "Zé \\"Tó\\" \\\\ x", "column_8": "", "Observação": "a\\tb\\nc"}',
        '{"nome": "", "column_8": "1", "Observação": ""}',
    ]


def test_quotes_separators_and_line_ends_inside_values_belong_to_them() -> None:
    content = csv(
        f"{INVOICE_HEADER},nota",
        f'{INVOICE},"um, dois"',
        '"2-1","2","2023-03-05","2023-03-15","1,234.56","15.00","linha 1\r\nlinha ""2"""',
        f"{INVOICE},fim",
    )
    found = read(content)
    assert found.column("valor_fatura") == ["100.00", "1,234.56", "100.00"]
    assert found.column("other_columns") == [
        '{"nota": "um, dois"}',
        '{"nota": "linha 1\\r\\nlinha \\"2\\""}',
        '{"nota": "fim"}',
    ]
    assert found.column("line_number") == [2, 3, 5]


def test_the_last_line_may_lack_its_end_and_blank_lines_are_no_rows() -> None:
    content = f"{INVOICE_HEADER}\r\n\r\n{INVOICE}\r\n\n2{INVOICE[1:]}".encode()
    found = read(content)
    assert found.column("id_fatura") == ["1-1", "2-1"]
    assert found.column("line_number") == [3, 5]
    assert found.column("row_hash")[1] == hashlib.sha256(f"2{INVOICE[1:]}".encode()).hexdigest()


@pytest.mark.parametrize(
    ("separator", "amounts", "mark"),
    [
        (",", ["10.00", "7.5"], "."),
        (";", ["10,00", "7,5"], ","),
        (";", ["10.00", "7.5"], "."),
        (",", ['"10,00"', '"7,5"'], ","),
        (";", ["1.234,56", "1.234"], ","),
        (",", ['"1,234.56"', "1234"], "."),
        (";", ["10,00", "10.00"], ","),
        (";", ["10", "20"], ","),
        (",", ["10", "20"], "."),
        (",", ["10.00", '"10,00"', "11.00"], "."),
    ],
)
def test_the_decimal_mark_is_the_one_of_most_amounts(separator: str, amounts: list[str], mark: str) -> None:
    header = INVOICE_HEADER.replace(",", separator)
    lines = [separator.join(["1-1", "1", "2023-03-05", "2023-03-15", one, "0"]) for one in amounts]
    found = read(csv(header, *lines))
    assert set(found.column("decimal_mark")) == {mark}
    assert found.column("valor_fatura") == [one.strip('"') for one in amounts]


@pytest.mark.parametrize(
    ("days", "form"),
    [
        (["2023-03-05", "2023-03-06"], "iso"),
        (["05/03/2023", "06/03/2023"], "dmy"),
        (["05/03/2023", "2023-03-06", "07/03/2023"], "dmy"),
        (["", "x"], "iso"),
    ],
)
def test_the_date_form_is_the_one_of_most_dates(days: list[str], form: str) -> None:
    found = read(invoices(*(f"1-1,1,{day},{day},1.00,1.00" for day in days)))
    assert set(found.column("date_form")) == {form}
    assert found.column("data_emissao") == days


def test_a_record_of_another_number_of_fields_is_kept_as_it_stands() -> None:
    content = invoices(
        INVOICE,
        "1-2,1,2023-03-05",
        f"{INVOICE},x",
        "Total: 2",
        f'1-3,"1,2023-03-05{INVOICE[10:]}',
        INVOICE,
    )
    found = read(content)
    assert found.column("malformed_line") == [
        None,
        "1-2,1,2023-03-05",
        f"{INVOICE},x",
        "Total: 2",
        f'1-3,"1,2023-03-05{INVOICE[10:]}',
        None,
    ]
    assert found.column("id_fatura") == ["1-1", None, None, None, None, "1-1"]
    assert found.column("line_number") == [2, 3, 4, 5, 6, 7]
    lines = content.split(b"\n")
    assert found.column("row_hash") == [hashlib.sha256(line).hexdigest() for line in lines[1:-1]]
    assert found.envelope
    assert (found.envelope.rows, found.envelope.rows_malformed) == (6, 4)


def test_a_stray_quote_inside_a_value_is_a_character() -> None:
    header = f"{INVOICE_HEADER},nome"
    lines = [f'{INVOICE},Sant"Anna', f'{INVOICE},"Zé"s', f'{INVOICE},5" x 7"']
    found = read(csv(header, *lines))
    assert found.column("other_columns") == [
        '{"nome": "Sant\\"Anna"}',
        '{"nome": "Zés"}',
        '{"nome": "5\\" x 7\\""}',
    ]


def test_a_carriage_return_alone_is_no_line_end() -> None:
    found = read(csv(f"{INVOICE_HEADER},nome", f"{INVOICE},a\rb", f"{INVOICE},c\r", end="\n"))
    assert found.column("other_columns") == ['{"nome": "a\\rb"}', '{"nome": "c"}']
    assert found.column("line_number") == [2, 3]


def test_the_encoding_is_found_where_it_first_shows_however_late() -> None:
    header, plain = f"{INVOICE_HEADER},nome", f"{INVOICE},Jose"
    many = [plain] * 150_000
    for encoding in ("utf-8", "latin-1"):
        content = csv(header, *many, f"{INVOICE},José", encoding=encoding)
        assert len(content) > 4 << 20
        assert read(content).rows[-1]["other_columns"] == '{"nome": "José"}'
