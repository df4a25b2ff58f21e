"""Everything that explains the scores of one lead, read from the tables of the last run."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from ..errors import UserMistakeError, first_line
from ..rule_words import Clause, Decay
from ..serving import unusable_database
from .arithmetic import SCORES, Limits, Rule, Scorecard, Threshold
from .improvements import Goal, Improvement, Standing, goals, improvements, shown
from .search import missing_lead

Row = dict[str, Any]

LEAD_SCORES = "select * from lead_scores where lead_id = $lead_id order by scorecard"
CONTRIBUTIONS = """
select * exclude (lead_id, scorecard, as_of_date)
from lead_score_contributions
where lead_id = $lead_id and scorecard = $scorecard
order by score desc, category, is_cap, abs(points) desc, rule_id
"""
HISTORY = """
select as_of_date, lead_score, fit_score, engagement_score, is_scored
from lead_score_history
where lead_id = $lead_id and scorecard = $scorecard and as_of_date <= $as_of
order by as_of_date
"""
TRANSITIONS = """
select transition_date, stage, transition, reason, days_in_stage
from lead_stage_transitions
where lead_id = $lead_id and scorecard = $scorecard and transition_date <= $as_of
order by transition_date, stage
"""
STAGES_HELD = """
select stage, entered_on
from main_intermediate.int_stages_held
where lead_id = $lead_id and scorecard = $scorecard
order by stage_place
"""
RULES = "select * from main_intermediate.int_rules_unioned where scorecard = $scorecard"
CLAUSES = """
select owner_id, event_type, field, operator, operand
from main_intermediate.int_clauses_parsed
where
    scorecard = $scorecard
    and seed in ('fit_rules', 'behavior_rules', 'engagement_rules')
order by line_number
"""
# Cells of rule files are trimmed as the models trim them.
CELL = """
create temporary macro cell(text) as
    nullif(trim(cast(text as varchar), ' ' || chr(9) || chr(10) || chr(13) || chr(160)), '')
"""
SETTINGS = "select * from main_rules.scorecards where cell(scorecard) = $scorecard"
CAPS = """
select
    lower(cell(score)) as score, cell(category) as category,
    cell(min_points) as min_points, cell(max_points) as max_points
from main_rules.category_caps
where cell(scorecard) = $scorecard
"""
BANDS = """
select lower(cell(score)) as score, cell(band) as band, cell(min_score) as min_score
from main_rules.score_bands
where cell(scorecard) = $scorecard
"""
THRESHOLDS = """
select stage, score, enter_at, exit_below, exit_days
from main_intermediate.int_qualification_thresholds
where scorecard = $scorecard
order by stage_place, score = 'engagement', score = 'fit'
"""
ENGAGEMENT_TYPES = """
select distinct lower(cell(event_type)) as event_type
from main_rules.event_catalog
where lower(cell(is_engagement)) in ('true', 't', 'yes', '1')
"""
OPEN_CONDITIONS = """
select condition_id
from main_intermediate.int_profile_conditions_matched
where lead_id = $lead_id and is_open

union

select condition_id
from main_intermediate.int_dated_conditions_matched
where lead_id = $lead_id and as_of_date = $as_of and is_open
"""
ACTIVITY = """
select condition_id, event_date, sum(event_count) as event_count
from main_intermediate.int_activity_matched
where
    lead_id = $lead_id
    and event_date <= $as_of
    and coalesce(as_of_date, $as_of) = $as_of
