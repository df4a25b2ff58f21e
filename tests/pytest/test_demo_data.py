"""The demo data: same arguments, same data; the contract's columns; dirt; and true effects."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import generate_demo
import numpy as np
import pyarrow.parquet as pq
import pytest
from lead_scoring_tools.demo import activity, blemishes, outcomes, storage, truth, vocabulary
from lead_scoring_tools.demo.generate import generate
from lead_scoring_tools.demo.people import make_accounts, make_people
from lead_scoring_tools.demo.tables import SCHEMAS
from lead_scoring_tools.demo.world import DAY, Settings, World

SEEDS = Path(__file__).parents[2] / "seeds" / "scoring"
UNTIL = date(2026, 1, 31)
SETTINGS = Settings(leads=1000, events=20_000, seed=7, until=UNTIL, days=365)
TABLES = (*SCHEMAS, "future_conversions")


def write(folder: Path, settings: Settings = SETTINGS) -> Path:
    generate(settings, folder, lambda activity, share: None)
    return folder


def seed_rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("demo") / "small")


@pytest.fixture(scope="module")
def tables(demo: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name in TABLES:
        connection.execute(f"create view {name} as from '{demo / name}.parquet'")
    connection.execute(f"create table as_of as select date '{UNTIL}' as day")
    return connection


def count(tables: duckdb.DuckDBPyConnection, query: str) -> int:
    return tables.sql(query).fetchone()[0]


# ---------------------------------------------------------------- same arguments, same data
def test_same_arguments_give_the_same_rows(demo: Path, tmp_path: Path) -> None:
    again = write(tmp_path / "again")
    for name in TABLES:
        first, second = (pq.read_table(folder / f"{name}.parquet") for folder in (demo, again))
        assert first.equals(second), name
    assert (demo / "truth.json").read_text() == (again / "truth.json").read_text()


def test_another_seed_gives_other_rows(demo: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", Settings(1000, 20_000, 8, UNTIL, 365))
    events = [pq.read_table(folder / "raw_events.parquet") for folder in (demo, other)]
    assert not events[0].equals(events[1])


# ---------------------------------------------------------------- contract
@pytest.mark.parametrize("name", TABLES)
def test_tables_have_the_columns_of_the_contract(demo: Path, name: str) -> None:
    schema = pq.read_schema(demo / f"{name}.parquet")
    assert schema.equals(SCHEMAS.get(name, SCHEMAS["raw_conversions"]))
    assert schema.metadata is None


def test_there_are_as_many_leads_as_asked_for(tables: duckdb.DuckDBPyConnection) -> None:
    query = "select count(distinct lead_id) from raw_leads where lead_id like 'L%'"
    assert count(tables, query) == SETTINGS.leads


def test_there_are_roughly_as_many_events_as_asked_for(tables: duckdb.DuckDBPyConnection) -> None:
    assert count(tables, "select count(*) from raw_events") == pytest.approx(20_000, rel=0.1)


def test_events_are_in_the_order_of_loading(demo: Path) -> None:
    loaded = pq.read_table(demo / "raw_events.parquet")["loaded_at"].to_numpy()
    assert (np.diff(loaded) >= np.timedelta64(0)).all()


def test_nothing_is_loaded_after_the_last_day(tables: duckdb.DuckDBPyConnection) -> None:
    latest = count(tables, "select max(loaded_at) from raw_events")
    assert latest < datetime.combine(UNTIL, datetime.min.time()) + timedelta(days=1, minutes=1)


def test_ids_of_several_chunks_do_not_collide(tmp_path: Path) -> None:
    settings = Settings(leads=900, events=540_000, seed=1, until=UNTIL, days=365)
    assert settings.chunks > 1
    folder = write(tmp_path / "chunks", settings)
    query = """
        select count(*) filter (where not has_one_start)
        from (
            select count(distinct occurred_at) <= 4 as has_one_start
            from '{}' where event_id is not null group by event_id
        )
    """
    assert duckdb.sql(query.format(folder / "raw_events.parquet")).fetchone()[0] == 0
    leads = pq.read_table(folder / "raw_leads.parquet")["lead_id"].to_pylist()
    assert len({lead for lead in leads if lead and lead.strip()}) == 900


def test_buckets_come_back_in_one_order(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    buckets = storage.Buckets(tmp_path / "sorting", np.array([100, 500, 900]))
    everything = np.zeros(5000, dtype=blemishes.RECORD)
    everything["order"] = rng.integers(0, 1000, 5000)
    for part in np.split(everything, 10):
        buckets.add(part)
    assert np.array_equal(
        np.concatenate([records["order"] for records in buckets.in_order()]),
        np.sort(everything["order"]),
    )


# ---------------------------------------------------------------- the demo fits the rules
def test_every_event_type_of_the_rules_occurs(tables: duckdb.DuckDBPyConnection) -> None:
    names = tables.sql("select distinct lower(trim(event_type)) from raw_events").fetchall()
    catalog = {
        row["raw_event_type"].lower(): row["event_type"] for row in seed_rows("event_catalog")
    }
    seen = {catalog.get(name) for (name,) in names}
    wanted = {row["event_type"] for row in seed_rows("engagement_rules")} - {"*"}
    # Complaints are too rare for so small a demo.
    assert wanted - seen <= {"spam_complaint"}


def test_the_catalog_knows_every_kind_but_noise() -> None:
    catalog = {row["raw_event_type"].lower() for row in seed_rows("event_catalog")}
    noise = {kind.event_type for kind in vocabulary.KINDS if kind.group == "noise"}
    for event_type, names in vocabulary.RAW_NAMES.items():
        known = {name.strip().lower() in catalog for name in names}
        assert known == {event_type not in noise}, event_type


def test_the_local_scorecard_has_an_audience(tables: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) from raw_leads
        where trim(country) in ('Germany', 'Deutschland', 'DE') and campaign like 'analytics%'
    """
    assert count(tables, query) >= 20


