"""make check names every mistake in the rule files in one go: file, line, and what mends it."""

import csv
import io
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import check_rules as command
import pytest
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.rule_checks import check_rules
from lead_scoring_tools.rule_definition import Column, rule_files
from lead_scoring_tools.rule_files import read_rule_folder
from lead_scoring_tools.rule_problems import ERROR, WARNING, Problem
from lead_scoring_tools.templates import read_yaml
from pipeline import PROJECT
from reference.world import LEAD_FIELDS

RULES = PROJECT / "seeds" / "scoring"

FIT = {
    "rule_id": "x",
    "scorecard": "b2b_saas",
    "category": "demographic",
    "field": "country",
    "operator": "equals",
    "value": "Spain",
    "points": "1",
    "reason": "Lives in Spain",
}
BEHAVIOR = FIT | {"category": "behavior", "field": "events_30d", "operator": ">", "value": "5"}
ENGAGEMENT = {
    "rule_id": "x",
    "scorecard": "b2b_saas",
    "category": "web",
    "event_type": "video_view",
    "points": "1",
    "reason": "Watched a video",
}
SUPPRESSION = {
    "suppression_id": "x",
    "field": "country",
    "operator": "equals",
    "value": "Atlantis",
    "reason": "Sunken",
}
EXCLUSION = {
    "exclusion_id": "x",
    "field": "device",
    "operator": "equals",
    "value": "toaster",
    "reason": "Toasters buy nothing",
}
ROLE_RULE = {"role_rule_id": "x", "role": "user", "field": "country", "operator": "is_known"}
CURVE = {"decay": "x", "kind": "linear", "days": "5"}
CAP = {"scorecard": "b2b_saas", "score": "fit", "category": "demographic"}
BAND = {"scorecard": "b2b_saas", "score": "lead", "band": "tepid", "min_score": "25"}
THRESHOLD = {
    "scorecard": "b2b_saas",
    "stage": "new",
    "score": "lead",
    "enter_at": "10",
    "exit_below": "5",
    "exit_days": "3",
}
SCORECARD = {
    "scorecard": "x",
    "description": "X",
    "fit_weight": "1",
    "engagement_weight": "1",
    "fit_max_points": "10",
    "engagement_max_points": "10",
}
STAGE = {"scorecard": "b2b_saas", "fit_band": "A", "engagement_band": "1", "stage": "call"}

VALID: dict[str, dict[str, str]] = {
    "account_rollups": {"scorecard": "x_card", "method": "max"},
    "behavior_rules": BEHAVIOR,
    "buying_role_rules": ROLE_RULE,
    "buying_roles": {"role": "x_role", "description": "X"},
    "category_caps": CAP | {"category": "x_category", "max_points": "5"},
    "decay_curves": CURVE,
    "engagement_rules": ENGAGEMENT,
    "erasures": {"lead_id": "x"},
    "event_catalog": {"raw_event_type": "x", "event_type": "video_view", "is_engagement": "true"},
    "event_exclusions": EXCLUSION,
    "fit_rules": FIT,
    "journey_steps": {"field": "content_topic", "value": "x", "step": "decision"},
    "lead_stages": STAGE,
    "qualification_thresholds": THRESHOLD,
    "score_bands": BAND,
    "scorecard_audiences": {
        "scorecard": "germany_analytics",
        "field": "country",
        "operator": "is_known",
    },
    "scorecards": SCORECARD,
    "suppressions": SUPPRESSION,
}