group by condition_id, event_date
"""
FORECAST = """
select max(as_of_date) as until
from main_intermediate.int_dates_scored
where is_forecast
"""
PROFILE = "select * from main_intermediate.int_profiles_joined where lead_id = $lead_id"
TRAITS = """
select * exclude (lead_id, as_of_date)
from main_intermediate.int_traits_measured
where lead_id = $lead_id and as_of_date = $as_of
"""


@dataclass(frozen=True)
class Contribution:
    """A row of lead_score_contributions, with what its rule says about windows and decay."""

    rule_id: str
    score: str
    category: str | None
    reason: str
    points: Decimal
    is_cap: bool
    match_count: float | None = None
    points_before_decay: Decimal | None = None
    last_matched_on: date | None = None
    rule: Rule | None = None

    @property
    def faded(self) -> Decimal:
        """The points that time took."""
        before = self.points if self.points_before_decay is None else self.points_before_decay
        return before - self.points


@dataclass(frozen=True)
class Category:
    """The contributions of a category, its limit last, and their sum."""

    score: str
    name: str | None
    contributions: Sequence[Contribution]
    limits: Limits

    @property
    def points(self) -> Decimal:
        """The points that the category gives."""
        return sum((row.points for row in self.contributions), Decimal(0))


@dataclass(frozen=True)
class Explanation:
    """The scores of a lead on one scorecard."""

    scores: Row
    """The row of lead_scores."""
    scorecard: Scorecard
    categories: Sequence[Category]
    """Those of fit, then those of engagement; a limit of the score itself has a category of its
    own, without a name."""
    standing: Standing
    improvements: Sequence[Improvement]
    goals: Sequence[Goal]
    stages_held: Sequence[Row]
    history: Sequence[Row]
    transitions: Sequence[Row]
    profile: dict[str, object]
    """The known fields and traits, as they compare."""
    unknown_fields: Sequence[str]
    """Fields that the fit rules of the scorecard look at, and that are unknown."""
    forecast_until: date | None
    """How far ahead cools_on looks."""

    def contributions(self, score: str) -> list[Contribution]:
        """All contributions to a score."""
        return [
            row
            for category in self.categories
            if category.score == score
            for row in category.contributions
        ]


def explain(database: Path, lead_id: str, scorecard: str | None = None) -> list[Explanation]:
    """The scores of a lead on each of its scorecards, or on one; refuses a lead without scores."""
    with _open(database) as connection:
        reader = _Reader(connection, lead_id)
        try:
            rows = reader.rows(LEAD_SCORES)
            if not rows:
                raise missing_lead(connection, lead_id)
            known = [row["scorecard"] for row in rows]
            if scorecard is not None and scorecard not in known:
                raise UserMistakeError(
                    "--scorecard",
                    f"a scorecard whose audience {lead_id} is in ({', '.join(known)})",
                    f"'{scorecard}'",
                )
            return [
                reader.explanation(row) for row in rows if scorecard in (None, row["scorecard"])
            ]
        except (duckdb.CatalogException, duckdb.BinderException, KeyError) as problem:
            raise UserMistakeError(
                str(database),
                "the tables of this version of the project",
                first_line(problem),
                "Run make score, or dbt build with all models.",
            ) from problem


def _open(database: Path) -> duckdb.DuckDBPyConnection:
    if not database.exists():
        raise UserMistakeError(str(database), "a database", "nothing", "Run make score.")
    try:
        connection = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as problem:
        raise unusable_database(database, problem) from problem
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(CELL)
    return connection


class _Reader:
    """Reads what concerns one lead."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, lead_id: str) -> None:
        self.connection, self.parameters = connection, {"lead_id": lead_id}

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """The rows of a query, whose parameters are those that it names."""
        given = self.parameters | parameters
        used = {name: value for name, value in given.items() if f"${name}" in query}
        cursor = self.connection.execute(query, used)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def row(self, query: str, **parameters: object) -> Row:
        """The only row of a query; a table that lacks it was not built together with the rest."""
        rows = self.rows(query, **parameters)
        if not rows:
            raise KeyError(query.split("from ")[1].split()[0])
        return rows[0]

    def explanation(self, scores: Row) -> Explanation:
        """All that explains one row of lead_scores."""
        on = {"scorecard": scores["scorecard"], "as_of": scores["as_of_date"]}
        rules = self._rules(**on)
        contributions = self.rows(CONTRIBUTIONS, **on)
        card = self._scorecard(**on)
        profile = self.row(PROFILE)
        fields = {
            name.removeprefix("field_"): value
            for name, value in profile.items()
            if name.startswith("field_")
        }
        values = fields | next(iter(self.rows(TRAITS, **on)), {})
        created_at = profile["created_at"]
        activity = self.rows(ACTIVITY, **on)
        open_conditions = {row["condition_id"] for row in self.rows(OPEN_CONDITIONS, **on)}
        held = self.rows(STAGES_HELD, **on)
        standing = Standing(
            scorecard=card,
            rules=rules,
            points={
                row["rule_id"]: Fraction(row["points"])
                for row in contributions
                if not row["is_cap"]
            },
            open_rules=frozenset(
                rule.rule_id for rule in rules if rule.condition_id in open_conditions
            ),
            values=values,
            events_today={
                row["condition_id"]: float(row["event_count"])
                for row in activity
                if row["event_date"] == scores["as_of_date"]
            },
            window_counts=_window_counts(rules, activity, scores["as_of_date"]),
            engagement_types=frozenset(row["event_type"] for row in self.rows(ENGAGEMENT_TYPES)),
            lead_age_days=(scores["as_of_date"] - created_at.date()).days if created_at else None,
            stages_held=[row["stage"] for row in held],
        )
        used = sorted(
            {clause.field for rule in rules if rule.score == "fit" for clause in rule.clauses}
        )
        return Explanation(
            scores=scores,
            scorecard=card,
            categories=_categories(contributions, rules, card),
            standing=standing,
            improvements=improvements(standing),
            goals=goals(standing),
            stages_held=held,
            history=self.rows(HISTORY, **on),
            transitions=self.rows(TRANSITIONS, **on),
            profile={name: value for name, value in values.items() if value is not None},
            unknown_fields=[name for name in used if values.get(name) is None],
            forecast_until=self.rows(FORECAST)[0]["until"],
        )

    def _rules(self, **on: object) -> list[Rule]:
        clauses: dict[str, list[Clause]] = {}
        event_types: dict[str, str | None] = {}
        for row in self.rows(CLAUSES, **on):
            event_types[row["owner_id"]] = row["event_type"]
            if row["field"] is not None:
                clause = Clause(row["field"], row["operator"], row["operand"] or "")
                clauses.setdefault(row["owner_id"], []).append(clause)
        return [
            Rule(
                rule_id=row["rule_id"],
                score=row["score"],
                category=row["category"],
                earned_by=row["earned_by"],
                condition_id=row["condition_id"],
                reason=row["reason"],
                points=_points(row["points"]),
                clauses=tuple(clauses.get(row["rule_id"], ())),
                event_type=event_types.get(row["rule_id"]),
                daily_cap=row["daily_cap"],
                max_points=None if row["max_points"] is None else _points(row["max_points"]),
                min_events=row["min_events"],
                max_events=row["max_events"],
                within_days=row["within_days"],
                decay=Decay(
                    row["decay_kind"],
                    row["decay_days"],
                    row["decay_percent"],
                    row["decay_delay_days"],
                    row["decay_floor"],
                ),
            )
            for row in self.rows(RULES, **on)
        ]

    def _scorecard(self, **on: object) -> Scorecard:
        settings = self.row(SETTINGS, **on)
        bands: dict[str, list[tuple[Fraction, str]]] = {}
        for row in self.rows(BANDS, **on):
            bands.setdefault(row["score"], []).append((_number(row["min_score"]), row["band"]))
        return Scorecard(
            name=str(on["scorecard"]),
            description=(settings["description"] or "").strip(),
            weights={score: _number(settings[f"{score}_weight"]) for score in SCORES},
            max_points={score: _number(settings[f"{score}_max_points"]) for score in SCORES},
            caps={
                (row["score"], row["category"]): Limits(
                    _limit(row["min_points"]), _limit(row["max_points"])
                )
                for row in self.rows(CAPS, **on)
            },
            bands={score: sorted(rows, reverse=True) for score, rows in bands.items()},
            thresholds=[
                Threshold(
                    row["stage"],
                    row["score"],
                    Fraction(row["enter_at"]),
                    Fraction(row["exit_below"]),
                    int(row["exit_days"]),
                )
                for row in self.rows(THRESHOLDS, **on)
            ],
        )


