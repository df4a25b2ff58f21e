"""The explanation of a lead in sentences, for the terminal and for the page."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from ..charts import signed
from ..rule_words import amount, window_words
from .explanations import Category, Contribution, Explanation, Row, shown_value
from .improvements import Goal, Improvement

LONGEST = 300
# They decide how letters connect in some scripts.
JOINERS = "\u200c\u200d"
NAMES = ("job_title", "company_name", "industry", "employee_count", "country")


def tidy(text: object) -> str:
    """Text on one line, without characters that would steer a terminal, cut where it is long."""
    line = "".join(
        character
        if character.isprintable() or character in JOINERS
        else " "
        if character.isspace()
        else "\ufffd"
        for character in str(text)
    )
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."


def two_decimals(number: Decimal | Fraction | float) -> str:
    """A score or points: 1,234.50."""
    return f"{float(number):,.2f}"


def about(explanation: Explanation) -> str:
    """Who the lead is, as far as known."""
    known = explanation.profile
    parts = [tidy(shown_value(known[name])) for name in NAMES if name in known]
    if "employee_count" in known:
        place = [name for name in NAMES if name in known].index("employee_count")
        parts[place] = f"{amount(float(str(known['employee_count'])))} people"
    return ", ".join(parts)


def headline(explanation: Explanation) -> str:
    """The lead score and its band: 92.00 hot."""
    scores = explanation.scores
    return f"{two_decimals(scores['lead_score'])} {tidy(scores['lead_band'] or '')}".rstrip()


def formula(explanation: Explanation) -> str:
    """How the lead score comes about: 40 % of fit 80.00 (A) and 60 % of engagement 42.86 (2)."""
    scores = explanation.scores
    return " and ".join(
        f"{share} of {score} {two_decimals(scores[f'{score}_score'])}"
        + (f" ({tidy(scores[f'{score}_band'])})" if scores[f"{score}_band"] else "")
        for score, share in shares(explanation).items()
    )


def shares(explanation: Explanation) -> dict[str, str]:
    """The weights of the two scores in percent."""
    weights = explanation.scorecard.weights
    total = sum(weights.values())
    return {score: f"{amount(float(100 * w / total))} %" for score, w in weights.items()}


def action(explanation: Explanation) -> str:
    """What to do: A1 sales_ready: Call today."""
    scores = explanation.scores
    stage = " ".join(tidy(scores[name]) for name in ("score_label", "stage") if scores[name])
    return f"{stage}: {tidy(scores['next_action'])}" if scores["next_action"] else stage


def reasons(explanation: Explanation) -> str:
    """The rules with the largest points, a few words each."""
    rows = [
        row
        for category in explanation.categories
        for row in category.contributions
        if not row.is_cap
    ]
    largest = sorted(rows, key=lambda row: (-abs(row.points), row.rule_id))[:3]
    said = "; ".join(f"{tidy(row.reason)} ({signed(row.points)})" for row in largest)
    return said or "no rule gives or takes anything"


def alarms(explanation: Explanation) -> list[str]:
    """What keeps sales away from the lead, whatever its scores."""
    scores, found = explanation.scores, []
    if scores["is_suppressed"]:
        reason = tidy(scores["suppression_reason"])
        found.append(
            f"Suppressed, not to be contacted: {reason}. The scores are shown as they are."
        )
    if scores["is_customer"]:
        found.append("Is a customer already, so it stays out of the sales queue.")
    return found


def status(explanation: Explanation) -> list[str]:
    """Reasons, qualification, trend and forecast, a sentence each."""
    return [
        f"Above all: {reasons(explanation)}.",
        _qualification(explanation),
        _trend(explanation),
        _last_engagement(explanation),
        *_cooling(explanation),
        *_completeness(explanation),
    ]


def _qualification(explanation: Explanation) -> str:
    held = explanation.stages_held
    if not held:
        return "Holds no stage of qualification: neither MQL nor SQL."
    stages = [f"{tidy(row['stage']).upper()} since {row['entered_on']}" for row in held]
    return f"Qualified: {', '.join(stages)}."


def _trend(explanation: Explanation) -> str:
    scores = explanation.scores
    changes = [
        f"{signed(scores[f'engagement_delta_{days}d'])} in {days} days"
        for days in (7, 30)
        if scores[f"engagement_delta_{days}d"] is not None
    ]
    return f"Engagement is {scores['score_trend']}" + (
        f": {', '.join(changes)}." if changes else "."
    )


def _last_engagement(explanation: Explanation) -> str:
    last = explanation.scores["last_engagement_at"]
    if last is None:
        return "Has not engaged at all yet."
    age = (explanation.scores["as_of_date"] - last.date()).days
    when = {0: "on the day of the scores", 1: "the day before"}.get(age, f"{age} days before")
    return f"Last engagement on {last.date()}, {when}."


def _cooling(explanation: Explanation) -> list[str]:
    if not explanation.stages_held:
        return []
    stage, cools_on = explanation.stages_held[-1]["stage"], explanation.scores["cools_on"]
    lows = " or ".join(
        f"{threshold.score} is below {amount(float(threshold.exit_below))}"
        for threshold in explanation.scorecard.thresholds
        if threshold.stage == stage
    )
    end = f"{tidy(stage).upper()} ends when {lows} for long enough"
    if cools_on is None:
        return [f"Does not cool before {explanation.forecast_until}, even if nothing more happens."]
    if cools_on == explanation.scores["as_of_date"]:
        return [f"Is cooling already: {end}."]
    return [f"Cools on {cools_on} if nothing more happens: {end}."]


def _completeness(explanation: Explanation) -> list[str]:
    scores, unknown = explanation.scores, explanation.unknown_fields
    if not unknown:
        return []
    names = ", ".join(tidy(name).replace("_", " ") for name in unknown)
    low, high = two_decimals(scores["fit_score_low"]), two_decimals(scores["fit_score_high"])
    return [f"Unknown: {names}. Fit lies between {low} and {high}, whatever they turn out to be."]


def detail(row: Contribution) -> str:
    """How often, when and how much faded: 6 times, last on 2026-01-21; 48.00, of which ..."""
    if row.is_cap or row.rule is None or row.rule.earned_by == "profile":
        return ""
    rule, parts = row.rule, []
    times = f"{amount(row.match_count)} time{'' if row.match_count == 1 else 's'}"
    if rule.within_days is not None:
        asked = window_words(rule.min_events, rule.max_events, rule.within_days)
        parts.append(f"{times}, where it takes {asked}")
    else:
        parts.append(times)
    if row.last_matched_on:
        parts.append(f"last on {row.last_matched_on}")
    faded = ""
    if row.faded:
        share = 100 * row.faded / row.points_before_decay
        faded = f"; {two_decimals(row.points_before_decay)} before decay, {share:.0f} % faded"
    if rule.decay.kind != "none" or rule.earned_by == "event":
        faded += f"; {rule.decay.words()}"
    return ", ".join(parts) + faded


def category_title(category: Category) -> str:
    """A category and its sum: web 40.00, at most 40."""
    if category.name is None:
        return "limit of the score"
    limits = [
        f"at {word} {amount(float(limit))}"
        for word, limit in (("least", category.limits.low), ("most", category.limits.high))
        if limit is not None
    ]
    return tidy(category.name).replace("_", " ") + (f" ({', '.join(limits)})" if limits else "")


def total(explanation: Explanation, score: str) -> str:
    """What the points of a score come to: 38.91 of 70 points make a score of 55.58."""
    points = two_decimals(explanation.scores[f"{score}_points"])
    most = amount(float(explanation.scorecard.max_points[score]))
    value = two_decimals(explanation.scores[f"{score}_score"])
    return f"{points} of {most} points make a score of {value}"


def worthwhile(changes: Sequence[Improvement]) -> list[Improvement]:
    """What would raise the lead score and may still happen: unknown fields first."""
    possible = [change for change in changes if change.gain > 0 and change.kind != "profile"]
    return sorted(possible, key=lambda change: change.kind != "learn")


def shortlist(changes: Sequence[Improvement], most: int) -> list[Improvement]:
    """The best few: for each unknown field the best value, and then the rest."""
    learned = {}
    for change in changes:
        if change.kind == "learn":
            learned.setdefault(tuple(change.fields), change)
    best = list(learned.values())[: most // 2]
    others = [change for change in changes if change.kind != "learn"]
    return best + others[: most - len(best)]


def what(change: Improvement) -> str:
    """What would have to happen or turn out, and what is so now."""
    if change.kind == "event":
        needed = "" if change.needed == "1 more" else f"{change.needed}: "
        return tidy(f"{needed}{change.condition}")
    return tidy(f"{change.condition} ({change.now})")


def side_effects(change: Improvement) -> list[str]:
    """What else the same thing changes, and the limits that it runs into."""
    also = [f"{tidy(rule_id)} {signed(points)}" for rule_id, points in change.also.items()]
    found = [f"with {', '.join(also)}"] if also else []
    return found + [tidy(limit) for limit in change.limits]


def headroom(explanation: Explanation) -> str:
    """Why nothing more can be had, or that lines do not add up."""
    if worthwhile(explanation.improvements):
        return (
            "Each line by itself, on the date of the scores, limits included; what it changes in"
            " behaviour rules comes on top."
        )
    return "No single thing would raise the lead score now: what is left runs into limits."


def goal_words(goal: Goal) -> str:
    """What is missing: lead 1.89: takes 3.31 engagement points."""
    missing = [
        f"{part.score} {two_decimals(part.missing)}" for part in goal.requirements if part.missing
    ]
    if not missing:
        return "the scores are high enough"
    takes = [
        f"{two_decimals_up(points)} {score} points"
        for score, points in (("fit", goal.fit_points), ("engagement", goal.engagement_points))
        if points
    ]
    text = ", ".join(missing)
    if takes:
        text += f": takes {' and '.join(takes)}"
    if goal.fit_points_alone and not (goal.fit_points and not goal.engagement_points):
        alone = f"{two_decimals_up(goal.fit_points_alone)} fit points alone"
        text += f"{', or' if takes else ': takes'} {alone}"
    if goal.obstacles:
        text += f" ({'; '.join(goal.obstacles)})"
    return text


def asked_words(goal: Goal) -> str:
    """What a goal asks for: lead 60, engagement 45."""
    return ", ".join(f"{part.score} {amount(float(part.at_least))}" for part in goal.requirements)


def two_decimals_up(number: Fraction) -> str:
    """Points that are needed, rounded up, so that they are enough."""
    return f"{float(-((-number * 100) // 1)) / 100:,.2f}"


def transition(row: Row) -> str:
    """An entry into a stage or an exit: entered mql (Asked for a demo)."""
    verb = "entered" if row["transition"] == "entry" else "left"
    reason = f" ({tidy(row['reason'])})" if row["reason"] else ""
    return f"{verb} {tidy(row['stage'])}{reason}"
