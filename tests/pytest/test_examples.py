"""The examples on real data, where that is at hand, and how lift is measured."""

import csv
import itertools
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import measure_lift
import numpy as np
import pytest
import score_example
from lead_scoring_tools import lift
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.examples import (
    Example,
    build_scores,
    example_names,
    find_example,
    map_tables,
    read_baselines,
    scores_of_other_dates,
)
from lead_scoring_tools.histories import GroupOutcome, StageMoves, read_entry_outcomes, read_history
from lead_scoring_tools.score_tables import read_scored_leads

AS_OF = date(2024, 6, 30)
SCHOOL, ENROLMENT = "365_data_science", "x_education"
HISTORY_FROM = date(2022, 6, 26)
"""A month of the school's history is enough to check it by, and faster than all of it."""


def scored_example(name: str, out: Path, history_from: date | None = None) -> Example:
    """The example, mapped and scored into a folder."""
    example = find_example(name, out)
    if not example.source.is_dir():
        pytest.skip(f"the data set {name} is not at {example.source}")
    map_tables(example)
    build_scores(example, history_from)
    return example


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Example:
    return scored_example(SCHOOL, tmp_path_factory.mktemp(SCHOOL), HISTORY_FROM)


@pytest.fixture(scope="module")
def enrolment(tmp_path_factory: pytest.TempPathFactory) -> Example:
    return scored_example(ENROLMENT, tmp_path_factory.mktemp(ENROLMENT))