# Seed, what differs from a valid row, and the message after file and line. `{id}` is the row's id.
MISTAKES: list[tuple[str, dict[str, str], str]] = [
    # Names.
    (
        "fit_rules",
        {"field": "contry"},
        "{id}, field contry: expected a field that is declared, found 'contry'. Did you mean"
        " country? Correct the name, or declare the column in the vars of dbt_project.yml"
        " (lead_fields, account_fields); traits belong into behavior_rules.csv.",
    ),
    (
        "behavior_rules",
        {"field": "events_30"},
        "{id}, field events_30: expected a field that is declared, found 'events_30'. Did you mean"
        " events_30d? Correct the name; behaviour rules look at traits only.",
    ),
    (
        "fit_rules",
        {"operator": "equal"},
        "{id}, field country: expected an operator for a text field, found 'equal'. Did you mean"
        " equals? Use one that SCORING lists for this type; see docs/rules_reference.md.",
    ),
    (
        "fit_rules",
        {"scorecard": "b2b_sas"},
        "b2b_sas: expected a scorecard of scorecards.csv, found 'b2b_sas'. Did you mean b2b_saas?"
        " Correct the name, or add the scorecard.",
    ),
    (
        "engagement_rules",
        {"event_type": "vidoe_view"},
        "{id}: expected an event type of event_catalog.csv, or *, found 'vidoe_view'. Did you mean"
        " video_view? Correct it, or add the type to the catalogue.",
    ),
    (
        "engagement_rules",
        {"decay": "email_intrest"},
        "{id}: expected a decay of decay_curves.csv, or none at all, found 'email_intrest'. Did you"
        " mean email_interest? Correct it, or add the curve.",
    ),
    (
        "decay_curves",
        {"kind": "exponentail"},
        "{id}: expected one of none, exponential, linear, stepped, compounding, window,"
        " hyperbolic, found 'exponentail'. Did you mean exponential? Correct the kind.",
    ),
    (
        "buying_role_rules",
        {"role": "champoin"},
        "{id}: expected a role of buying_roles.csv, found 'champoin'. Did you mean champion?"
        " Correct the name, or add the role.",
    ),
    (
        "lead_stages",
        {"fit_band": "AA"},
        "b2b_saas, call: expected one of the fit bands of score_bands.csv, found 'AA'. Did you"
        " mean A? Correct the name, or add the band: no lead reaches this row.",
    ),
    (
        "qualification_thresholds",
        {"score": "led"},
        "b2b_saas, new, led: expected score fit, engagement or lead, found 'led'. Did you mean"
        " lead? Correct the score.",
    ),
    (
        "event_exclusions",
        {"field": "devise"},
        "{id}, field devise: expected a field that is declared, found 'devise'. Did you mean"
        " device? Correct the name, or declare the column in the vars of dbt_project.yml"
        " (event_fields).",
    ),
    # Values.
    (
        "fit_rules",
        {"field": "employee_count", "operator": ">", "value": "many"},
        "{id}, field employee_count: expected a number, found 'many'. Write it like 1200 or 0.5.",
    ),
    (
        "fit_rules",
        {"field": "employee_count", "operator": "between", "value": "9|1"},
        "{id}, field employee_count: expected a range low|high with low <= high, found '9|1'. Write"
        " both ends, such as 200|2000 or 2026-01-01|2026-01-31.",
    ),
    (
        "fit_rules",
        {"field": "created_at", "operator": ">", "value": "31.01.2026"},
        "{id}, field created_at: expected an ISO date, found '31.01.2026'. Write it like"
        " 2026-01-31.",
    ),
    (
        "fit_rules",
        {"operator": "matches", "value": "a(?=b)"},
        "{id}, field country: expected a regular expression of the supported kind, found 'a(?=b)'."
        " Use literals, classes, ^ $, ? * + {{m,n}}, groups, | and \\d \\w \\s only.",
    ),
    (
        "fit_rules",
        {"value": ""},
        "{id}, field country: expected a value for equals, found nothing. Fill in the value.",
    ),
    (
        "fit_rules",
        {"operator": "is_known"},
        "{id}, field country: expected no value for is_known, found 'Spain'. Empty the value.",
    ),
    # Numbers of rules.
    (
        "fit_rules",
        {"points": "ten"},
        "{id}: expected points that are a number within 1000000 of 0, found 'ten'. Write them like"
        " 10, -5 or 2.5.",
    ),
    (
        "fit_rules",
        {"reason": " "},
        "{id}: expected a reason, found nothing. Write the sentence that a salesperson shall read.",
    ),
    ("fit_rules", {"category": ""}, "{id}: expected a category, found nothing. Name one."),
    (
        "engagement_rules",
        {"daily_cap": "0"},
        "{id}: expected a daily_cap above 0, or none, found '0'. Correct the number.",
    ),
    (
        "engagement_rules",
        {"within_days": "7"},
        "{id}: expected within_days together with min_events, max_events or both, or none of the"
        " three, found '||7'. Fill in what lacks, or empty all three for a rule that counts each"
        " event.",
    ),
    (
        "decay_curves",
        {"days": "0"},
        "{id}: expected days above 0, from 0.001 to 1000000, found '0'. Give the half-life,"
        " lifespan or period in days.",
    ),
    # Ids.
    (
        "fit_rules",
        {"rule_id": "eng_chat"},
        "eng_chat: expected an id in one file only, found '2 files'. Rename one of the rules.",
    ),
    (
        "fit_rules",
        {"rule_id": ""},
        "a row without an id, field country: expected an id in each row, found nothing. Give the"
        " row an id.",
    ),
    (
        "decay_curves",
        {"decay": "permanent"},
        "permanent: expected each curve once, with a name, found '2 rows'. Name it, or remove all"
        " rows but one.",
    ),
    # Scores, bands, stages.
    (
        "scorecards",
        {"fit_weight": "-1"},
        "{id}: expected weights of at least 0 that are not both 0, found '-1|1'. Correct the"
        " weights.",
    ),
    (
        "score_bands",
        {"min_score": "15.0"},
        "b2b_saas, lead: expected bands with different names and min_scores, found 'the start 15.0"
        " twice'. Remove or correct the row.",
    ),
    (
        "category_caps",
        {"category": "negative2", "min_points": "5"},
        "b2b_saas, negative2: expected min_points <= 0 <= max_points, found '5|5'. Correct"
        " the numbers; blank is unbounded.",
    ),
    (
        "qualification_thresholds",
        {"stage": "newer", "exit_below": "11"},
        "b2b_saas, newer, lead: expected numbers with 0 <= exit_below <= enter_at <= 100, found"
        " '11|10'. Fill in or correct the numbers.",
    ),
    (
        "lead_stages",
        {"fit_band": "D", "engagement_band": "4"},
        "b2b_saas, D4: expected one stage for each pair of bands, found '2 rows'. Remove all rows"
        " but one.",
    ),
    (
        "suppressions",
        {"reason": ""},
        "{id}: expected one reason, found '0 different'. Write the same reason in each row.",
    ),
    (
        "journey_steps",
        {"step": "desicion"},
        "content_topic x: expected step awareness, consideration or decision, found 'desicion'. Did"
        " you mean decision? Correct the step.",
    ),
    (
        "erasures",
        {"lead_id": "md5:12"},
        "lead_id: expected md5: and the 32 hex digits of the MD5 digest of an id, found 'md5:12'."
        " Correct it, or write the id itself.",
    ),
]