def test_no_event_is_older_than_the_first_day(tables: duckdb.DuckDBPyConnection) -> None:
    first_day = UNTIL - timedelta(days=SETTINGS.days - 1)
    query = f"select count(*) from raw_events where occurred_at < date '{first_day}' - 1"
    assert count(tables, query) == 0


# ---------------------------------------------------------------- dirt
BLEMISHES = {
    "bots by device": "raw_events where device like '%bot%' or device like 'Headless%'",
    "link scanners by device": "raw_events where device like '%scanner%'",
    "link scanners by speed": (
        "raw_events where duration_seconds between 0 and 0.99 and device = 'desktop'"
    ),
    "unsubscribes": "raw_events where event_type ilike 'unsubscribed%'",
    "internal pages": "raw_events where page_path like '/preview/%' or page_path like '/admin/%'",
    "internal campaigns": "raw_events where campaign = 'internal_test'",
    "late events": "raw_events where loaded_at > occurred_at + interval 1 day",
    "future events": "raw_events where occurred_at > loaded_at",
    "events beyond the last day": "raw_events, as_of where occurred_at >= as_of.day + 1",
    "repeated events": (
        "(select event_id from raw_events where event_id is not null group by all "
        "having count(*) > 1 and count(distinct occurred_at) = 1)"
    ),
    "corrected events": (
        "(select event_id from raw_events where event_id is not null group by all "
        "having count(distinct occurred_at) > 1)"
    ),
    "deleted events": "raw_events where is_deleted",
    "restored events": (
        "(select event_id from raw_events group by all "
        "having max(loaded_at) filter (where is_deleted) < max(loaded_at))"
    ),
    "events without an id": "raw_events where event_id is null",
    "events without a time": "raw_events where occurred_at is null",
    "events of nobody": (
        "raw_events where coalesce(trim(lead_id), '') = '' and anonymous_id is null"
    ),
    "events of unknown leads": (
        "raw_events where trim(lead_id) <> '' and lead_id not in "
        "(select lead_id from raw_leads where lead_id is not null)"
    ),
    "negative durations": "raw_events where duration_seconds < 0",
    "uncatalogued event types": "raw_events where event_type in ('Scrolled', 'scroll_depth')",
    "anonymous visits linked later": (
        "raw_events inner join raw_identities using (anonymous_id) where linked_at > occurred_at"
    ),
    "anonymous visits never linked": (
        "raw_events where anonymous_id not in (select anonymous_id from raw_identities)"
    ),
    "links repeated or corrected": (
        "(select anonymous_id from raw_identities group by all having count(*) > 1)"
    ),
    "links without a date": "raw_identities where linked_at is null",
    "leads updated twice": (
        "(select lead_id from raw_leads where lead_id like 'L%' group by all having count(*) > 2)"
    ),
    "deleted leads": "raw_leads where is_deleted",
    "leads without an id": "raw_leads where coalesce(trim(lead_id), '') = ''",
    "leads of unknown age": "raw_leads where created_at is null",
    "leads without an account": "raw_leads where account_id is null",
    "leads of unknown accounts": (
        "raw_leads where account_id not in "
        "(select account_id from raw_firmographics where account_id is not null)"
    ),
    "leads without seniority": "raw_leads where seniority is null",
    "broken e-mail addresses": "raw_leads where email like '% at %'",
    "students": "raw_leads where job_title ilike '%student%'",
    "private addresses": "raw_leads where email like '%@gmail.%'",
    "competitors": "raw_leads where email like '%@rivalmetrics.example'",
    "test accounts": "raw_leads where email similar to '(test|qa|demo).*@our-company.example'",
    "accounts without leads": (
        "raw_firmographics where account_id not in "
        "(select account_id from raw_leads where account_id is not null)"
    ),
    "accounts with several leads": (
        "(select account_id from raw_leads where account_id is not null group by all "
        "having count(distinct lead_id) > 4)"
    ),
    "accounts without an id": "raw_firmographics where account_id is null",
    "accounts in two versions": (
        "(select account_id from raw_firmographics group by all having count(*) > 1)"
    ),
    "accounts of unknown industry": "raw_firmographics where industry is null",
    "repeated conversions": (
        "(select conversion_id from raw_conversions group by all having count(*) > 1)"
    ),
}


