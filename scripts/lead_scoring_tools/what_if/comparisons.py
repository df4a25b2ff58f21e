"""What moves when one rule set takes the place of another."""

import math
from dataclasses import dataclass
from datetime import date

import duckdb

from .replays import Replay, Side

NOT_SCORED = "(not scored)"
NOTHING = "(none)"
BIN = 5
MOST_MOVERS = 20
MOST_CAUSES = 5
# What of a lead is compared, by the column of lead_scores.
ASPECTS = {
    "lead_band": "lead band",
    "fit_band": "fit band",
    "engagement_band": "engagement band",
    "stage": "stage",
    "qualified_stage": "qualification",
}


@dataclass(frozen=True)
class Matrix:
    """How many leads had what before, row by row, and have what after, column by column."""

    labels: list[str]
    counts: list[list[int]]

    @property
    def leads(self) -> int:
        """All leads of the matrix."""
        return sum(map(sum, self.counts))

    @property
    def moved(self) -> int:
        """The leads that have something else after."""
        return self.leads - sum(row[place] for place, row in enumerate(self.counts))

    def moves(self) -> list[tuple[str, str, int]]:
        """From where to where how many moved, the most first."""
        found = [
            (old, new, count)
            for old, row in zip(self.labels, self.counts, strict=True)
            for new, count in zip(self.labels, row, strict=True)
            if old != new and count
        ]
        return sorted(found, key=lambda move: -move[2])


@dataclass(frozen=True)
class Holders:
    """Leads that hold a stage of qualification."""

    before: int
    after: int
    gained: int
    lost: int


@dataclass(frozen=True)
class Queue:
    """Leads that come into the sales queue in the replay."""

    first_day_before: int
    """Who enters at once, on its first day, because the rules begin to hold."""
    first_day_after: int
    later_before: int
    later_after: int
    later_days: int

    @property
    def per_week_before(self) -> float | None:
        """Entries per week after the first day; None where the replay has no other day."""
        return 7 * self.later_before / self.later_days if self.later_days else None

    @property
    def per_week_after(self) -> float | None:
        """The same after the change."""
        return 7 * self.later_after / self.later_days if self.later_days else None


@dataclass(frozen=True)
class Distribution:
    """Lead scores in bins of equal width."""

    edges: list[int]
    before: list[int]
    after: list[int]


@dataclass(frozen=True)
class ScorecardComparison:
    """What moves on a scorecard."""

    scorecard: str
    leads_before: int
    leads_after: int
    leads_rescored: int
    """Leads whose lead score is another one."""
    largest_move: float
    rank_correlation: float | None
    """Spearman's, of the lead scores of leads that both rule sets score."""
    matrices: dict[str, Matrix]
    """By the names of ASPECTS."""
    mql: Holders
    sql: Holders
    queue: Queue
    distribution: Distribution


@dataclass(frozen=True)
class Cause:
    """A rule, or a limit, that gives a lead other points."""

    rule_id: str
    reason: str
    old_points: float
    new_points: float


@dataclass(frozen=True)
class Mover:
    """A lead, what it scored and scores, and why."""

    lead_id: str
    scorecard: str
    old_score: float
    new_score: float
    old_band: str | None
    new_band: str | None
    causes: list[Cause]


@dataclass(frozen=True)
class RuleHits:
    """How many leads a rule gives points, and how many points."""

    rule_id: str
    scorecard: str
    leads_before: int | None
    leads_after: int | None
    points_before: float | None
    points_after: float | None


@dataclass(frozen=True)
class Comparison:
    """Everything that moves, as of a date."""

    as_of: date
    first_day: date
    days: int
    scorecards: list[ScorecardComparison]
    rule_hits: list[RuleHits]
    movers: list[Mover]


def compare(replay: Replay, base: Side, candidate: Side) -> Comparison:
    """Compare two sides that are scored."""
    connection = replay.connection
    columns = ", ".join(
        f"old.{column} as old_{column}, new.{column} as new_{column}"
        for column in [*ASPECTS, "lead_score", "is_mql", "is_sql", "is_customer"]
    )
    connection.execute(
        f"""
        create or replace temporary table pairs as
        select
            coalesce(old.lead_id, new.lead_id) as lead_id,
            coalesce(old.scorecard, new.scorecard) as scorecard,
            old.lead_id is not null as is_old,
            new.lead_id is not null as is_new,
            {columns}
        from {replay.relation(base, "lead_scores")} as old
        full join {replay.relation(candidate, "lead_scores")} as new
            on
                old.lead_id = new.lead_id
                and old.scorecard = new.scorecard
        """
    )
    scorecards = connection.execute(
        "select scorecard from pairs group by scorecard order by count(*) desc, scorecard"
    ).fetchall()
    return Comparison(
        as_of=replay.production.as_of,
        first_day=replay.first,
        days=replay.days,
        scorecards=[_of_scorecard(replay, base, candidate, name) for (name,) in scorecards],
        rule_hits=_rule_hits(replay, base, candidate),
        movers=_movers(replay, base, candidate),
    )