def _categories(
    contributions: Sequence[Row], rules: Sequence[Rule], card: Scorecard
) -> list[Category]:
    """The contributions by score and category, the largest first, each limit after what it
    limits."""
    by_id = {rule.rule_id: rule for rule in rules}
    grouped: dict[tuple[str, str | None], list[Contribution]] = {}
    for row in contributions:
        contribution = Contribution(**row, rule=by_id.get(row["rule_id"]))
        grouped.setdefault((row["score"], row["category"]), []).append(contribution)
    categories = [
        Category(score, name, _ordered(rows), card.limits(score, name or ""))
        for (score, name), rows in grouped.items()
    ]
    return sorted(
        categories,
        key=lambda category: (
            SCORES.index(category.score),
            category.name is None,
            -category.points,
            category.name or "",
        ),
    )


def _ordered(rows: Sequence[Contribution]) -> list[Contribution]:
    limits = {row.rule_id: row for row in rows if row.is_cap}
    ordered = []
    for row in sorted(rows, key=lambda row: (-abs(row.points), row.rule_id)):
        if not row.is_cap:
            ordered.append(row)
            if limit := limits.pop(f"cap:rule:{row.rule_id}", None):
                ordered.append(limit)
    return ordered + list(limits.values())


def _window_counts(rules: Sequence[Rule], activity: Sequence[Row], as_of: date) -> dict[str, float]:
    """The events that count windows count, each day up to the daily limit."""
    counts: dict[str, float] = {}
    for rule in rules:
        if rule.within_days is None:
            continue
        counts[rule.rule_id] = sum(
            min(float(row["event_count"]), math.inf if rule.daily_cap is None else rule.daily_cap)
            for row in activity
            if row["condition_id"] == rule.condition_id
            and (as_of - row["event_date"]).days < rule.within_days
        )
    return counts