@pytest.mark.parametrize("query", BLEMISHES.values(), ids=BLEMISHES.keys())
def test_the_demo_has_its_blemishes(tables: duckdb.DuckDBPyConnection, query: str) -> None:
    assert count(tables, f"select count(*) from {query}") > 0


def test_most_leads_are_quiet_and_a_few_are_loud(tables: duckdb.DuckDBPyConnection) -> None:
    query = """
        select quantile_cont(events, [0.5, 0.99])
        from (
            select count(raw_events.lead_id) as events
            from (select distinct lead_id from raw_leads) as leads
            left join raw_events using (lead_id)
            group by leads.lead_id
        )
    """
    middle, loud = tables.sql(query).fetchone()[0]
    assert loud > 8 * middle


# ---------------------------------------------------------------- outcomes
def test_conversions_end_on_the_last_day_and_the_future_begins_after_it(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    past, earliest, latest = tables.sql(
        "select (select max(converted_at) from raw_conversions), "
        "min(converted_at), max(converted_at) from future_conversions"
    ).fetchone()
    end = datetime.combine(UNTIL, datetime.min.time()) + timedelta(days=1)
    assert past < end <= earliest
    assert latest < end + timedelta(days=truth.FUTURE_DAYS)


def test_a_deal_is_won_only_after_its_opportunity(tables: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*)
        from (from raw_conversions union all from future_conversions) as closed
        left join (from raw_conversions union all from future_conversions) as opened
            on closed.lead_id = opened.lead_id
            and opened.conversion_type = 'opportunity_created'
            and opened.converted_at < closed.converted_at
        where closed.conversion_type <> 'opportunity_created' and opened.lead_id is null
    """
    assert count(tables, query) == 0


def test_who_never_buys_has_no_conversion(tables: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*)
        from (from raw_conversions union all from future_conversions) as conversions
        inner join raw_leads using (lead_id)
        where raw_leads.email like '%@our-company.example'
            or raw_leads.email like '%@rivalmetrics.example'
            or raw_leads.job_title ilike '%student%'
            or raw_leads.country in ('Iran', 'Syria', 'Cuba', 'North Korea')
    """
    assert count(tables, query) == 0


class Population:
    """Twenty thousand leads with what they did and what came of it, before any dirt."""

    def __init__(self) -> None:
        self.world = World(Settings(20_000, 400_000, 5, UNTIL, 365), volume=1.0)
        rng = np.random.default_rng(5)
        accounts = make_accounts(rng, 20_000, 0)
        self.people = make_people(rng, self.world, accounts, 0, 20_000)
        self.events = activity.simulate(rng, self.world, self.people, accounts)
        self.conversions = outcomes.convert(rng, self.world, self.people, accounts, self.events)
        is_opened = self.conversions.conversion_type == "opportunity_created"
        self.opened = np.full(20_000, np.inf)
        self.opened[self.conversions.person[is_opened]] = self.conversions.time[is_opened]

    def rate(self, leads: np.ndarray) -> float:
        return float(np.isfinite(self.opened[leads]).mean())

    def followed(self, event_type: str, within_days: float) -> float:
        """The share of these events that an opportunity follows within that time."""
        of_type = self.events.where(vocabulary.kinds_where((event_type,))[self.events.kind])
        of_type = of_type.where(of_type.person < 20_000)
        wait = self.opened[of_type.person] - of_type.time
        return float((wait[wait > 0] < within_days * DAY).mean())


@pytest.fixture(scope="module")
def population() -> Population:
    return Population()


def test_conversions_follow_the_attributes(population: Population) -> None:
    effect = population.people.attribute_effect[:20_000]
    ordinary = population.people.role[:20_000] == vocabulary.ORDINARY
    low, high = np.quantile(effect, [0.2, 0.8])
    assert population.rate(ordinary & (effect > high)) > 3 * population.rate(
        ordinary & (effect < low)
    )


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("demo_request", "webinar_attended"),
        ("webinar_attended", "email_open"),
        ("trial_activity", "email_open"),
        ("meeting_held", "content_download"),
    ],
)
def test_stronger_behaviour_is_followed_by_more_conversions(
    population: Population, stronger: str, weaker: str
) -> None:
    assert population.followed(stronger, 30) > 1.3 * population.followed(weaker, 30)