# Rows that are not refused, and what one of them is told.
WARNINGS: list[tuple[str, list[dict[str, str]], str]] = [
    (
        "fit_rules",
        [
            {"field": "employee_count", "operator": ">", "value": "50"},
            {"field": "employee_count", "operator": "<=", "value": "50"},
        ],
        "{id}, field employee_count: expected conditions that can hold together, found 'a lower"
        " limit above the upper one'. It never holds: correct the limits, or make two rules of it.",
    ),
    (
        "fit_rules",
        [
            {"field": "created_at", "operator": ">=", "value": "2026-01-02"},
            {"field": "created_at", "operator": "<", "value": "2026-01-02"},
        ],
        "{id}, field created_at: expected conditions that can hold together, found 'a lower limit"
        " above the upper one'. It never holds: correct the limits, or make two rules of it.",
    ),
    (
        "fit_rules",
        [{"value": "Peru"}, {"operator": "in", "value": "Chile|Cuba"}],
        "{id}, field country: expected conditions that can hold together, found 'equals and in'. It"
        " never holds: remove one of the rows, or make two rules of it.",
    ),
    (
        "fit_rules",
        [{"operator": "is_unknown", "value": ""}, {"value": "Bolivia"}],
        "{id}, field country: expected conditions that can hold together, found 'is_unknown and"
        " equals'. It never holds: remove one of the rows, or make two rules of it.",
    ),
    (
        "behavior_rules",
        [{"field": "email_open_rate_90d", "value": "1"}],
        "{id}, field email_open_rate_90d: expected a limit that email_open_rate_90d can be on"
        " either side of, found 'one that it never reaches'. The condition never holds: correct the"
        " value.",
    ),
    (
        "behavior_rules",
        [{"field": "active_days_30d", "operator": ">=", "value": "0"}],
        "{id}, field active_days_30d: expected a limit that active_days_30d can be on either side"
        " of, found 'one that each value meets'. The condition holds wherever the trait is known:"
        " correct the value.",
    ),
    (
        "fit_rules",
        [{"field": "created_at", "operator": "within_days", "value": "0"}],
        "{id}, field created_at: expected a number of days above 0, found '0'. It never holds:"
        " correct the number.",
    ),
    (
        "fit_rules",
        [{"operator": "matches", "value": "x?"}],
        "{id}, field country: expected a pattern that some texts do not match, found 'x?'. It holds"
        " for every text that is known: use is_known, or correct it.",
    ),
    (
        "fit_rules",
        [{"value": "Malta|Cyprus"}],
        "{id}, field country: expected a text without | for equals, found 'Malta|Cyprus'. Use in or"
        " not_in for a list; here the | is a character like any other.",
    ),
    (
        "fit_rules",
        [{"value": "Iceland"}, {"value": " ICELAND "}],
        "{id}, field country: expected each condition once, found '2 rows that say the same'."
        " Remove all rows but one.",
    ),
    (
        "fit_rules",
        [{"field": "gender", "value": "f"}],
        "{id}, field gender: expected rules on what a lead does and needs, found 'gender'. Take the"
        " rule out, or show that it is fair: compare the scores and outcomes of the groups it tells"
        " apart.",
    ),
    (
        "fit_rules",
        [{"field": "lead_status", "value": "hot"}],
        "{id}, field lead_status: expected points on what is known before the outcome, found"
        " 'lead_status'. If sales fills the column in later, it tells the past and not the future:"
        " take the rule out.",
    ),
    (
        "fit_rules",
        [{"value": "Norway", "points": "0"}],
        "{id}: expected points other than 0, found '0'. It gives nothing: give it points, or take"
        " it out.",
    ),
    (
        "fit_rules",
        [{"field": "industry", "operator": "in", "value": FIT["value"], "points": "71"}],
        "{id}: expected points within the cap of the category demographic, found '71'. One match"
        " alone exceeds the cap in category_caps.csv: raise that, or lower the points.",
    ),
    (
        "fit_rules",
        [{"category": "x", "value": "Oman", "points": "101"}],
        "{id}: expected points within those that make a score of 100, found '101'. One match"
        " alone makes the score 100: lower the points, or raise fit_max_points.",
    ),
    (
        "engagement_rules",
        [{"event_type": "chat_started", "decay": "web_interest", "max_points": "10"}],
        "{id}: expected a condition that no other rule of the scorecard has, found 'eng_chat'. A"
        " lead gets the points of both: keep one of them.",
    ),
    (
        "engagement_rules",
        [{"daily_cap": "2", "min_events": "15", "within_days": "7", "points": "2"}],
        "{id}: expected min_events that daily_cap lets a window of within_days reach, found '15'."
        " It never fires: lower min_events, or raise daily_cap or within_days.",
    ),
    (
        "engagement_rules",
        [{"min_events": "0", "within_days": "7", "points": "3"}],
        "{id}: expected bounds that some leads do not meet, found '0 events or more'. It always"
        " fires: set min_events to 1 or more, or set max_events.",
    ),
    (
        "engagement_rules",
        [{"event_type": "ad_click", "points": "5", "max_points": "4"}],
        "{id}: expected max_points that the first event does not exceed, found '4 for 5"
        " points'. Raise max_points, or lower the points: further events change nothing.",
    ),
    (
        "engagement_rules",
        [{"decay": "webinar_interest", "min_events": "2", "within_days": "14"}],
        "{id}: expected a decay that shows within 14 days, found 'exponential over 30 days,"
        " after 0'. Events older than within_days do not count: take a faster decay, or none.",
    ),
    (
        "category_caps",
        [{"category": "demografic", "max_points": "5"}],
        "b2b_saas, demografic: expected a category of the fit rules of the scorecard, found"
        " 'demografic'. Did you mean demographic? It limits nothing: correct the name, or take it"
        " out.",
    ),
    (
        "qualification_thresholds",
        [{"stage": "star", "exit_below": "0"}],
        "b2b_saas, star, lead: expected exit_below above 0, found '0'. No score is below 0, so no"
        " lead leaves the stage by it: raise exit_below.",
    ),
    (
        "score_bands",
        [{"min_score": "99", "band": "glowing"}],
        "b2b_saas, lead: expected bands in the order of their min_score, found 'another order'."
        " Sort them, so that a reader sees what comes next; or correct min_score.",
    ),
]
DECLARED = {"lead_fields": LEAD_FIELDS | {"gender": "text", "lead_status": "text"}}


