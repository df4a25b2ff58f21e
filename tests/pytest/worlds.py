"""Hypothesis strategies for whole worlds: valid rules over messy data.

Values come from small pools that data and rules share, so that rules match often. Letters outside
ASCII appear in one case only, because comparing without case is guaranteed for ASCII alone.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from reference.traits import TRAIT_TYPES
from reference.values import boolean
from reference.world import ACCOUNT_FIELDS, EVENT_FIELDS, LEAD_FIELDS, World

Row = dict[str, str | None]
Draw = Callable[[st.SearchStrategy], Any]
ConditionCells = tuple[str, str, str | None]

AS_OF = date(2024, 6, 30)

WORLD_LEAD_FIELDS = LEAD_FIELDS | {
    "trial_ends_on": "date",
    "is_newsletter": "boolean",
    "seats": "number",
    "interests": "list",
}
WORLD_ACCOUNT_FIELDS = ACCOUNT_FIELDS | {"is_partner": "boolean"}
WORLD_EVENT_FIELDS = EVENT_FIELDS | {
    "topic_score": "number",
    "is_mobile": "boolean",
    "due_on": "date",
}

RAW_COLUMNS: dict[str, list[str]] = {
    "raw_leads": [
        "lead_id",
        "email",
        "account_id",
        "job_title",
        "department",
        "seniority",
        "country",
        "language",
        "lead_source",
        "campaign",
        "created_at",
        "updated_at",
        "trial_ends_on",
        "is_newsletter",
        "seats",
        "interests",
        "is_deleted",
    ],
    "raw_firmographics": [
        "account_id",
        "company_name",
        "domain",
        "industry",
        "employee_count",
        "annual_revenue",
        "growth_rate",
        "location_count",
        "technologies",
        "country",
        "updated_at",
        "is_partner",
        "is_deleted",
    ],
    "raw_events": [
        "event_id",
        "lead_id",
        "anonymous_id",
        "event_type",
        "occurred_at",
        "loaded_at",
        "page_path",
        "channel",
        "campaign",
        "content_topic",
        "device",
        "duration_seconds",
        "value",
        "topic_score",
        "is_mobile",
        "due_on",
        "is_deleted",
    ],
    "raw_identities": ["anonymous_id", "lead_id", "linked_at", "is_deleted"],
    "raw_conversions": [
        "conversion_id",
        "lead_id",
        "conversion_type",
        "converted_at",
        "amount",
        "is_deleted",
    ],
}

SEED_COLUMNS: dict[str, list[str]] = {
    "scorecards": [
        "scorecard",
        "description",
        "fit_weight",
        "engagement_weight",
        "fit_max_points",
        "engagement_max_points",
    ],
    "scorecard_audiences": ["scorecard", "field", "operator", "value"],
    "fit_rules": [
        "rule_id",
        "scorecard",
        "category",
        "field",
        "operator",
        "value",
        "points",
        "reason",
    ],
    "behavior_rules": [
        "rule_id",
        "scorecard",
        "category",
        "field",
        "operator",
        "value",
        "points",
        "reason",
    ],
    "engagement_rules": [
        "rule_id",
        "scorecard",
        "category",
        "event_type",
        "field",
        "operator",
        "value",
        "points",
        "decay",
        "daily_cap",
        "max_points",
        "min_events",
        "max_events",
        "within_days",
        "reason",
    ],
    "decay_curves": ["decay", "kind", "days", "percent", "delay_days", "floor"],
    "category_caps": ["scorecard", "score", "category", "min_points", "max_points"],
    "score_bands": ["scorecard", "score", "band", "min_score"],
    "lead_stages": ["scorecard", "fit_band", "engagement_band", "stage", "next_action"],
    "qualification_thresholds": [
        "scorecard",
        "stage",
        "score",
        "enter_at",
        "exit_below",
        "exit_days",
    ],
    "buying_roles": ["role", "description"],
    "buying_role_rules": ["role_rule_id", "role", "field", "operator", "value"],
    "account_rollups": ["scorecard", "method", "top_k", "discount", "fit_max_points"],
    "journey_steps": ["field", "value", "step"],
    "suppressions": ["suppression_id", "field", "operator", "value", "reason"],
    "event_catalog": ["raw_event_type", "event_type", "channel", "is_engagement"],
    "event_exclusions": ["exclusion_id", "field", "operator", "value", "reason"],
    "erasures": ["lead_id", "requested_on", "note"],
}

# Values

NBSP = "\u00a0"
BLANKS = [None, "", "  ", NBSP, f"\t{NBSP}\r\n"]
ODD_TEXT = [
    "O'Brien",
    'say "hi", twice',
    "100%",
    "a_b",
    "a\\b",
    "日本",
    "zürich",
    "🚀 rocket",
    "vp|sales",
    "\u2003vp",
    "null",
    "NaN",
    "x" * 300 + "y",
]


def pool(clean: list[str], odd: Sequence[str] = ()) -> list[str | None]:
    """A pool in which clean values are likelier than odd ones."""
    return [*clean * 6, *BLANKS, *odd]


WORDS = {
    "email": ["ann@a.com", "Ann@A.com ", "bob@b.org", "team+x@c.com"],
    "job_title": ["VP Sales", " vp sales ", "Head of Data", "CEO", "data engineer", "cto\t"],
    "department": ["sales", "Sales ", "data", "r&d"],
    "seniority": ["c_level", "VP", f"{NBSP}vp", "manager"],
    "country": ["US", "us ", "DE", "日本"],
    "language": ["en", "EN", "de"],
    "lead_source": ["web", "Web ", "referral", "a_b"],
    "campaign": ["spring", "Spring ", "autumn", "q2|x"],
    "company_name": ["Acme", "ACME ", "O'Brien", "a\\b"],
    "domain": ["acme.com", "Acme.com", "b.org"],
    "industry": ["software", "Software", " retail ", "100%"],
    "page_path": ["/pricing", "/Pricing ", "/pricing/enterprise", "/docs/a_b", "/docs/100%", "/"],
    "channel": ["email", "web", " Web", "paid"],
    "content_topic": ["scoring", "Scoring ", "データ", "🚀 rocket"],
    "device": ["mobile", "Desktop", "desktop\n"],
}
ODD_NUMBERS = [
    "1_000",
    " 12.50 ",
    "1e3",
    "1E+3",
    "inf",
    "-Infinity",
    "nan",
    "-0",
    ".5",
    "5.",
    "+7",
    "1,000",
    "1 000",
    "0x10",
    "\uff11\uff12",
    "12.5 USD",
    "1e400",
    ".",
    "-",
    "1e",
    "--5",
    "5f",
]
NUMBERS = pool(["0", "1", "3", "5", "9.99", "10", "10.0", "12.5", "-3"], ODD_NUMBERS)
BOOLEANS = pool(["true", "false", "T", "no", " Yes ", "1", "0", "F"], ["y", "on", "2", "tru"])
LISTS = pool(
    ["snowflake|dbt", "dbt", " Snowflake | hubspot ", "||dbt||", "HubSpot", "日本|dbt"],
    ["|", " | ", "dbt,snowflake", "a_b|100%"],
)

AGES = [0, 0, 1, 2, 6, 7, 8, 13, 14, 15, 21, 28, 29, 30, 31, 44, 45, 60, 64, 65, 89, 90, 91, 400]
FUTURE_AGES = [-1, -2, -40]
TIMES = [time(0), time(10), time(10, 30), time(12, 34, 56, 789000), time(23, 59, 59)]
MALFORMED_STAMPS = [
    "yesterday",
    "2024-13-01",
    "2024-06-31",
    "06/30/2024",
    "2024-6-3",
    "2024-06-30T25:00:00",
    "infinity",
    "epoch",
    "1719705600",
    "2024-06-30T10:00:00 Europe/Berlin",
    "20240630T1000Q",
]


def written_naive(moment: datetime) -> str:
    return moment.isoformat()


def written_with_space(moment: datetime) -> str:
    return moment.isoformat(sep=" ")


def written_zulu(moment: datetime) -> str:
    return f" {moment.isoformat()}Z "


def written_milliseconds(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')}+0000"


def written_ahead(moment: datetime) -> str:
    return f"{(moment + timedelta(hours=5, minutes=30)).isoformat()}+05:30"


def written_behind(moment: datetime) -> str:
    return f"{(moment - timedelta(hours=5)).isoformat(sep=' ')}-05"


def written_minutes(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def written_date(moment: datetime) -> str:
    return moment.date().isoformat()


STAMP_STYLES = [
    written_zulu,
    written_naive,
    written_with_space,
    written_milliseconds,
    written_ahead,
    written_behind,
    written_minutes,
    written_date,
]
MOMENTS = [
    datetime.combine(AS_OF - timedelta(days=age), at) for age in AGES + FUTURE_AGES for at in TIMES
]
STAMPS = [
    *(STAMP_STYLES[i % len(STAMP_STYLES)](moment) for i, moment in enumerate(MOMENTS)),
    *BLANKS,
    *MALFORMED_STAMPS,
]
LOADED_AT = [
    "2024-06-30T10:00:00Z",
    "2024-06-30 11:00:00",
    "2024-06-30T12:00:00+02:00",
    "2024-07-02",
    None,
    "unknown",
]

POOLS_BY_TYPE = {
    "number": NUMBERS,
    "boolean": BOOLEANS,
    "list": LISTS,
    "date": STAMPS,
}


def column_pool(name: str, kind: str) -> list[str | None]:
    return pool(WORDS[name], ODD_TEXT) if kind == "text" else POOLS_BY_TYPE[kind]


LEAD_POOLS = {name: column_pool(name, kind) for name, kind in WORLD_LEAD_FIELDS.items()}
LEAD_POOLS["created_at"] = [*STAMPS, *["2023-03-01", "2024-01-15T08:00:00Z"] * 30]
ACCOUNT_POOLS = {name: column_pool(name, kind) for name, kind in WORLD_ACCOUNT_FIELDS.items()}
EVENT_POOLS = {name: column_pool(name, kind) for name, kind in WORLD_EVENT_FIELDS.items()}

LEAD_IDS = ["L1", "l1", "L2", "L1 ", "L3", "é 4", "L'5", 'L"6', "L,7", "L%", "L_", "0012"]
ACCOUNT_IDS = ["A1", "a1", "A2", " A2", "日3", "A|4"]
ANONYMOUS_IDS = ["x1", "X1", "x2", "x 3"]

# Conditions: a flat list for each kind of field, to be drawn in one go

PATTERNS = [
    "^VP",
    "sales$",
    "^(vp|head) ",
    "c[et]o",
    r"\d+",
    r"^\w+\s\w+$",
    "^[^a-m]",
    "x{5,}y",
    r"data\s+eng?ineer",
    r"head.of",
    r"@.+\.com$",
    "%$",
    "[_%]",
    "^/(pricing|docs)/?",
    "(日本|🚀)",
]


ODD_FRAGMENTS = ["%", "_", "\\", "'", '"', "100%", "a_b", "a\\b", "日本", "🚀", "ü"]


def patterns_for(name: str) -> list[str]:
    """A part of the patterns, another one for each field."""
    start = len(name) % 4
    return [*PATTERNS[start::4], "^[^a-m]", "[aeiou][^aeiou]"]


def text_conditions(name: str, words: Sequence[str]) -> list[ConditionCells]:
    first, second, last = words[0], words[1], words[-1].replace("|", "")
    word, odd = first.strip(), ODD_FRAGMENTS[len(name) % len(ODD_FRAGMENTS)]
    return [
        *((name, "equals", value) for value in (first, second, last.upper(), odd)),
        *((name, "not_equals", value) for value in (first, last)),
        *((name, "in", value) for value in (f"{first}|O'Brien", f" {second} | x |{last}||")),
        *((name, "not_in", value) for value in (f"{first}|{odd}", "zürich|日本")),
        *((name, "contains", value) for value in (word[1:3], word[-3:-1].upper(), "a", odd)),
        *((name, "starts_with", value) for value in (word[:2].upper(), word, odd)),
        *((name, "ends_with", value) for value in (word[-2:].upper(), word, odd)),
        *((name, "matches", value) for value in patterns_for(name)),
        *[(name, "is_known", None), (name, "is_unknown", None)] * 2,
    ]


def number_conditions(name: str) -> list[ConditionCells]:
    return [
        (name, "equals", "5"),
        (name, "equals", " 1e1 "),
        (name, "not_equals", "10"),
        (name, "in", "5|10|12.50"),
        (name, "in", "0 | .5|1e3"),
        (name, "not_in", "1000|0"),
        (name, ">", "5"),
        (name, ">=", "12.5"),
        (name, "<", "10"),
        (name, "<=", "0.5"),
        (name, "between", "5|12.5"),
        (name, "between", "-3|0"),
        (name, "is_known", None),
        (name, "is_unknown", None),
    ]


def date_conditions(name: str) -> list[ConditionCells]:
    return [
        (name, ">", "2024-06-01"),
        (name, ">=", "2024-06-30"),
        (name, "<", "2024-06-23"),
        (name, "<=", "2024-05-31"),
        (name, "between", "2024-05-31|2024-06-30"),
        (name, "between", "2024-06-30 | 2024-07-01"),
        (name, "within_days", "1"),
        (name, "within_days", "30"),
        (name, "older_than_days", "0"),
        (name, "older_than_days", "30"),
        (name, "is_known", None),
        (name, "is_unknown", None),
    ]


def boolean_conditions(name: str) -> list[ConditionCells]:
    return [
        (name, operator, None) for operator in ("is_true", "is_false", "is_known", "is_unknown")
    ]


def list_conditions(name: str) -> list[ConditionCells]:
    return [
        (name, "contains", "DBT"),
        (name, "contains", " snowflake "),
        (name, "contains", "日本"),
        (name, "in", "hubspot|Snowflake"),
        (name, "in", "a_b| dbt |"),
        (name, "not_in", "dbt"),
        (name, "not_in", "hubspot|100%"),
        (name, "is_known", None),
        (name, "is_unknown", None),
    ]


def conditions_on(name: str, kind: str, words: Sequence[str] = ()) -> list[ConditionCells]:
    match kind:
        case "text":
            return text_conditions(name, words)
        case "number":
            return number_conditions(name)
        case "date":
            return date_conditions(name)
        case "boolean":
            return boolean_conditions(name)
    return list_conditions(name)


def with_odd_spellings(conditions: Iterable[ConditionCells]) -> list[ConditionCells]:
    """Every fifth one in capitals and with blanks around, which must make no difference."""
    spelled = []
    for i, (name, operator, value) in enumerate(conditions):
        is_odd = i % 5 == 4
        padded = value if value is None or not is_odd else f" {value}{NBSP}"
        spelled.append(
            (f" {name.upper()}", f"{operator.upper()} ", padded)
            if is_odd
            else (name, operator, padded)
        )
    return spelled


def profile_conditions() -> list[ConditionCells]:
    conditions = []
    for name, kind in WORLD_LEAD_FIELDS.items():
        conditions += conditions_on(name, kind, WORDS.get(name, ()))
    for name, kind in WORLD_ACCOUNT_FIELDS.items():
        field = f"account_{name}" if name in WORLD_LEAD_FIELDS else name
        conditions += conditions_on(field, kind, WORDS.get(name, ()))
    return with_odd_spellings(conditions)


def event_conditions() -> list[ConditionCells]:
    conditions = []
    for name, kind in WORLD_EVENT_FIELDS.items():
        conditions += conditions_on(name, kind, WORDS.get(name, ()))
    return with_odd_spellings(conditions)


def trait_conditions() -> list[ConditionCells]:
    conditions: list[ConditionCells] = []
    for name, kind in TRAIT_TYPES.items():
        if kind == "number":
            bounds = ["0", "1", "2", "3", "0.5", "12.5"]
            conditions += [(name, ">=", bound) for bound in bounds]
            conditions += [(name, "<", bound) for bound in bounds[1:]]
            conditions += [(name, "equals", bound) for bound in bounds[:5]]
            conditions += [(name, "between", "1|2"), (name, "not_in", "0|1")]
            conditions += [(name, "is_known", None), (name, "is_unknown", None)]
        else:
            words = {"first_channel": "channel", "last_channel": "channel", "top_device": "device"}
            conditions += conditions_on(name, kind, WORDS[words.get(name, "content_topic")])
    return with_odd_spellings(conditions)


PROFILE_CONDITIONS = profile_conditions()
EVENT_CONDITIONS = event_conditions()
TRAIT_CONDITIONS = trait_conditions()
EVENT_TYPE_CONDITIONS: list[ConditionCells] = [
    ("event_type", "equals", "Ping "),
    ("event_type", "in", "ping|unsubscribe"),
    ("event_type", "not_in", "page_view|demo|form_submit|email_open|email_delivered"),
    ("event_type", "contains", "click"),
    ("event_type", "is_unknown", None),
]

# Seeds

CATALOGUE = [
    ("Page View", "page_view", "web", "true"),
    ("page_view", " Page_View", None, "yes"),
    ("pageview ", "page_view", " Web ", "1"),
    ("Form Submit", "form_submit", "web", "T"),
    ("mail.delivered", "email_delivered", "email", "false"),
    ("mail.open", "email_open", "email", "TRUE"),
    ("mail.click", "email_click", " Email", "true"),
    ("Unsub", "unsubscribe", "email", "0"),
    ("ping", "ping", None, None),
    ("デモ", "demo", "events", "true"),
    ("demo_request", "demo", None, "f"),
]
ENGAGING = [entry for entry in CATALOGUE if boolean(entry[3])]
ODD_EVENT_TYPES = [
    " PAGE VIEW",
    f"{NBSP}Mail.Open",
    "PageView",
    "DEMO_REQUEST\n",
    "demo",
    "email_open",
    "never_seen",
    None,
    " ",
]
MAIL_TYPES = ["mail.delivered", "mail.open", "mail.click"]

CURVES = [
    ("keep", "none", None, None, None, None),
    ("half_14", "exponential", "14", None, None, None),
    ("half_7", " Exponential ", "7", None, "0", "0"),
    ("half_1", "exponential", "1", None, None, None),
    ("half_odd", "exponential", "6.931471805599453", None, None, None),
    ("half_late", "exponential", "7", None, "7", "0.1"),
    ("line_90", "linear", "90", None, None, None),
    ("line_7", "linear", "7", None, "1", "0.25"),
    ("Line_7", "linear", "30", None, None, None),
    ("step_30", "stepped", "30", "50", None, None),
    ("step_45", "STEPPED", "45", "15", None, None),
    ("step_7", "stepped", "7", "33.3", "7", "0.05"),
    ("comp_7", "compounding", "7", "25", None, None),
    ("comp_1", "compounding", "1", "12.5", None, None),
    ("comp_all", "compounding", "14", "100", None, "0.5"),
    ("win_30", "window", "30", None, None, None),
    ("win_7", "window", "7", None, "7", "0.125"),
    ("hyper_7", "hyperbolic", "7", None, None, None),
    ("hyper_30", "hyperbolic", "30", None, "14", "0.2"),
    ("floor_1", "exponential", "2.5", None, None, "1"),
]
DECAYS = [None, None, *(name for name, *_ in CURVES)]
CATEGORIES = ["profile", "Profile", "intent", "web %_'"]
POINTS = ["5", "10", "-5", "3", "1", "0.5", "2.5", "-2.5", "0.25", "7", "-10", "40", "33.333333"]
REASONS = ["Senior title", 'Said "yes", twice', "O'Brien's 100%", "🚀 very active", "Senior title"]
MAX_POINTS = ["100", "50", "200", "30", "12.5"]
WEIGHTS = [("1", "1"), ("0.7", "0.3"), ("2", "1"), ("0", "1"), ("1", "0"), ("0.5", "0.25")]
SCORECARDS = ["global", "Global", "pro plan"]
WINDOW_BOUNDS = [
    ("1", None),
    ("3", None),
    (None, "0"),
    (None, "2"),
    ("1", "3"),
    ("2", "2"),
    ("20", None),
]
BAND_STARTS = [
    ("0", "25", "50", "75"),
    ("0", "50"),
    ("0",),
    ("0.00", "33.33", "66.67", "100"),
    ("0", "5", "10", "20"),
]
BAND_NAMES = {"fit": "DCBA", "engagement": "4321", "lead": ("cold", "cool", "warm", "hot")}
STAGES = [("nurture", None), ("mql", "Write an e-mail"), ("sql", 'Call, say "hi"')]

# Event groups: offsets back in time, in seconds, from the group's latest event

DAY = 86_400
OFFSETS = [
    *[(0,)] * 8,
    (0, 0),
    (0, 1799),
    (0, 1800),
    (0, 1799, 3600),
    (0, 1801, 3600, 7200),
    (0, DAY, 2 * DAY),
    (0, 7 * DAY, 14 * DAY),
    (0, DAY - 1, 30 * DAY),
    (0, 60, 120, 180, 240, 300),
    tuple(range(22)),
]
MAX_EVENTS = 40

counts = st.integers


@st.composite
def worlds(draw: Draw, with_traits: bool = False, with_count_windows: bool = False) -> World:
    """Worlds as of `AS_OF`; all raw values are text or None, as in CSV files."""
    lead_ids = LEAD_IDS[: draw(st.sampled_from([0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12]))]
    cards = SCORECARDS[: draw(counts(1, 3))]
    lead_conditions = PROFILE_CONDITIONS + (TRAIT_CONDITIONS if with_traits else [])
    catalogue = draw_catalogue(draw, with_traits)
    frequent = [draw(st.sampled_from(ENGAGING)), *draw(few(CATALOGUE, counts(0, 2)))]
    raw_types = [name for name, *_ in frequent] * 12 + ODD_EVENT_TYPES
    rule_types = [entry[1] for entry in frequent if entry in catalogue] * 3
    rule_types += [entry[1] for entry in catalogue]
    band_rows, stage_rows = draw_bands_and_stages(draw, cards)
    return World(
        as_of=AS_OF,
        raw={
            "raw_leads": draw_leads(draw, lead_ids),
            "raw_firmographics": draw_accounts(draw),
            "raw_events": draw_events(draw, lead_ids, raw_types, with_traits),
            "raw_identities": draw_identities(draw, lead_ids),
            "raw_conversions": draw_conversions(draw, lead_ids),
        },
        seeds={
            "scorecards": draw_scorecards(draw, cards),
            "scorecard_audiences": [
                seed_row("scorecard_audiences", card, *condition)
                for card in cards
                for condition in draw(few(lead_conditions, AUDIENCE_SIZES))
            ],
            "fit_rules": draw_lead_rules(draw, "fit_rules", "r", cards, PROFILE_CONDITIONS),
            "behavior_rules": draw_lead_rules(draw, "behavior_rules", "é", cards, TRAIT_CONDITIONS)
            if with_traits
            else [],
            "engagement_rules": draw_engagement_rules(draw, cards, rule_types, with_count_windows),
            "decay_curves": [seed_row("decay_curves", *curve) for curve in CURVES],
            "category_caps": draw_category_caps(draw, cards),
            "score_bands": band_rows,
            "lead_stages": stage_rows,
            "qualification_thresholds": [],
            "suppressions": draw_groups(draw, "suppressions", "s", lead_conditions),
            "event_catalog": [seed_row("event_catalog", *entry) for entry in catalogue],
            "event_exclusions": draw_groups(
                draw, "event_exclusions", "x", EVENT_CONDITIONS + EVENT_TYPE_CONDITIONS * 5
            ),
        },
        lead_fields=dict(WORLD_LEAD_FIELDS),
        account_fields=dict(WORLD_ACCOUNT_FIELDS),
        event_fields=dict(WORLD_EVENT_FIELDS),
    )


def seed_row(seed: str, *cells: str | None) -> Row:
    return dict(zip(SEED_COLUMNS[seed], cells, strict=True))


def few(values: Sequence[Any], sizes: st.SearchStrategy[int]) -> st.SearchStrategy[list[Any]]:
    """Some distinct values."""
    return sizes.flatmap(
        lambda size: st.lists(st.sampled_from(values), min_size=size, max_size=size, unique=True)
    )


AUDIENCE_SIZES = st.sampled_from([0, 0, 0, 0, 1, 1, 2])
GROUP_SIZES = st.sampled_from([1, 1, 1, 1, 1, 1, 2, 2, 3, 4])

# Raw tables

lead_values = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in LEAD_POOLS.items()}
    | {"account_id": st.sampled_from([*ACCOUNT_IDS[:2] * 4, *ACCOUNT_IDS, None, " "])}
)
account_values = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in ACCOUNT_POOLS.items()}
)
tombstones = st.sampled_from([None, None, None, "false", "maybe", "0", "true", " T"])


def draw_leads(draw: Draw, lead_ids: list[str]) -> list[Row]:
    rows = [raw_row("raw_leads", draw(lead_values) | {"lead_id": lead_id}) for lead_id in lead_ids]
    return rows + draw_repeats(draw, rows, "lead_id", "updated_at", LEAD_POOLS)


def draw_accounts(draw: Draw) -> list[Row]:
    account_ids = ACCOUNT_IDS[: draw(st.sampled_from([0, 1, 2, 2, 3, 3, 4, 6]))]
    rows = [
        raw_row("raw_firmographics", draw(account_values) | {"account_id": account_id})
        for account_id in account_ids
    ]
    return rows + draw_repeats(draw, rows, "account_id", "updated_at", ACCOUNT_POOLS)


def raw_row(table: str, values: Row) -> Row:
    return {column: values.get(column) for column in RAW_COLUMNS[table]}


def draw_repeats(
    draw: Draw, rows: list[Row], id_column: str, moment_column: str, pools: dict[str, list]
) -> list[Row]:
    """Later, earlier and simultaneous versions of some rows, tombstones, and rows without id."""
    if not rows:
        return []
    pairs = [(column, value) for column, values in pools.items() for value in values[::3]]
    same_or_other = st.sampled_from(["same", "same", *LOADED_AT])
    repeats = []
    for _ in range(draw(counts(0, 3))):
        row = dict(draw(st.sampled_from(rows)))
        row |= dict(draw(st.lists(st.sampled_from(pairs), max_size=2)))
        moment = draw(same_or_other)
        if moment != "same":
            row[moment_column] = moment
        row["is_deleted"] = draw(tombstones)
        if draw(st.sampled_from([False] * 7 + [True])):
            row[id_column] = NBSP
        repeats.append(row)
    return repeats


event_values = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in EVENT_POOLS.items()}
)
event_groups = st.tuples(
    st.sampled_from(MOMENTS),
    st.sampled_from(OFFSETS),
    st.sampled_from(STAMP_STYLES),
    st.sampled_from(LOADED_AT),
    st.sampled_from([None] * 9 + ["malformed"]),
    event_values,
)
event_changes = st.tuples(
    st.sampled_from(["same", "same", *LOADED_AT]),
    st.sampled_from(["same", *STAMPS[::11], *MALFORMED_STAMPS[:2]]),
    tombstones,
    st.lists(
        st.sampled_from([(name, value) for name in EVENT_POOLS for value in EVENT_POOLS[name]]),
        max_size=2,
    ),
)


def draw_events(
    draw: Draw, lead_ids: list[str], raw_types: list[str | None], with_traits: bool
) -> list[Row]:
    """Groups of like events, of one owner and type, and then repeats of single ones."""
    owners, types = st.sampled_from(event_owners(lead_ids)), st.sampled_from(raw_types)
    rows = draw_mailings(draw, lead_ids) if with_traits and lead_ids else []
    for _ in range(draw(counts(0, 24))):
        latest, offsets, style, loaded_at, is_malformed, values = draw(event_groups)
        lead_id, anonymous_id = draw(owners)
        shared = values | {
            "lead_id": lead_id,
            "anonymous_id": anonymous_id,
            "event_type": draw(types),
            "loaded_at": loaded_at,
        }
        moments = [style(latest - timedelta(seconds=offset)) for offset in offsets]
        if is_malformed:
            moments[0] = draw(st.sampled_from([None, "", *MALFORMED_STAMPS]))
        rows += [raw_row("raw_events", shared | {"occurred_at": moment}) for moment in moments]
    rows = rows[:MAX_EVENTS]
    for i, row in enumerate(rows):
        row["event_id"] = event_id(i)
    return rows + draw_event_repeats(draw, rows, with_traits)


mailings = st.tuples(
    st.sampled_from([0, 3, 60, 87]),
    counts(2, 7),
    st.lists(
        st.tuples(
            counts(0, 6),
            st.sampled_from(["Spring ", "autumn", "q2|x", None]),
            st.sampled_from([0, 1, 3 * DAY, -1, None]),
            st.booleans(),
        ),
        max_size=2,
    ),
)


def draw_mailings(draw: Draw, lead_ids: list[str]) -> list[Row]:
    """E-mails to a lead, opened an hour later but for one or two that tell another story."""
    rows = []
    for lead_id in lead_ids[: draw(counts(0, 2))]:
        age, size, exceptions = draw(mailings)
        emails = [("spring", 3600, False)] * size
        for place, *email in exceptions:
            emails[place % size] = email
        for i, (campaign, opened_after, is_clicked) in enumerate(emails):
            sent_at = datetime.combine(AS_OF - timedelta(days=age), time(9)) - timedelta(hours=i)
            seconds = {"mail.delivered": 0, "mail.open": opened_after}
            if is_clicked:
                seconds["mail.click"] = 7200
            rows += [
                raw_row(
                    "raw_events",
                    {
                        "lead_id": lead_id,
                        "event_type": event_type,
                        "occurred_at": written_zulu(sent_at + timedelta(seconds=after)),
                        "campaign": campaign,
                    },
                )
                for event_type, after in seconds.items()
                if after is not None
            ]
    return rows


def event_owners(lead_ids: list[str]) -> list[tuple[str | None, str | None]]:
    leads = [(lead_id, None) for lead_id in lead_ids]
    anonymous = [(None, anonymous_id) for anonymous_id in ANONYMOUS_IDS]
    both = [(NBSP, "x1"), ("nobody", "x1"), (LEAD_IDS[0], "x2")]
    # One lead gets the most, so that counts, caps and traits have something to work on.
    return leads[:2] * 10 + leads * 8 + anonymous + both + [(None, None), (" ", "")]


def event_id(number: int) -> str:
    return f"{'eE'[number % 2]}{number // 2}"


def draw_event_repeats(draw: Draw, rows: list[Row], with_traits: bool) -> list[Row]:
    if not rows:
        return []
    repeats = []
    for _ in range(draw(counts(0, 6))):
        row = dict(draw(st.sampled_from(rows)))
        loaded_at, occurred_at, is_deleted, values = draw(event_changes)
        row |= {"is_deleted": is_deleted} | dict(values)
        if loaded_at != "same":
            row["loaded_at"] = loaded_at
        if occurred_at != "same":
            row["occurred_at"] = occurred_at
        # Traits order simultaneous events by id, so there all of them have one.
        if not with_traits and draw(st.sampled_from([False] * 5 + [True])):
            row["event_id"] = draw(st.sampled_from([None, " "]))
        repeats.append(row)
    return repeats


def draw_identities(draw: Draw, lead_ids: list[str]) -> list[Row]:
    links = st.tuples(
        st.sampled_from([*ANONYMOUS_IDS, *ANONYMOUS_IDS, None]),
        st.sampled_from([*lead_ids, *lead_ids, "nobody"]),
        st.sampled_from(LOADED_AT),
        tombstones,
    )
    size = draw(counts(0, 8))
    return [
        dict(zip(RAW_COLUMNS["raw_identities"], link, strict=True))
        for link in draw(st.lists(links, min_size=size, max_size=size))
    ]


def draw_conversions(draw: Draw, lead_ids: list[str]) -> list[Row]:
    conversions = st.tuples(
        st.sampled_from([None, None, "c1", "C1", "c2", " "]),
        st.sampled_from([*lead_ids, *lead_ids, "nobody", None]),
        st.sampled_from(["purchase", " Closed_Won", "demo", "PURCHASE", None]),
        st.sampled_from(STAMPS),
        st.sampled_from(NUMBERS),
        tombstones,
    )
    size = draw(counts(0, 6))
    return [
        dict(zip(RAW_COLUMNS["raw_conversions"], conversion, strict=True))
        for conversion in draw(st.lists(conversions, min_size=size, max_size=size))
    ]


# Seeds


def draw_catalogue(draw: Draw, with_traits: bool) -> list[tuple[str | None, ...]]:
    optional = [entry for entry in CATALOGUE if not (with_traits and entry[0] in MAIL_TYPES)]
    left_out = draw(st.lists(st.sampled_from(optional), max_size=3))
    return [entry for entry in CATALOGUE if entry not in left_out]


def draw_scorecards(draw: Draw, cards: list[str]) -> list[Row]:
    numbers = st.tuples(
        st.sampled_from(WEIGHTS), st.sampled_from(MAX_POINTS), st.sampled_from(MAX_POINTS)
    )
    rows = []
    for card in cards:
        weights, fit_max, engagement_max = draw(numbers)
        rows.append(
            seed_row("scorecards", card, f"The {card} card", *weights, fit_max, engagement_max)
        )
    return rows


def draw_shared_conditions(draw: Draw, conditions: list[ConditionCells]) -> list[ConditionCells]:
    """The few conditions of which a world's rules are made, so that rules share some."""
    return draw(few(conditions, counts(4, 12)))


