"""What is measured is printed as Markdown, and the golden page is read back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.quality.golden import differing_rows, drops, figures_of, page
from bench.quality.measures import Hit
from bench.quality.questions import Answer, Question
from bench.quality.runs import Record, Run
from bench.quality.tables import as_values, nonsense_table, quality_table, report, table

TAKE = Question("q1", "take one", "pool", "python", "intent", (Answer("pool.py", "take"),))
GIVE = Question("q2", "give one", "pool", "go", "intent", (Answer("pool.go", "give"),))
NAME = Question("q3", "take", "pool", "python", "name", (Answer("pool.py", "take"),))
SOUP = Question("q4", "roast a chicken", "pool", "python", "nonsense", ())
RIGHT, WRONG = Hit("pool.py", "take"), Hit("pool.py", "other")


def run(name: str, **hits: Hit) -> Run:
    records = {key: Record((hit,), 0.002, is_confident=True) for key, hit in hits.items()}
    return Run(name, "", records, 12_000_000)


GOOD = run("good", q1=RIGHT, q2=Hit("pool.go", "give"), q3=RIGHT, q4=WRONG)
POOR = run("poor|one", q1=WRONG, q2=Hit("pool.go", "give"), q3=RIGHT, q4=WRONG)


def test_columns_line_up() -> None:
    assert table(("a", "b"), [("x|y", "1"), ("z", "12.5")]) == [
        "| a    |    b |",
        "| ---- | ---: |",
        "| x\\|y |    1 |",
        "| z    | 12.5 |",
    ]


def test_row_of_a_system_holds_all_figures() -> None:
    cells = [cell.strip() for cell in quality_table([TAKE, GIVE], [GOOD, POOR])[3].strip("|").split(" | ")]
    assert cells == ["poor\\|one", "0.500", "0.500", "0.500", "0.500", "0.500", "2.0", "2.0", "12", "2"]


def test_report_has_a_part_for_each_kind_and_nonsense_last() -> None:
    lines = list(report([SOUP, TAKE, GIVE, NAME], [GOOD, POOR]))
    assert [line for line in lines if line.startswith("#")] == ["## intent", "## name", "## nonsense", "## By language"]
    assert any(line.startswith("| against good") for line in lines)
    assert [line.split("|")[-2].strip() for line in lines if line.startswith(("| go ", "| python "))] == ["1", "1"]


def test_one_system_is_compared_with_nothing() -> None:
    assert not any("against" in line for line in report([TAKE], [GOOD]))


def test_nonsense_counts_what_a_system_stands_behind() -> None:
    silent = replace(GOOD, records={"q4": Record((), 0.001, is_confident=True)})
    doubtful = replace(GOOD, records={"q4": Record((WRONG,), 0.001, is_confident=False)})
    rows = nonsense_table([SOUP], [GOOD, silent, doubtful])[2:]
    assert [row.split("|")[3].strip() for row in rows] == ["1", "0", "0"]


def test_values_hold_every_answer_and_difference() -> None:
    values = as_values([TAKE, GIVE, SOUP], [GOOD, POOR])
    assert values["systems"][1]["answers"]["q1"]["hits"] == (WRONG,)
    assert values["systems"][0]["kinds"]["intent"]["ndcg_at_10"] == 1.0
    found = [(one["kind"], one["measure"], one["mean"]) for one in values["differences"]]
    assert found == [("intent", "ndcg_at_10", -0.5), ("intent", "hit_at_5", -0.5)]


def test_golden_page_is_read_back() -> None:
    found = figures_of(page([TAKE, GIVE, NAME], POOR))
    assert found["intent"] == (0.5, 0.5, 0.5, 2)
    assert found["go"] == (1.0, 1.0, 1.0, 1)
    assert list(found) == ["intent", "name", "go", "python"]


@pytest.mark.parametrize(("before", "after", "count"), [(0.5, 0.479, 1_000), (0.9, 0.88, 4_000), (0.5, 0.9, 100)])
def test_drop_beyond_the_margin_is_named(before: float, after: float, count: int) -> None:
    committed, present = (f"| intent | {value:.3f} | 0.500 | 0.500 | {count} |" for value in (before, after))
    expected = [] if before - after <= 0.02 + 1e-9 else ["HitRate@1 of intent dropped from 0.500 to 0.479."]
    assert list(drops(committed, present)) == expected


def test_three_questions_of_a_few_may_be_lost() -> None:
    committed, lost = "| go | 0.500 | 0.500 | 0.500 | 10 |", "| go | 0.200 | 0.500 | 0.500 | 10 |"
    assert list(drops(committed, lost)) == []
    assert len(list(drops(committed, lost.replace("0.200", "0.100")))) == 1


def test_rows_over_other_questions_are_not_compared() -> None:
    committed, present = "| go | 0.500 | 0.500 | 0.500 | 10 |", "| go | 0.100 | 0.500 | 0.500 | 9 |"
    assert list(drops(committed, present)) == []
    assert differing_rows(committed, present) == ["go"] == differing_rows(committed, "")