class Folder:
    """A copy of the shipped rules to which rows are added."""

    def __init__(self, path: Path) -> None:
        self.path = Path(shutil.copytree(RULES, path))

    def add(self, seed: str, **cells: str) -> int:
        """Add a row at the end of a file; the line on which it begins."""
        path = self.path / f"{seed}.csv"
        text = path.read_text(encoding="utf-8")
        columns = list(rule_files()[seed].columns)
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow([cells.get(c, "") for c in columns])
        path.write_text(text + line.getvalue(), encoding="utf-8")
        return text.count("\n") + 1

    def problems(self, settings: dict | None = None) -> dict[tuple[str, int | None], list[Problem]]:
        """The problems by file and line."""
        found = defaultdict(list)
        for problem in check_rules(self.path, settings or {}):
            found[Path(problem.path).name, problem.line].append(problem)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "rules")


def with_id(seed: str, cells: dict[str, str], new: str) -> dict[str, str]:
    """Ids of valid rows are x, which stands for one of their own."""
    return {name: new if value == "x" else value for name, value in (VALID[seed] | cells).items()}


def told(problems: Iterable[Problem]) -> list[str]:
    """The messages without file and line."""
    return [str(p).split(f"{p.line}: ", 1)[1].removeprefix("warning, ") for p in problems]