def test_a_demo_request_wears_off(population: Population) -> None:
    first_month = population.followed("demo_request", 30)
    third_month = population.followed("demo_request", 90) - population.followed("demo_request", 60)
    assert first_month > 2 * third_month


def test_conversions_come_after_the_lead_and_through_the_whole_year(
    population: Population,
) -> None:
    opened = np.flatnonzero(np.isfinite(population.opened))
    assert (population.opened[opened] > population.people.created[opened]).all()
    quarter = np.floor(population.opened[opened] / (92 * DAY))
    assert np.bincount(quarter.astype(int))[:4].min() > 30


def daily_chances(population: Population, leads: int) -> np.ndarray:
    """Lead by day, the chances that `truth.json` defines, computed from the document alone."""
    document = truth.as_document()
    days = int(population.world.horizon / DAY)
    events = population.events.where(population.events.time < population.world.horizon)
    seen = outcomes.is_linked(population.people, events)
    events = events.where(seen & (events.person < leads))
    sum_of_effects = np.zeros((leads, days))
    for behaviour in document["behaviour_effects"]:
        starts = tuple(behaviour["page_path_starts_with"])
        kinds = [
            kind.event_type in behaviour["event_types"]
            and (not starts or (kind.page_path or "").startswith(starts))
            for kind in vocabulary.KINDS
        ]
        of_kind = events.where(np.array(kinds)[events.kind])
        strength = np.zeros((leads, days))
        np.add.at(strength, (of_kind.person, (of_kind.time // DAY).astype(int)), 1)
        for day in range(1, days):
            strength[:, day] += strength[:, day - 1] * 0.5 ** (1 / behaviour["half_life_days"])
        sum_of_effects += behaviour["effect"] * np.minimum(strength, behaviour["most"])
    base = document["intercept"] + population.people.attribute_effect[:leads]
    return 1 / (1 + np.exp(-(base[:, None] + sum_of_effects)))


def test_opportunities_are_as_frequent_as_the_truth_says(population: Population) -> None:
    leads = 6000
    chances = daily_chances(population, leads)
    day = np.arange(chances.shape[1])
    # An opportunity is dated on the day after the one that decides it.
    decided = np.floor(population.opened[:leads] / DAY) - 1
    born = np.floor(population.people.created[:leads] / DAY)
    buys = population.people.role[:leads] == vocabulary.ORDINARY
    at_risk = (day >= born[:, None]) & (day <= decided[:, None]) & buys[:, None]
    is_opened = (day == decided[:, None]) & at_risk
    usual = chances < 0.001
    for stratum in (usual, ~usual):
        expected = chances[at_risk & stratum].sum()
        found = is_opened[at_risk & stratum].sum()
        assert expected > 20
        assert abs(found - expected) < 4 * np.sqrt(expected)


def test_the_truth_is_written_beside_the_data(demo: Path) -> None:
    document = json.loads((demo / "truth.json").read_text())
    behaviours = {each["name"]: each for each in document["behaviour_effects"]}
    assert behaviours["demo_request"]["half_life_days"] == 30
    assert behaviours["email_open"]["effect"] == 0
    assert document["demo"]["rows"]["raw_events"] > 0
    assert set(document["attribute_effects"]["industry"]) <= set(vocabulary.INDUSTRIES)


# ---------------------------------------------------------------- the command
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--leads", "ten"], "[lead_scoring] --leads: expected a whole number from 100 to"),
        (["--leads", "5"], "found '5'."),
        (["--events", "1"], "[lead_scoring] --events: expected a whole number from 25000 to"),
        (["--until", "31.01.2026"], "[lead_scoring] --until: expected a date such as"),
        (["--days", "3"], "[lead_scoring] --days: expected a whole number from 90 to"),
        (["--hours", "3"], "[lead_scoring] arguments: expected those of --help, found"),
    ],
)
def test_a_wrong_argument_is_one_sentence(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert generate_demo.main([*arguments, "--out", str(tmp_path / "demo")]) == 1
    errors = capsys.readouterr().err
    assert message in errors
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert generate_demo.main(["--out", str(tmp_path / "file" / "demo"), "--leads", "200"]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("[lead_scoring] --out: expected a folder to write to, found ")
    assert errors.count("\n") == 1


def test_the_command_replaces_an_earlier_demo(tmp_path: Path) -> None:
    arguments = ["--out", str(tmp_path / "demo"), "--leads", "200"]
    assert generate_demo.main(arguments) == 0
    assert generate_demo.main([*arguments, "--seed", "9"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert {path.name for path in (tmp_path / "demo").iterdir()} == set(storage.FILES)
    assert json.loads((tmp_path / "demo" / "truth.json").read_text())["demo"]["seed"] == 9


def test_a_folder_with_other_files_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert generate_demo.main(["--out", str(tmp_path), "--leads", "200"]) == 1
    assert "found notes.txt in" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_interrupted_run_leaves_the_earlier_demo(tmp_path: Path) -> None:
    folder = write(tmp_path / "demo")
    before = (folder / "truth.json").read_text()

    def interrupt(activity: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(Settings(1000, 20_000, 9, UNTIL, 365), folder, interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert (folder / "truth.json").read_text() == before