def draw_lead_rules(
    draw: Draw, seed: str, prefix: str, cards: list[str], conditions: list[ConditionCells]
) -> list[Row]:
    shared = draw_shared_conditions(draw, conditions)
    rules = st.tuples(
        st.sampled_from(cards),
        st.sampled_from(CATEGORIES),
        st.sampled_from(POINTS),
        st.sampled_from(REASONS),
        few(shared, GROUP_SIZES),
    )
    rows = []
    for i in range(draw(counts(1, 10))):
        card, category, points, reason, group = draw(rules)
        rows += [
            seed_row(seed, f"{prefix}{i}", card, category, *condition, points, reason)
            for condition in group
        ]
    return rows


def draw_engagement_rules(
    draw: Draw,
    cards: list[str],
    rule_types: list[str],
    with_count_windows: bool,
) -> list[Row]:
    shared = draw_shared_conditions(draw, EVENT_CONDITIONS)
    types = [*["*", " * "] * max(2, len(rule_types) // 4), *rule_types]
    types += [f"{name.upper()} " for name in rule_types[:2]]
    sizes = st.sampled_from([0] * 6 + [1] * 5 + [2, 2, 3, 4])
    rules = st.tuples(
        st.tuples(st.sampled_from(cards), st.sampled_from(CATEGORIES), st.sampled_from(types)),
        few(shared, sizes),
        st.tuples(
            st.sampled_from(POINTS),
            st.sampled_from(DECAYS),
            st.sampled_from([None, None, "1", "2", "20"]),
            st.sampled_from([None, None, None, "4", "12", "0.5", "20"]),
        ),
        st.sampled_from(REASONS),
    )
    rows = []
    for i in range(draw(counts(1, 10))):
        heads, group, numbers, reason = draw(rules)
        window = (None, None, None)
        if with_count_windows and draw(st.booleans()):
            window = draw_window(draw)
            if window[0] is None:
                numbers = (numbers[0], None, *numbers[2:])
        rows += [
            seed_row("engagement_rules", f"R{i}", *heads, *condition, *numbers, *window, reason)
            for condition in group or [(None, None, None)]
        ]
    return rows


def draw_window(draw: Draw) -> tuple[str | None, ...]:
    bounds = draw(st.sampled_from(WINDOW_BOUNDS))
    return (*bounds, draw(st.sampled_from(["1", "7", "14", "30", "90"])))


def draw_category_caps(draw: Draw, cards: list[str]) -> list[Row]:
    keys = [
        (card, score, category)
        for card in cards
        for score in ("fit", "engagement")
        for category in CATEGORIES
    ]
    bounds = st.sampled_from(
        [("-5", None), (None, "10"), ("0", "7.5"), ("-2.5", "0"), (None, "0.3"), ("-20", "20")]
    )
    capped = draw(st.lists(st.sampled_from(keys), max_size=5, unique=True))
    return [seed_row("category_caps", *key, *draw(bounds)) for key in capped]


def draw_bands_and_stages(draw: Draw, cards: list[str]) -> tuple[list[Row], list[Row]]:
    """Bands for every score of every card and a stage for every pair, or none at all."""
    bands: list[Row] = []
    stages: list[Row] = []
    if draw(st.sampled_from([True, True, True, False])):
        for card in cards:
            starts = {score: draw(st.sampled_from(BAND_STARTS)) for score in BAND_NAMES}
            names = {score: BAND_NAMES[score][: len(starts[score])] for score in BAND_NAMES}
            bands += [
                seed_row("score_bands", card, score, band, start)
                for score in BAND_NAMES
                for band, start in zip(names[score], starts[score], strict=True)
            ]
            stages += [
                seed_row("lead_stages", card, fit, engagement, *STAGES[(i + j) % len(STAGES)])
                for i, fit in enumerate(names["fit"])
                for j, engagement in enumerate(names["engagement"])
            ]
    return bands, stages


def draw_groups(draw: Draw, seed: str, prefix: str, conditions: list[ConditionCells]) -> list[Row]:
    """Suppressions or exclusions: groups of conditions with an id and a reason."""
    groups = few(conditions, st.sampled_from([1, 2, 2, 3]))
    return [
        seed_row(seed, f"{prefix}{'Bb'[i % 2]}{i}", *condition, REASONS[i])
        for i in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3])))
        for condition in draw(groups)
    ]