def test_the_shipped_rules_have_no_error(folder: Folder) -> None:
    problems = check_rules(folder.path, {})
    assert [p.severity for p in problems] == [WARNING]
    assert "de_fit_language" in str(problems[0])


@pytest.mark.parametrize(
    "rules",
    sorted((PROJECT / "examples").glob("**/seeds")),
    ids=lambda path: path.parent.name,
)
def test_the_rules_of_examples_and_presets_raise_nothing(rules: Path) -> None:
    settings = rules.parent / "vars.yml"
    assert check_rules(rules, read_yaml(settings) if settings.exists() else {}) == []


def test_valid_rows_are_not_refused(folder: Folder) -> None:
    """So that what the cases below are told comes from their mistakes."""
    for seed in VALID:
        if seed not in ("lead_stages", "buying_roles"):
            card = {"scorecard": "germany_analytics"} if seed == "account_rollups" else {}
            folder.add(seed, **with_id(seed, {}, f"new_{seed}") | card)
    rollups = folder.path / "account_rollups.csv"
    rollups.write_text(rollups.read_text().replace("germany_analytics,max,,,56\n", ""))
    assert [p for found in folder.problems().values() for p in found if p.severity == ERROR] == []


def test_every_mistake_is_reported_in_one_go(folder: Folder) -> None:
    expected = []
    for number, (seed, cells, message) in enumerate(MISTAKES):
        name = f"case_{number}"
        line = folder.add(seed, **with_id(seed, cells, name))
        message = message.replace("content_topic x", f"content_topic {name}")
        expected.append((f"{seed}.csv", line, message.format(id=name)))
    found = folder.problems()
    missing = [case for case in expected if case[2] not in told(found[case[:2]])]
    assert missing == []
    assert all(p.severity == ERROR for problems in found.values() for p in problems)