def _of_scorecard(
    replay: Replay, base: Side, candidate: Side, scorecard: str
) -> ScorecardComparison:
    connection = replay.connection
    row = connection.execute(
        """
        select
            count_if(is_old), count_if(is_new),
            count_if(old_lead_score <> new_lead_score),
            coalesce(max(abs(new_lead_score - old_lead_score)), 0)
        from pairs where scorecard = ?
        """,
        [scorecard],
    ).fetchone()
    return ScorecardComparison(
        scorecard,
        *row[:3],
        largest_move=float(row[3]),
        rank_correlation=_rank_correlation(connection, scorecard),
        matrices={
            aspect: _matrix(connection, scorecard, aspect, _order(replay, aspect, scorecard))
            for aspect in ASPECTS
        },
        mql=_holders(connection, scorecard, "is_mql"),
        sql=_holders(connection, scorecard, "is_sql"),
        queue=_queue(replay, base, candidate, scorecard),
        distribution=_distribution(connection, scorecard),
    )


def _rank_correlation(connection: duckdb.DuckDBPyConnection, scorecard: str) -> float | None:
    """Leads of the same score share the mean of their ranks."""
    ranks = ", ".join(
        f"rank() over (order by {side}_lead_score)"
        f" + (count(*) over (partition by {side}_lead_score) - 1) / 2 as {side}_rank"
        for side in ("old", "new")
    )
    (found,) = connection.execute(
        f"""
        select corr(old_rank, new_rank)
        from (select {ranks} from pairs where scorecard = ? and is_old and is_new)
        """,
        [scorecard],
    ).fetchone() or (None,)
    return None if found is None or math.isnan(found) else round(found, 9)


def _order(replay: Replay, aspect: str, scorecard: str) -> list[str]:
    """The names that an aspect may have, from the least to the most."""
    names: dict[str, None] = {}
    for side in replay.sides:
        if aspect == "qualified_stage":
            thresholds = replay.relation(side, "int_qualification_thresholds")
            query = f"""
                select stage from {thresholds} where scorecard = $scorecard
                group by stage order by min(stage_place)
            """
        elif aspect == "stage":
            query = f"""
                select trim(stage) from {replay.relation(side, "lead_stages")}
                where trim(scorecard) = $scorecard
                group by all order by max(line_number) desc
            """
        else:
            query = f"""
                select trim(band) from {replay.relation(side, "score_bands")}
                where trim(scorecard) = $scorecard
                    and lower(trim(score)) = '{aspect.removesuffix("_band")}'
                order by try_cast(trim(min_score) as double)
            """
        found = replay.connection.execute(query, {"scorecard": scorecard}).fetchall()
        names |= dict.fromkeys(name for (name,) in found if name)
    return list(names)


def _matrix(
    connection: duckdb.DuckDBPyConnection, scorecard: str, aspect: str, order: list[str]
) -> Matrix:
    rows = connection.execute(
        f"""
        select
            case when is_old then coalesce(old_{aspect}, $nothing) else $not_scored end,
            case when is_new then coalesce(new_{aspect}, $nothing) else $not_scored end,
            count(*)
        from pairs
        where scorecard = $scorecard
        group by all
        order by all
        """,
        {"scorecard": scorecard, "nothing": NOTHING, "not_scored": NOT_SCORED},
    ).fetchall()
    found = {label for old, new, _ in rows for label in (old, new)}
    known = [NOT_SCORED, NOTHING, "suppressed", *order]
    labels = [label for label in dict.fromkeys(known) if label in found]
    labels += sorted(found - set(labels))
    counts = {(old, new): count for old, new, count in rows}
    return Matrix(labels, [[counts.get((old, new), 0) for new in labels] for old in labels])


def _holders(connection: duckdb.DuckDBPyConnection, scorecard: str, column: str) -> Holders:
    old, new = f"coalesce(old_{column}, false)", f"coalesce(new_{column}, false)"
    row = connection.execute(
        f"""
        select
            count_if({old}), count_if({new}),
            count_if({new} and not {old}), count_if({old} and not {new})
        from pairs where scorecard = ?
        """,
        [scorecard],
    ).fetchone()
    return Holders(*row)


