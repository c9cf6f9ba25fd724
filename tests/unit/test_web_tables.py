"""Tables of the web page: rows that are moved say what they belong to, and sentences keep their width on a phone."""

from hrmonitor.reporting.outputs.web_page import _prepare_table
from lxml import html


def prepared(*rows: tuple[str, ...]):
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    page = html.fromstring(
        f"<main><table><thead><tr><th>Question</th><th>A</th><th>n</th></tr></thead><tbody>{body}</tbody></table></main>"
    )
    table = page.find("table")
    _prepare_table(table, {"table": "Table"})
    return table


def said(table) -> list[str]:
    return [row[0].text_content() for row in table.find("tbody")]


def test_answers_say_their_question_and_a_question_of_its_own_does_not():
    table = prepared(("Which drugs?", "", ""), ("– heroin", "1", "2"), ("– crack", "3", "4"), ("How many?", "5", "6"))
    assert said(table) == ["Which drugs?", "– heroin (Which drugs?)", "– crack (Which drugs?)", "How many?"]
    assert [row.get("class") for row in table.find("tbody")] == ["group", None, None, None]


def test_rows_below_a_heading_belong_to_it_until_the_next():
    table = prepared(("Clients", "", ""), ("Trend", "1", "2"), ("Age", "", ""), ("Mean", "3", "4"))
    assert said(table) == ["Clients", "Trend (Clients)", "Age", "Mean (Age)"]


def test_a_row_without_a_heading_above_it_is_left_alone():
    assert said(prepared(("Trend", "1", "2"), ("Mean", "3", ""))) == ["Trend", "Mean"]


def test_columns_of_sentences_are_marked():
    long = "What changed at your facility over the last three years?"
    table = prepared((long, "1", "2"), ("Age", "3", "4"))
    assert all("sentences" in row[0].get("class", "") for row in table.iter("tr"))
    assert not any("sentences" in row[1].get("class", "") for row in table.iter("tr"))