def test_every_warning_is_given_at_its_line(folder: Folder) -> None:
    expected = []
    for number, (seed, rows, message) in enumerate(WARNINGS):
        name = f"case_{number}"
        lines = [folder.add(seed, **with_id(seed, cells, name)) for cells in rows]
        expected.append((f"{seed}.csv", lines, message.format(id=name)))
    found = folder.problems(DECLARED)
    for file_name, lines, message in expected:
        messages = told(p for line in lines for p in found[file_name, line])
        assert message in messages, (file_name, lines, messages)
    assert all(p.severity == WARNING for problems in found.values() for p in problems)


def test_rows_of_one_rule_must_agree(folder: Folder) -> None:
    line = folder.add("fit_rules", **FIT | {"rule_id": "two", "points": "8"})
    folder.add("fit_rules", **FIT | {"rule_id": "two", "points": "9", "field": "industry"})
    assert told(folder.problems()["fit_rules.csv", line]) == [
        "two: expected the same points in all rows of the rule, found '8 and 9'. Make them agree,"
        " or give one of the rules another id."
    ]


def test_scores_need_a_band_at_0(folder: Folder) -> None:
    bands = folder.path / "score_bands.csv"
    bands.write_text(bands.read_text().replace("b2b_saas,lead,cold,0\n", ""))
    assert told(folder.problems()["score_bands.csv", 10]) == [
        "b2b_saas, lead: expected a band that starts at 0, found '15'. Add one, so that every score"
        " has a band."
    ]


def test_what_no_lead_can_reach_is_a_warning(folder: Folder) -> None:
    """Fit can give 5 of 100 points at most, which makes a lead score of 2 + 60 at most."""
    rules = folder.path / "fit_rules.csv"
    header, *rows = rules.read_text().splitlines(keepends=True)
    rules.write_text(header + "".join(row for row in rows if not row.startswith("fit_")))
    folder.add("fit_rules", **FIT | {"rule_id": "only", "points": "5"})
    threshold = folder.add("qualification_thresholds", **THRESHOLD | {"enter_at": "62.1"})
    folder.add("qualification_thresholds", **THRESHOLD | {"stage": "old", "enter_at": "62"})
    found = folder.problems()
    assert (
        "b2b_saas, fit A: expected min_score that a lead can reach, at most 5, found"
        " '70'. No lead gets into the band, even if all rules hold at once: lower min_score, or"
        " raise points or limits."
    ) in told(found["score_bands.csv", 2])
    assert [line for name, line in found if name == "score_bands.csv"] == [2, 3, 4]
    assert threshold in [line for name, line in found if name == "qualification_thresholds.csv"]
    assert threshold + 1 not in [line for name, line in found]


def test_pairs_without_a_stage_and_scores_without_bands_are_warnings(folder: Folder) -> None:
    stages, bands = folder.path / "lead_stages.csv", folder.path / "score_bands.csv"
    stages.write_text("".join(r for r in stages.open().readlines() if "b2b_saas,B,3" not in r))
    bands.write_text("".join(r for r in bands.open().readlines() if "b2b_saas,lead" not in r))
    found = folder.problems()
    assert told(found["lead_stages.csv", 16]) == [
        "b2b_saas, B3: expected a stage for each pair of bands, found nothing. Add a row: such"
        " leads have no stage and no next action."
    ]
    assert told(found["score_bands.csv", 2]) == [
        "b2b_saas, lead: expected bands for each of the scores fit, engagement and lead, found"
        " 'none'. Add them: without a band there is no label and no stage."
    ]