def _queue(replay: Replay, base: Side, candidate: Side, scorecard: str) -> Queue:
    """Entries into stages of the sales queue, of leads that are no customers."""
    counts = []
    first = replay.first
    for side in (base, candidate):
        counts.append(
            replay.connection.execute(
                f"""
                with

                sales_stages as (

                    select distinct scorecard, stage_key
                    from {replay.relation(side, "int_qualification_thresholds")}
                    where is_sales_stage

                ),

                entries as (

                    select distinct transitions.lead_id, transitions.transition_date
                    from {replay.relation(side, "int_stage_transitions_recorded")} as transitions
                    inner join sales_stages using (scorecard, stage_key)
                    inner join {replay.relation(side, "lead_scores")} as lead_scores
                        using (lead_id, scorecard)
                    where
                        scorecard = $scorecard
                        and transition = 'entry'
                        and transition_date >= $first
                        and not is_customer

                )

                select
                    count(*) filter (where transition_date = $first),
                    count(*) filter (where transition_date > $first)
                from entries
                """,
                {"scorecard": scorecard, "first": first},
            ).fetchone()
        )
    (first_before, later_before), (first_after, later_after) = counts
    return Queue(first_before, first_after, later_before, later_after, replay.days - 1)


def _distribution(connection: duckdb.DuckDBPyConnection, scorecard: str) -> Distribution:
    """A score of 100 is in the last bin."""
    bins = 100 // BIN
    counts = {}
    for side in ("old", "new"):
        rows = connection.execute(
            f"""
            select cast(least(floor({side}_lead_score / {BIN}), {bins - 1}) as integer), count(*)
            from pairs where scorecard = ? and {side}_lead_score is not null group by all
            """,
            [scorecard],
        ).fetchall()
        counts[side] = dict(rows)
    return Distribution(
        list(range(0, 101, BIN)),
        *([counts[side].get(place, 0) for place in range(bins)] for side in ("old", "new")),
    )


def _rule_hits(replay: Replay, base: Side, candidate: Side) -> list[RuleHits]:
    """The rules that hit other leads, or give other points, the largest change first."""
    rows = replay.connection.execute(
        f"""
        select
            rule_id, scorecard, old.leads_hit, new.leads_hit,
            cast(old.points_given as double), cast(new.points_given as double)
        from {replay.relation(base, "scoring_rule_coverage")} as old
        full join {replay.relation(candidate, "scoring_rule_coverage")} as new
            using (rule_id, scorecard)
        where
            old.leads_hit is distinct from new.leads_hit
            or old.points_given is distinct from new.points_given
        order by
            abs(coalesce(new.points_given, 0) - coalesce(old.points_given, 0)) desc, rule_id
        """
    ).fetchall()
    return [RuleHits(*row) for row in rows]


def _movers(replay: Replay, base: Side, candidate: Side) -> list[Mover]:
    connection = replay.connection
    connection.execute(
        f"""
        create or replace temporary table movers as
        select
            lead_id, scorecard, old_lead_score, new_lead_score, old_lead_band, new_lead_band
        from pairs
        where old_lead_score <> new_lead_score
        order by abs(new_lead_score - old_lead_score) desc, lead_id, scorecard
        limit {MOST_MOVERS}
        """
    )
    points = {
        side.database: f"""
            select lead_id, scorecard, score, rule_id, reason, points
            from ({replay.sql_of_leads(side, "lead_score_contributions", "movers")})
            semi join movers using (lead_id, scorecard)
        """
        for side in (base, candidate)
    }
    rows = connection.execute(
        f"""
        select
            lead_id, scorecard, rule_id, coalesce(new.reason, old.reason),
            cast(coalesce(old.points, 0) as double), cast(coalesce(new.points, 0) as double)
        from ({points[base.database]}) as old
        full join ({points[candidate.database]}) as new
            using (lead_id, scorecard, score, rule_id)
        where coalesce(old.points, 0) <> coalesce(new.points, 0)
        order by abs(coalesce(new.points, 0) - coalesce(old.points, 0)) desc, rule_id
        """
    ).fetchall()
    causes: dict[tuple[str, str], list[Cause]] = {}
    for lead_id, scorecard, *cause in rows:
        found = causes.setdefault((lead_id, scorecard), [])
        if len(found) < MOST_CAUSES:
            found.append(Cause(*cause))
    movers = connection.execute(
        "from movers order by abs(new_lead_score - old_lead_score) desc, lead_id, scorecard"
    ).fetchall()
    return [
        Mover(lead, card, float(old), float(new), *bands, causes=causes.get((lead, card), []))
        for lead, card, old, new, *bands in movers
    ]
