"""Scores of accounts: what the company is, and what its leads did (section 7)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reference.conditions import Condition, all_hold
from reference.inputs import account_values, profile_types
from reference.rules import Scorecard, grouped, read_conditions
from reference.scoring import Scored, band_of, percent, points_and_clamps, state_hits, weighted
from reference.timeline import Snapshot, Timeline
from reference.trend import trend_columns
from reference.values import decimal, exact, rounded, text, trimmed
from reference.world import Row, World

ZERO, HUNDRED = Fraction(0), Fraction(100)


@dataclass(frozen=True)
class Rollup:
    """How the engagement of an account follows from that of its leads."""

    method: str = "max"
    top_k: int = 1
    discount: Fraction = ZERO
    fit_max_points: Fraction | None = None

    def engagement(self, scores: list[Fraction]) -> Fraction:
        best_first = sorted(scores, reverse=True)
        match self.method:
            case "max":
                total = sum(best_first[:1], start=ZERO)
            case "sum":
                total = sum(best_first, start=ZERO)
            case "top_k":
                counted = enumerate(best_first[: self.top_k])
                total = sum((score * self.discount**i for i, score in counted), start=ZERO)
            case _:
                raise ValueError(f"no such roll-up: {self.method}")
        return min(total, HUNDRED)


@dataclass(frozen=True)
class Roles:
    """Buying roles by their names in lower case, and the rules by which leads fill them."""

    names: dict[str | None, str | None]
    rules: list[tuple[str | None, list[Condition]]]

    def filled_by(self, snapshot: Snapshot, lead_ids: list[str]) -> set[str | None]:
        return {
            role
            for role, conditions in self.rules
            for lead_id in lead_ids
            if all_hold(conditions, snapshot.profiles[lead_id].values)
        }


def account_scores(timeline: Timeline, day: date) -> list[Row]:
    rollups, roles = _rollups(timeline.world), _roles(timeline.world_on(day))
    return [
        _account_row(timeline, day, account_id, card, rollups.get(name, Rollup()), roles)
        for account_id in _account_ids(timeline, day)
        for name, card in sorted(timeline.scorecards(day).items())
        if _has_row(timeline, day, account_id, card)
    ]


def _rollups(world: World) -> dict[str | None, Rollup]:
    return {
        trimmed(row["scorecard"]): Rollup(
            method=text(row["method"]),
            top_k=int(exact(row.get("top_k")) or 1),
            discount=exact(row.get("discount")) or ZERO,
            fit_max_points=exact(row.get("fit_max_points")),
        )
        for row in world.seeds.get("account_rollups", [])
    }


def _roles(world: World) -> Roles:
    groups = grouped(world.seeds.get("buying_role_rules", []), "role_rule_id")
    return Roles(
        names={
            text(row["role"]): trimmed(row["role"]) for row in world.seeds.get("buying_roles", [])
        },
        rules=[
            (text(rows[0]["role"]), read_conditions(rows, profile_types(world), world))
            for rows in groups.values()
        ],
    )


def _account_ids(timeline: Timeline, day: date) -> list[str]:
    named = {profile.lead.account_id for profile in timeline.snapshot(day).profiles.values()}
    return sorted((named | timeline.records.accounts.keys()) - {None})


def _leads_on_card(snapshot: Snapshot, account_id: str, card: Scorecard) -> list[Scored]:
    """Suppressed ones too."""
    return [
        scored
        for (lead_id, scorecard), scored in snapshot.scored.items()
        if scorecard == card.scorecard and snapshot.profiles[lead_id].lead.account_id == account_id
    ]


def _leads(snapshot: Snapshot, account_id: str, card: Scorecard) -> list[Scored]:
    """Those that count for the account."""
    return [
        scored
        for scored in _leads_on_card(snapshot, account_id, card)
        if snapshot.suppression_of(scored.lead_id) is None
    ]


def _has_row(timeline: Timeline, day: date, account_id: str, card: Scorecard) -> bool:
    return not card.audience or bool(_leads_on_card(timeline.snapshot(day), account_id, card))


def _account_row(
    timeline: Timeline, day: date, account_id: str, card: Scorecard, rollup: Rollup, roles: Roles
) -> Row:
    account = timeline.records.accounts.get(account_id, {})
    snapshot = timeline.snapshot(day)
    leads = _leads(snapshot, account_id, card)
    percents = {
        "fit": _fit(account_values(timeline.world, account), card, rollup),
        "engagement": rollup.engagement(_engagement_scores(leads)),
    }
    scores = {score: rounded(value, 2) for score, value in percents.items()}
    fit_band, engagement_band = (band_of(card, score, scores[score]) for score in scores)
    has_label = fit_band is not None and engagement_band is not None
    earlier = [
        _engagement_before(timeline, day, days, account_id, card, rollup) for days in (7, 30)
    ]
    return {
        "account_id": account_id,
        "scorecard": card.scorecard,
        "company_name": trimmed(account.get("company_name")),
        "fit_band": fit_band,
        "engagement_band": engagement_band,
        "account_label": fit_band + engagement_band if has_label else None,
        "account_fit_score": decimal(scores["fit"]),
        "account_engagement_score": decimal(scores["engagement"]),
        "account_score": decimal(rounded(weighted(card, percents), 2)),
        "lead_count": len(leads),
        "engaged_lead_count": sum(_is_engaged(snapshot, scored.lead_id) for scored in leads),
        **_best_lead(leads),
        **_role_columns(roles, snapshot, [scored.lead_id for scored in leads]),
        **trend_columns(timeline.world, scores["engagement"], *earlier),
        "as_of_date": day,
    }


def _fit(values: Row, card: Scorecard, rollup: Rollup) -> Fraction:
    """Only rules that ask about nothing but the account."""
    rules = [
        rule
        for rule in card.fit_rules
        if rule.conditions and all(c.field in values for c in rule.conditions)
    ]
    own_card = card.with_max_points("fit", rollup.fit_max_points)
    totals = [(hit.rule, hit.points) for hit in state_hits(rules, values)]
    points, _ = points_and_clamps(own_card, "fit", totals)
    return percent(own_card, "fit", points)


def _engagement_scores(leads: list[Scored]) -> list[Fraction]:
    return [scored.scores["engagement"] for scored in leads]


def _engagement_before(
    timeline: Timeline, day: date, days: int, account_id: str, card: Scorecard, rollup: Rollup
) -> Fraction | None:
    leads = _leads(timeline.snapshot_before(day, days), account_id, card)
    return rounded(rollup.engagement(_engagement_scores(leads)), 2) if leads else None


def _is_engaged(snapshot: Snapshot, lead_id: str) -> bool:
    return snapshot.profiles[lead_id].traits["events_30d"] >= 1


def _best_lead(leads: list[Scored]) -> Row:
    def place(scored: Scored) -> tuple[Fraction, Fraction, str]:
        return (-scored.scores["lead"], -scored.scores["engagement"], scored.lead_id)

    best = min(leads, key=place, default=None)
    return {
        "best_lead_id": None if best is None else best.lead_id,
        "best_lead_score": None if best is None else decimal(best.scores["lead"]),
    }


def _role_columns(roles: Roles, snapshot: Snapshot, lead_ids: list[str]) -> Row:
    filled = roles.filled_by(snapshot, lead_ids)
    covered = sorted(name for key, name in roles.names.items() if key in filled)
    missing = sorted(name for key, name in roles.names.items() if key not in filled)
    return {
        "buying_role_coverage": len(covered) / len(roles.names) if roles.names else None,
        "roles_covered": "|".join(covered) or None,
        "roles_missing": "|".join(missing) or None,
    }