# The definition and the checks


def broken_cells(column: Column) -> list[str]:
    """Cells that the definition of a column does not allow."""
    limits = column.limits
    cells = [""] if limits.get("required") else []
    if limits.get("type", "text") != "text":
        cells.append("soon")
    if limits.get("type") == "integer":
        cells.append("1.5")
    if "minimum" in limits:
        cells.append(str(limits["minimum"] - 1))
    if "above" in limits:
        cells.append(str(limits["above"]))
    if "maximum" in limits:
        cells.append(str(limits["maximum"] + 1))
    if {"allowed", "refers_to", "fields"} & limits.keys():
        cells.append("no_such_word")
    return cells


# What makes a row use a column that other kinds of rows leave blank.
USES = {
    ("decay_curves", "percent"): {"kind": "stepped"},
    ("account_rollups", "top_k"): {"method": "top_k", "discount": "0.5"},
    ("account_rollups", "discount"): {"method": "top_k", "top_k": "2"},
    ("engagement_rules", "min_events"): {"within_days": "7"},
    ("engagement_rules", "max_events"): {"within_days": "7"},
    ("engagement_rules", "within_days"): {"min_events": "1"},
    ("engagement_rules", "operator"): {"field": "page_path", "value": "x"},
    ("engagement_rules", "field"): {"operator": "equals", "value": "x"},
}


def test_the_checks_refuse_what_the_definition_does_not_allow(folder: Folder) -> None:
    lines = {}
    for seed, definition in rule_files().items():
        for column in definition.columns.values():
            for number, cell in enumerate(broken_cells(column)):
                cells = USES.get((seed, column.name), {}) | {column.name: cell}
                # One mistake in each of the names that a file refers to is reported once.
                if column.reference == ("scorecards", "scorecard"):
                    cells[column.name] = cell and f"{cell}_{seed}_{number}"
                name = f"{seed}_{column.name}_{number}"
                row = with_id(seed, cells, name)
                lines[seed, folder.add(seed, **row)] = (column.name, cell)
    refused = {(Path(name).stem, line) for name, line in folder.problems()}
    assert len(lines) > 120
    assert {case: lines[case] for case in lines.keys() - refused} == {}


def test_keys_of_the_definition_are_kept_unique(folder: Folder) -> None:
    expected = set()
    for seed, definition in rule_files().items():
        if definition.key:
            rows = read_rule_folder(folder.path).tables[seed].rows
            first = dict(zip(definition.columns, rows[0], strict=True))
            expected.add(
                (f"{seed}.csv", folder.add(seed, **{k: v or "" for k, v in first.items()}))
            )
    assert len(expected) == 10
    assert expected <= folder.problems().keys()


# Files


def test_a_file_that_is_named_wrongly_is_recognised(folder: Folder) -> None:
    (folder.path / "fit_rules.csv").rename(folder.path / "fit_rule.csv")
    found = {name: problems for (name, _), problems in folder.problems().items()}
    assert str(found["fit_rules.csv"][0]).endswith(
        "fit_rules.csv: expected a file with the header rule_id,scorecard,category,field,operator,"
        "value,points,reason, found fit_rule.csv. Rename it."
    )
    assert found["fit_rule.csv"][0].severity == WARNING


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "expected the header decay,kind,days,percent,delay_days,floor, found an empty"),
        (b"decay;kind\nx;none\n", 1, "expected a header of columns joined by commas, found 'decay"),
        (b"decay,kind,day,percent,delay_days,floor\n", 1, "expected the column days, found"),
        (b"decay,kind,days,days,percent,delay_days,floor\n", 1, "expected the column days once"),
        (b"decay,kind,days,percent,delay_days,floor\nx,none\n", 2, "expected 6 cells, found 2."),
        (b"decay,kind,days,percent,delay_days,floor\nx,none,,,,,\n", 2, "6 cells, found 7."),
        (b'decay,kind,days,percent,delay_days,floor\n"x\ny",none,,,,\n"z,none', 4, "quoted as CSV"),
        (b'decay,kind,days,percent,delay_days,floor\n"x"y,none,,,,\n', 2, "quoted as CSV"),
        (b"decay,kind,days,percent,delay_days,floor\nx\0,none,,,,\n", 2, "without null characters"),
        (b"decay,kind,days,percent,delay_days,floor\nx,none,,,,\xfc\n", 2, "found the byte 0xfc"),
        (
            b"decay,kind,days,percent,delay_days,floor\n" + b"x" * 1_000_000 + b",none,,,,\n",
            2,
            "found 1000000 characters in the column decay",
        ),
    ],
)
def test_a_file_that_is_broken_is_reported_once_and_with_the_line(
    folder: Folder, content: bytes, line: int, message: str
) -> None:
    (folder.path / "decay_curves.csv").write_bytes(content)
    problem, *others = [p for problems in folder.problems().values() for p in problems]
    assert [p for p in others if p.severity == ERROR] == []
    assert (Path(problem.path).name, problem.line) == ("decay_curves.csv", line)
    assert message in str(problem)
    assert len(str(problem)) < 500