def source_rows(example: Example, name: str) -> list[dict[str, str]]:
    """A file of the data set, read without the mapping."""
    with (example.source / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def query(example: Example, sql: str) -> list[tuple]:
    with duckdb.connect(str(example.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def mapped(example: Example, sql: str) -> list[tuple]:
    """A query on the mapped files, which it names as {raw_leads} and so on."""
    files = {path.stem: f"'{path}'" for path in example.out.glob("*.parquet")}
    with duckdb.connect() as connection:
        return connection.execute(sql.format(**files)).fetchall()


class SchoolSource:
    """What the school's files say, counted in plain Python."""

    EVENT_DATES = {  # noqa: RUF012
        "365_student_learning": "date_watched",
        "365_student_engagement": "date_engaged",
        "365_student_exams": "date_exam_completed",
        "365_student_hub_questions": "date_question_asked",
        "365_course_ratings": "date_rated",
    }

    def __init__(self, example: Example) -> None:
        self.registered = {
            row["student_id"]: row["date_registered"]
            for row in source_rows(example, "365_student_info")
        }
        self.events = [
            (row["student_id"], row[column])
            for name, column in self.EVENT_DATES.items()
            for row in source_rows(example, name)
        ] + list(self.registered.items())
        self.first_purchase = {}
        for row in source_rows(example, "365_student_purchases"):
            student, day = row["student_id"], row["date_purchased"]
            self.first_purchase[student] = min(day, self.first_purchase.get(student, day))


@pytest.fixture(scope="module")
def source(school: Example) -> SchoolSource:
    return SchoolSource(school)


def test_every_row_of_the_school_arrives(school: Example, source: SchoolSource) -> None:
    [(leads, namibians)] = mapped(
        school, "select count(distinct lead_id), count_if(country = 'NA') from {raw_leads}"
    )
    [(events, ids)] = mapped(school, "select count(*), count(distinct event_id) from {raw_events}")
    conversions = dict(
        mapped(
            school,
            "select lead_id, cast(cast(converted_at as date) as text) from {raw_conversions}",
        )
    )
    countries = Counter(row["student_country"] for row in source_rows(school, "365_student_info"))
    assert leads == len(source.registered)
    assert namibians == countries["NA"] > 0
    assert events == ids == len(source.events)
    assert conversions == source.first_purchase


def test_what_the_school_s_scores_leave_out_is_counted(
    school: Example, source: SchoolSource
) -> None:
    as_of = school.as_of.isoformat()
    created = {student for student, day in source.registered.items() if day <= as_of}
    expected = {
        ("raw_leads", "created_later"): len(source.registered) - len(created),
        ("raw_events", "lead_not_created"): sum(
            student not in created for student, _ in source.events
        ),
        ("raw_events", "future"): sum(
            student in created and day > as_of for student, day in source.events
        ),
        ("raw_conversions", "future"): sum(day > as_of for day in source.first_purchase.values()),
    }
    found = query(school, "select table_name, issue, affected_rows from data_quality_issues")
    assert {(table, issue): rows for table, issue, rows in found} == expected


def test_the_school_s_leads_are_scored_once_and_buyers_known(
    school: Example, source: SchoolSource
) -> None:
    as_of = school.as_of.isoformat()
    [(rows, leads, customers)] = query(
        school,
        "select count(*), count(distinct lead_id), count_if(is_customer) from lead_scores",
    )
    assert rows == leads == sum(day <= as_of for day in source.registered.values())
    assert customers == sum(day <= as_of for day in source.first_purchase.values())


def test_every_rule_of_the_examples_fires(school: Example, enrolment: Example) -> None:
    for example in (school, enrolment):
        assert (
            query(example, "select rule_id from scoring_rule_coverage where has_never_fired") == []
        )


def test_the_school_s_score_tells_who_buys(school: Example, source: SchoolSource) -> None:
    scored = read_scored_leads(school.database, school.outcomes, school.evaluation["days"])
    ends_on = (school.as_of + timedelta(days=30)).isoformat()
    buyers = {
        student
        for student, day in source.first_purchase.items()
        if school.as_of.isoformat() < day <= ends_on
        and source.registered[student] <= school.as_of.isoformat()
    }
    assert set(scored.lead_ids[scored.outcomes]) == buyers
    found = {name: lift.measure(scores, scored.outcomes) for name, scores in scored.scores.items()}
    plain = read_baselines(school, school.as_of, scored.lead_ids)["plain sum of events"]
    assert found["lead_score"].top_decile_lift > 4.5
    assert found["lead_score"].auc > 0.78
    assert found["lead_score"].auc > lift.auc(plain, scored.outcomes) + 0.1
    assert found["engagement_score"].auc > found["engagement_score_undecayed"].auc + 0.1


def test_the_future_changes_no_score(school: Example, tmp_path: Path) -> None:
    """The files hold what came after the date; scores must be those of a file that ends there."""
    past = Example(school.name, school.source, tmp_path)
    days = {"raw_leads": "created_at", "raw_events": "occurred_at"} | {
        "raw_conversions": "converted_at"
    }
    with duckdb.connect() as connection:
        for name, column in days.items():
            connection.execute(
                f"copy (from '{school.out / name}.parquet' where cast({column} as date) "
                f"<= date '{school.as_of}') to '{tmp_path / name}.parquet'"
            )
    build_scores(past, HISTORY_FROM)
    [(latest,)] = query(past, "select max(occurred_at) from raw_files.raw_events")
    assert latest.date() == school.as_of
    for table in ("lead_scores", "lead_score_history", "lead_stage_transitions"):
        rows = f"select * from {table} order by all"
        assert query(past, rows) == query(school, rows), table


def test_the_school_s_history_ends_with_its_scores(school: Example) -> None:
    scores = "lead_id, fit_score, engagement_score, lead_score"
    last = f"""
        select {scores} from lead_score_history
        qualify row_number() over (partition by lead_id order by as_of_date desc) = 1
        order by lead_id
        """
    assert query(school, last) == query(school, f"select {scores} from lead_scores order by 1")
    history = read_history(school.database)
    assert (history.first, history.last) == (HISTORY_FROM, school.as_of)


def test_the_school_s_stages_follow_from_its_history(school: Example) -> None:
    recorded = "lead_id, as_of_date, fit_score, engagement_score, lead_score"
    changes: dict[str, dict[date, list[Decimal]]] = {}
    for lead, day, *scores in query(school, f"select {recorded} from lead_score_history"):
        changes.setdefault(lead, {})[day] = scores
    moves = [
        (lead, *move)
        for stage, thresholds in school_thresholds(school).items()
        for lead, scores in changes.items()
        for move in expected_moves(stage, thresholds, scores, school.as_of)
    ]
    found = "lead_id, stage, transition, entry_number, days_in_stage, transition_date"
    assert sorted(query(school, f"select {found} from lead_stage_transitions"), key=str) == sorted(
        moves, key=str
    )
    assert {move[1:3] for move in moves} == set(
        itertools.product(["mql", "sql"], ["entry", "exit"])
    )


Thresholds = list[tuple[int, Decimal, Decimal, int]]
"""Rows of a stage: the place of the score, enter_at, exit_below, exit_days."""


def school_thresholds(school: Example) -> dict[str, Thresholds]:
    stages: dict[str, Thresholds] = {}
    path = school.folder / "seeds" / "qualification_thresholds.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = ["fit", "engagement", "lead"].index(row["score"])
            bounds = Decimal(row["enter_at"]), Decimal(row["exit_below"]), int(row["exit_days"])
            stages.setdefault(row["stage"], []).append((place, *bounds))
    return stages


def expected_moves(
    stage: str, thresholds: Thresholds, changes: dict[date, list[Decimal]], last: date
) -> list[tuple]:
    """A lead's entries into a stage and exits from it, day by day in plain Python."""
    moves, entries, entered, below = [], 0, None, []
    scores, day = None, min(changes)
    while day <= last:
        scores = changes.get(day, scores)
        if entered is None:
            if all(scores[place] >= enter_at for place, enter_at, _, _ in thresholds):
                entries, entered, below = entries + 1, day, [0] * len(thresholds)
                moves.append((stage, "entry", entries, None, day))
        else:
            below = [
                days + 1 if scores[row[0]] < row[2] else 0
                for days, row in zip(below, thresholds, strict=True)
            ]
            if any(days >= row[3] for days, row in zip(below, thresholds, strict=True)):
                moves.append((stage, "exit", entries, (day - entered).days, day))
                entered = None
        day += timedelta(days=1)
    return moves


def test_what_became_of_entries_is_counted(school: Example, source: SchoolSource) -> None:
    first, last = HISTORY_FROM + timedelta(days=1), school.as_of
    days = {"all, each date": [], "new, first day": []}
    for student, text in source.registered.items():
        registered = date.fromisoformat(text)
        if first <= registered <= last:
            days["new, first day"].append((student, registered))
        day = max(first, registered)
        days["all, each date"] += [
            (student, day + timedelta(days=number)) for number in range((last - day).days + 1)
        ]
    entries = query(
        school,
        "select 'entered ' || stage, lead_id, min(transition_date) from lead_stage_transitions "
        f"where transition = 'entry' and transition_date >= date '{first}' group by all",
    )
    for name, lead, day in entries:
        days.setdefault(name, []).append((lead, day))
    found = read_entry_outcomes(school.database, school.outcomes, 30, first, last)
    assert {group.name: (group.leads, group.conversions) for group in found} == {
        name: buyers_after(source, group) for name, group in days.items()
    }
    rates = {group.name: group.conversions / group.leads for group in found}
    assert rates["entered sql"] > rates["entered mql"] > 5 * rates["all, each date"]


def buyers_after(source: SchoolSource, days: list[tuple[str, date]]) -> tuple[int, int]:
    """Students who had not bought on their day, and those of them who did in the next 30."""
    bought = {student: date.fromisoformat(day) for student, day in source.first_purchase.items()}
    after = [(bought[student] - day).days if student in bought else None for student, day in days]
    return (
        sum(wait is None or wait > 0 for wait in after),
        sum(wait is not None and 0 < wait <= 30 for wait in after),
    )


def test_scores_of_later_dates_continue_the_history(school: Example) -> None:
    recorded = read_history(school.database)
    later = school.as_of + timedelta(days=2)
    for _, database in scores_of_other_dates(school, [later]):
        history = read_history(database)
        with duckdb.connect(str(database), read_only=True) as connection:
            dates = "select distinct as_of_date from lead_score_history where as_of_date > ?"
            added = {day for (day,) in connection.execute(dates, [school.as_of]).fetchall()}
    assert (history.first, history.last) == (recorded.first, later)
    assert added == {school.as_of + timedelta(days=1), later}
    assert read_history(school.database) == recorded


def test_every_prospect_is_scored_without_leaks(enrolment: Example) -> None:
    leads = source_rows(enrolment, "leads")
    columns = [row[0] for row in mapped(enrolment, "describe from {raw_leads}")]
    cells = mapped(enrolment, "select * from {raw_leads}")
    scored = query(enrolment, "select lead_id from lead_scores")
    assert len(scored) == len(leads) == 9240
    assert {lead for (lead,) in scored} == {row["Lead Number"] for row in leads}
    assert set(columns) == {"lead_id", *enrolment.variables["lead_fields"]}
    assert "select" not in {str(cell).lower() for row in cells for cell in row}
    assert query(enrolment, "from data_quality_issues") == []
    assert query(enrolment, "from lead_score_contributions where score <> 'fit'") == []


def test_prospects_are_split_by_number(enrolment: Example) -> None:
    train, test = (
        {int(lead) for (lead,) in mapped(enrolment, f"from {{{name}_leads}}")}
        for name in ("train", "test")
    )
    assert (len(train), len(test)) == (6468, 2772)
    assert max(train) < min(test)


def test_the_prospects_history_is_one_day_long(enrolment: Example) -> None:
    """Nothing about them has a date, so whoever is in a stage is from the first day on."""
    history = read_history(enrolment.database)
    first, last = enrolment.history_from, enrolment.as_of
    assert (history.first, history.last) == (first, last)
    assert history.rows == history.leads == 9240
    for stage in history.stages:
        least = {"mql": 40, "sql": 60}[stage.stage]
        [(held,)] = query(
            enrolment,
            f"select count(*) from lead_scores where lead_score >= {least} and not is_suppressed",
        )
        assert stage == StageMoves(stage.stage, held, held, 0, None)
    assert len(history.stages) == 2


def test_the_prospects_score_tells_who_enrols(enrolment: Example) -> None:
    sample = next(sample for sample in enrolment.samples if sample.name == "test")
    scored = read_scored_leads(enrolment.database, enrolment.outcomes, 1, leads=sample.leads)
    enrolled = {
        row["Lead Number"] for row in source_rows(enrolment, "leads") if row["Converted"] == "1"
    }
    assert set(scored.lead_ids[scored.outcomes]) == enrolled & set(scored.lead_ids)
    found = lift.measure(scored.scores["lead_score"], scored.outcomes)
    assert found.leads == 2772
    assert found.top_decile_lift > 2
    assert found.auc > 0.82


def test_an_absent_data_set_is_skipped_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LEAD_SCORING_EXAMPLE_DATA", str(tmp_path))
    with caplog.at_level("INFO"):
        assert score_example.main([SCHOOL, "--out", str(tmp_path / "out")]) == 0
    assert caplog.messages == [
        f"[lead_scoring] skipped: there is no folder {tmp_path.resolve() / SCHOOL}; put the data "
        f"set there, or set LEAD_SCORING_EXAMPLE_DATA to the folder that holds {SCHOOL}."
    ]


def test_an_incomplete_data_set_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEAD_SCORING_EXAMPLE_DATA", str(tmp_path))
    (tmp_path / SCHOOL).mkdir()
    assert score_example.main([SCHOOL, "--out", str(tmp_path / "out")]) == 1
    assert "[lead_scoring] mapping/raw_conversions.sql: expected" in capsys.readouterr().err


def test_examples_are_complete() -> None:
    assert {SCHOOL, ENROLMENT} <= set(example_names())
    shipped = {
        path.name for path in (find_example(SCHOOL).folder.parents[1] / "seeds").rglob("*.csv")
    }
    for name in (SCHOOL, ENROLMENT):
        folder = find_example(name).folder
        assert {path.name for path in (folder / "seeds").iterdir()} == shipped
        assert (folder / "README.md").is_file()


@pytest.mark.parametrize(
    ("scores", "outcomes", "expected"),
    [
        # Pairs (3, 2), (3, 1) and (2, 1) won, (2, 2) half.
        ([3, 2, 2, 1], [1, 1, 0, 0], 0.875),
        ([4, 3, 2, 1], [1, 1, 0, 0], 1.0),
        ([4, 3, 2, 1], [0, 0, 1, 1], 0.0),
        ([7, 7, 7], [1, 0, 0], 0.5),
        # The one conversion beats 0 and 1 of four, and ties with one: 2.5 of 4.
        ([0, 1, 5, 9, 5], [0, 0, 1, 0, 0], 0.625),
    ],
)
def test_auc_is_the_share_of_pairs_won(
    scores: list[float], outcomes: list[int], expected: float
) -> None:
    assert lift.auc(np.array(scores), np.array(outcomes)) == pytest.approx(expected)


def test_auc_is_unknown_without_both_outcomes() -> None:
    for outcome in (0, 1):
        assert np.isnan(lift.auc(np.arange(3.0), np.full(3, outcome)))
        assert np.isnan(lift.auc_interval(np.arange(3.0), np.full(3, outcome))).all()


def test_auc_interval_of_a_worked_case() -> None:
    """Conversions beat 1 and 0.75 of the others, who lose to 0.75 and 1: two variances of 0.03125,
    halved and added, so a deviation of 0.1767767."""
    low, high = lift.auc_interval(np.array([3, 2, 2, 1]), np.array([1, 1, 0, 0]))
    assert low == pytest.approx(0.875 - 1.959964 * 0.1767767, abs=1e-6)
    assert high == 1


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Without successes the upper bound is z² / (n + z²), z² being 3.841459.
        (0, 10, 0.0, 3.841459 / 13.841459),
        (10, 10, 10 / 13.841459, 1.0),
        # Newcombe (1998), table I.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_wilson_interval(successes: int, trials: int, low: float, high: float) -> None:
    assert lift.wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_interval_of_nothing_is_unknown() -> None:
    assert np.isnan(lift.wilson_interval(0, 0)).all()


def test_deciles_run_from_the_highest_scores_down() -> None:
    """20 leads, 3 conversions: both of the top decile, and the very last."""
    outcomes = np.array([1, 1, *[0] * 17, 1])
    table = lift.decile_table(np.arange(20, 0, -1), outcomes)
    assert [group.leads for group in table] == [2] * 10
    assert [group.conversions for group in table] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert table[0].rate == 1
    assert table[0].lift == pytest.approx(1 / 0.15)
    assert table[9].lift == pytest.approx(0.5 / 0.15)


def test_leads_of_one_score_share_their_conversions() -> None:
    """One of two leads at the top converted, so each counts a half, whichever comes first."""
    scores = np.array([5, 5, 4, 3, 3, 2, 2, 1, 1, 0])
    for outcomes in ([1, 0, *[0] * 8], [0, 1, *[0] * 8]):
        table = lift.decile_table(scores, np.array(outcomes))
        assert [group.conversions for group in table] == [0.5, 0.5, *[0] * 8]
        assert table[0].lift == pytest.approx(5)


def test_a_score_that_is_the_same_for_all_lifts_nothing() -> None:
    found = lift.measure(np.ones(30), np.array([1, *[0] * 29]))
    assert [group.lift for group in found.deciles] == pytest.approx([1] * 10)
    assert found.auc == 0.5


def test_deciles_of_any_size_hold_every_lead() -> None:
    for leads in (10, 11, 19, 101):
        table = lift.decile_table(np.arange(leads), np.arange(leads) % 2)
        sizes = [group.leads for group in table]
        assert sum(sizes) == leads
        assert max(sizes) - min(sizes) <= 1
        assert sum(group.conversions for group in table) == leads // 2


def test_fewer_leads_than_deciles_are_refused() -> None:
    with pytest.raises(ValueError, match="10 groups need at least 10 leads, found 9"):
        lift.decile_table(np.arange(9), np.zeros(9))


def test_lift_without_conversions_is_unknown() -> None:
    found = lift.measure(np.arange(20), np.zeros(20))
    assert np.isnan([found.top_decile_lift, found.lift_low, found.lift_high, found.auc]).all()


def test_lift_interval_narrows_with_more_leads() -> None:
    """The top decile converts at 40 %, all at 10 %: a lift of 4, whatever the size."""
    widths = []
    for size in (100, 10_000):
        top = lift.Group(size // 10, size * 0.04, 0.4, 0, 0, 4)
        low, high = lift.lift_interval(top, size, size // 10)
        assert low < 4 < high
        widths.append(high - low)
    # Ten times the leads' square root, so about a tenth of the width.
    assert widths[1] == pytest.approx(widths[0] / 10, rel=0.25)


def test_lift_interval_where_everyone_converts_is_one() -> None:
    assert lift.lift_interval(lift.Group(10, 10, 1, 1, 1, 1), 100, 100) == (1, 1)


def write_scores(path: Path, scorecards: tuple[str, ...] = ("card",)) -> Path:
    """20 leads, L00 with a score of 20 down to L19 with 1, and L20, a customer."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table lead_scores (lead_id text, scorecard text, lead_band text, lead_score "
            "decimal(5,2), fit_score decimal(5,2), engagement_score decimal(5,2), "
            "engagement_score_undecayed decimal(5,2), is_customer boolean, as_of_date date)"
        )
        rows = [
            (f"L{number:02d}", card, "hot", 20 - number, number, 0, 0, number == 20, AS_OF)
            for card, number in itertools.product(scorecards, range(21))
        ]
        connection.executemany(
            "insert into lead_scores values (?, ?, ?, greatest(?, 0), ?, ?, ?, ?, ?)", rows
        )
    return path


def write_outcomes(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    lines = ["lead_id,conversion_type,converted_at", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_conversions_count_from_the_day_after_to_the_last_day(tmp_path: Path) -> None:
    outcomes = write_outcomes(
        tmp_path / "outcomes.csv",
        [
            ("L00", "purchase", "2024-06-30T23:59:59Z"),
            ("L01", "purchase", "2024-07-01"),
            ("L01", "purchase", "2024-07-02"),
            ("L02", "Closed_Won ", "2024-07-30T23:59:59"),
            ("L03", "purchase", "2024-07-31"),
            # In UTC that is 1 July.
            ("L04", "purchase", "2024-06-30T22:00:00-05:00"),
            ("L05", "closed_lost", "2024-07-10"),
            ("L20", "purchase", "2024-07-10"),
            ("L99", "purchase", "2024-07-10"),
        ],
    )
    scored = read_scored_leads(write_scores(tmp_path / "scores.duckdb"), outcomes, 30)
    assert scored.lead_ids.tolist() == [f"L{number:02d}" for number in range(20)]
    assert scored.lead_ids[scored.outcomes].tolist() == ["L01", "L02", "L04"]
    assert scored.conversions_elsewhere == 2
    assert scored.last_outcome_on == date(2024, 7, 31)


def test_measure_lift_prints_figures_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = write_scores(tmp_path / "scores.duckdb", ("one", "two"))
    outcomes = write_outcomes(
        tmp_path / "outcomes.csv",
        [("L00", "purchase", "2024-07-01"), ("L03", "purchase", "2024-07-02")],
    )
    arguments = ["--database", str(database), "--outcomes", str(outcomes), "--json"]
    assert measure_lift.main([*arguments, "--scorecard", "two", "--score", "fit_score"]) == 0
    found = json.loads(capsys.readouterr().out)
    # By fit, L00 is the last of 20 and L03 the 17th: they beat no one and two of 18 others.
    assert (found["leads"], found["conversions"]) == (20, 2)
    assert found["auc"] == pytest.approx((0 / 18 + 2 / 18) / 2)
    assert found["top_decile_lift"] == 0
    assert found["deciles"][9]["lift"] == pytest.approx(5)
    assert found["as_of_date"] == "2024-06-30"
    assert measure_lift.main(arguments) == 1
    assert capsys.readouterr().err == (
        "[lead_scoring] --scorecard: expected one of one, two, found nothing.\n"
    )


def write_history(path: Path) -> Path:
    """Seven recorded dates of three leads: one is in from the first, one comes back, one leaves."""
    write_scores(path)
    day = {number: f"date '2024-06-{number}'" for number in range(20, 27)}
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema main_intermediate")
        connection.execute(
            "create table main_intermediate.int_dates_recorded as select cast(range as date) as "
            f"score_date from range({day[20]}, date '2024-06-27', interval 1 day)"
        )
        connection.execute(
            "create table lead_score_history as select * from (values "
            f"('L00', true, {day[20]}), ('L01', true, {day[20]}), ('L01', true, {day[22]}), "
            f"('L02', true, {day[21]}), ('L02', false, {day[24]})) as rows (lead_id, is_scored, "
            "as_of_date)"
        )
        connection.execute(
            "create table lead_stage_transitions as select * from (values "
            f"('L00', 'mql', 'entry', null, {day[20]}), ('L00', 'mql', 'exit', 3, {day[23]}), "
            f"('L01', 'mql', 'entry', null, {day[21]}), ('L01', 'mql', 'exit', 1, {day[22]}), "
            f"('L01', 'mql', 'entry', null, {day[23]}), ('L02', 'sql', 'entry', null, {day[21]}), "
            f"('L02', 'sql', 'exit', 3, {day[24]})) as rows (lead_id, stage, transition, "
            "days_in_stage, transition_date)"
        )
    return path


def test_moves_are_counted_by_stage(tmp_path: Path) -> None:
    history = read_history(write_history(tmp_path / "scores.duckdb"))
    assert (history.first, history.last) == (date(2024, 6, 20), date(2024, 6, 26))
    assert (history.rows, history.leads) == (5, 3)
    assert history.stages == [StageMoves("mql", 3, 1, 2, 1), StageMoves("sql", 1, 0, 1, 3)]


def test_leads_convert_in_the_days_after_an_entry(tmp_path: Path) -> None:
    """L01 buys two days after it entered, and L02 on the day on which it came and entered."""
    outcomes = write_outcomes(
        tmp_path / "outcomes.csv",
        [
            ("L01", "purchase", "2024-06-23T12:00:00Z"),
            ("L01", "purchase", "2024-06-24"),
            ("L02", "purchase", "2024-06-21"),
            ("L00", "closed_lost", "2024-06-22"),
            ("L00", "purchase", "2024-06-27"),
        ],
    )
    database = write_history(tmp_path / "scores.duckdb")
    first, last = date(2024, 6, 21), date(2024, 6, 26)
    # The outcomes end on the 27th, so the 25th is the last day with two days after it: five days
    # of L00, and two of L01, who buys on the 23rd.
    assert read_entry_outcomes(database, outcomes, 2, first, last) == [
        GroupOutcome("all, each date", 7, 3, False),
        GroupOutcome("entered mql", 1, 1, True),
    ]


def test_measure_lift_looks_only_at_the_leads_named(tmp_path: Path) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text("\n".join(["lead_id", *(f"L{number:02d}" for number in range(5, 16))]))
    outcomes = write_outcomes(tmp_path / "outcomes.csv", [("L05", "purchase", "2024-07-01")])
    scored = read_scored_leads(write_scores(tmp_path / "scores.duckdb"), outcomes, 30, leads=leads)
    assert scored.lead_ids.tolist() == [f"L{number:02d}" for number in range(5, 16)]


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ("lead_id,converted_at\nL01,soon\n", "converted_at: expected a date or time"),
        ("lead_id,won_on\nL01,2024-07-01\n", "expected the columns converted_at and lead_id"),
    ],
)
def test_outcomes_that_cannot_be_read_are_a_mistake(
    tmp_path: Path, cells: str, complaint: str
) -> None:
    outcomes = tmp_path / "outcomes.csv"
    outcomes.write_text(cells, encoding="utf-8")
    with pytest.raises(UserMistakeError, match=complaint):
        read_scored_leads(write_scores(tmp_path / "scores.duckdb"), outcomes, 30)