def _points(number: float) -> Fraction:
    """Points as the tables hold them: six decimals."""
    return Fraction(Decimal(repr(number)).quantize(Decimal("0.000001"), ROUND_HALF_UP))


def _number(cell: str) -> Fraction:
    """A number of a rule file, which the run has checked."""
    return Fraction(cell.strip())


def _limit(cell: str | None) -> Fraction | None:
    return None if cell is None else _number(cell)


def as_json(explanation: Explanation) -> Row:
    """The explanation for machines: numbers as numbers, dates as ISO text."""
    card, scores = explanation.scorecard, explanation.scores
    return {
        "lead_id": scores["lead_id"],
        "scorecard": card.name,
        "as_of_date": scores["as_of_date"].isoformat(),
        "scores": {name: _plain(value) for name, value in scores.items()},
        "weights": _plain(card.weights),
        "max_points": _plain(card.max_points),
        "contributions": [
            {
                "score": row.score,
                "category": row.category,
                "rule_id": row.rule_id,
                "reason": row.reason,
                "match_count": row.match_count,
                "points_before_decay": _plain(row.points_before_decay),
                "points": _plain(row.points),
                "points_faded": None if row.is_cap else _plain(row.faded),
                "decay": row.rule.decay.words() if row.rule else None,
                "is_cap": row.is_cap,
                "last_matched_on": _plain(row.last_matched_on),
            }
            for score in SCORES
            for row in explanation.contributions(score)
        ],
        "categories": [
            {
                "score": category.score,
                "category": category.name,
                "points": _plain(category.points),
                "min_points": _plain(category.limits.low),
                "max_points": _plain(category.limits.high),
            }
            for category in explanation.categories
            if category.name is not None
        ],
        "improvements": [_plain(vars(change)) for change in explanation.improvements],
        "goals": [
            _plain(vars(goal) | {"requirements": [vars(part) for part in goal.requirements]})
            for goal in explanation.goals
        ],
        "stages_held": _plain(explanation.stages_held),
        "history": _plain(explanation.history),
        "transitions": _plain(explanation.transitions),
        "profile": {name: _plain(value) for name, value in explanation.profile.items()},
        "unknown_fields": list(explanation.unknown_fields),
    }


def _plain(value: object) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Fraction | Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def shown_value(value: object) -> str:
    """A field or trait as it is shown; lists are stored with bars around their members."""
    text = shown(value)
    return text.strip("|").replace("|", ", ") if text.startswith("|") else text