def test_what_looks_like_a_byte_order_mark_or_windows_lines_is_read(folder: Folder) -> None:
    for path in folder.path.glob("*.csv"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert all(p.severity == WARNING for found in folder.problems().values() for p in found)


def test_further_columns_are_a_warning(folder: Folder) -> None:
    path = folder.path / "erasures.csv"
    path.write_text("lead_id,requested_on,note,lead id\n")
    assert str(folder.problems()["erasures.csv", 1][0]).endswith(
        "warning, expected columns among lead_id, requested_on, note, found 'lead id'. Nothing"
        " reads it: correct the name, or leave it as a note of yours."
    )


def test_messages_obey_no_cell(folder: Folder) -> None:
    """Neither line ends, nor characters that turn a line around or command a terminal."""
    line = folder.add("fit_rules", **FIT | {"field": "a\n\u202eb\x1b[2J", "rule_id": "odd"})
    [problem] = folder.problems()["fit_rules.csv", line]
    assert "found 'a \\u202eb\\x1b[2j'" in str(problem)
    assert str(problem).isprintable()


# The command


def test_the_command_prints_what_an_editor_can_open(
    folder: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = folder.add("fit_rules", **FIT | {"points": "ten"})
    monkeypatch.chdir(folder.path.parent)
    with pytest.raises(SystemExit, match="1"):
        command.main(["--rules", str(folder.path)])
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"[lead_scoring] rules/fit_rules.csv:{line}: x: expected points")
    assert last == f"1 error in {folder.path}; a run would stop before it scores anything."


def test_warnings_fail_only_where_asked(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--rules", str(folder.path), "--json"]) == 0
    [problem] = json.loads(capsys.readouterr().out)
    assert problem["severity"] == "warning"
    assert problem["column"] == "field"
    assert problem["line"] == 33
    with pytest.raises(SystemExit, match="1"):
        command.main(["--rules", str(folder.path), "--strict"])


def test_a_folder_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        command.main(["--rules", "nowhere"])
    assert "[lead_scoring] nowhere: expected a folder of rule files" in capsys.readouterr().out


def test_wrong_declarations_of_fields_are_said(folder: Folder) -> None:
    with pytest.raises(UserMistakeError, match="var lead_fields, seats: expected one of text"):
        check_rules(folder.path, {"lead_fields": {"seats": "digits"}})


def test_declared_fields_are_those_of_the_vars(folder: Folder) -> None:
    folder.add("fit_rules", **FIT | {"field": "seats", "operator": ">", "value": "5"})
    folder.add("fit_rules", **FIT | {"rule_id": "y", "field": "account_email"})
    settings = {"lead_fields": {"seats": "number"}, "account_fields": {"account_email": "text"}}
    fields = {p.item for found in folder.problems(settings).values() for p in found}
    assert "x, field seats" not in fields
    assert "y, field account_email" not in fields
    assert "fit_department, field department" in fields
