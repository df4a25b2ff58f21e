"""The explanation of a lead as one self-contained page."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from ..charts import Line, Mark, Step, lines, signed, waterfall
from ..pages import Column, Figure, Page, details, figures, listing, note, table, warning
from . import words
from .arithmetic import SCORES
from .explanations import Explanation, shown_value
from .improvements import Improvement
from .words import tidy, two_decimals

MOST_IMPROVEMENTS = 12
TITLES = {"fit": "Fit: who the lead is", "engagement": "Engagement: what the lead did"}


def lead_page(explanations: Sequence[Explanation]) -> Page:
    """A page on all scorecards of a lead."""
    first = explanations[0]
    page = Page(
        f"Lead {tidy(first.scores['lead_id'])}: {words.headline(first)}",
        words.about(first),
        f"Scores as of {first.scores['as_of_date']}, from the tables lead_scores,"
        " lead_score_contributions, lead_score_history and lead_stage_transitions.",
    )
    for explanation in explanations:
        _add(page, explanation, len(explanations) > 1)
    return page


def _add(page: Page, explanation: Explanation, is_one_of_many: bool) -> None:
    card = explanation.scorecard
    prefix = f"{tidy(card.name)}: " if is_one_of_many else ""
    page.add(
        f"{prefix}In short",
        _figures(explanation),
        *[warning(alarm) for alarm in words.alarms(explanation)],
        listing(words.status(explanation)),
        _together(explanation),
        note(f"Scorecard {tidy(card.name)}: {tidy(card.description)}."),
    )
    for score in SCORES:
        page.add(f"{prefix}{TITLES[score]}", _waterfall(explanation, score))
    page.add(f"{prefix}What is missing to the next band and stage", _goals(explanation))
    page.add(f"{prefix}What would raise the lead score", *_improvements(explanation))
    page.add(f"{prefix}Over time", _history(explanation))
    page.add(f"{prefix}What is known", *_profile(explanation))


def _figures(explanation: Explanation) -> Markup:
    scores = explanation.scores
    stages = ", ".join(tidy(row["stage"]).upper() for row in explanation.stages_held)
    since = f"since {scores['qualified_since']}" if scores["qualified_since"] else ""
    return figures(
        [
            Figure(
                "Lead score", two_decimals(scores["lead_score"]), tidy(scores["lead_band"] or "")
            ),
            *[_score_figure(explanation, score) for score in SCORES],
            Figure("Qualified", stages or "no", since),
            Figure(
                "Do next",
                words.action(explanation) or "nothing is defined",
                tone="bad" if scores["is_suppressed"] else "good",
                is_wide=True,
            ),
        ]
    )


def _score_figure(explanation: Explanation, score: str) -> Figure:
    value, band = (explanation.scores[f"{score}_{what}"] for what in ("score", "band"))
    weighs = f"weighs {words.shares(explanation)[score]}"
    return Figure(
        score.capitalize(),
        two_decimals(value),
        f"band {tidy(band)}, {weighs}" if band else weighs,
    )


def _together(explanation: Explanation) -> Markup:
    """How the two scores make the lead score."""
    card, scores = explanation.scorecard, explanation.scores
    total = sum(card.weights.values())
    steps = [
        Step(
            f"{score.capitalize()} {two_decimals(scores[f'{score}_score'])}",
            float(
                card.weights[score]
                / total
                * card.exact_score(score, explanation.standing.now.uncapped[score])
            ),
            f"weighs {words.shares(explanation)[score]}",
        )
        for score in SCORES
    ]
    lead = float(scores["lead_score"])
    return waterfall(
        [*steps, Step("Lead score", lead, kind="total", value_text=two_decimals(lead))],
        "How the lead score comes about",
        "score",
        "part of the lead score",
    )


def _waterfall(explanation: Explanation, score: str) -> Markup:
    steps = []
    for category in explanation.categories:
        if category.score != score:
            continue
        points = float(category.points)
        steps.append(
            Step(words.category_title(category), points, kind="group", value_text=signed(points))
        )
        for row in category.contributions:
            notes = [] if row.is_cap else [tidy(row.rule_id), words.detail(row)]
            steps.append(
                Step(
                    tidy(row.reason),
                    float(row.points),
                    ": ".join(part for part in notes if part),
                    "cap" if row.is_cap else "step",
                )
            )
    points = float(explanation.scores[f"{score}_points"])
    steps.append(
        Step(words.total(explanation, score), points, kind="total", value_text=two_decimals(points))
    )
    return waterfall(steps, "Each rule, from the largest category down")


def _goals(explanation: Explanation) -> Markup:
    if not explanation.goals:
        return note("Nothing: the lead has the best bands and holds every stage.")
    return table(
        [Column("next"), Column("from"), Column("missing")],
        [
            [tidy(goal.name), words.asked_words(goal), words.goal_words(goal)]
            for goal in explanation.goals
        ],
    )


def _improvements(explanation: Explanation) -> list[Markup]:
    possible = words.worthwhile(explanation.improvements)
    chosen = words.shortlist(possible, MOST_IMPROVEMENTS)
    more = [change for change in possible if change not in chosen]
    others = [change for change in explanation.improvements if change not in possible]
    parts = [_improvement_table(chosen)] if chosen else []
    parts.append(note(words.headroom(explanation)))
    if more:
        parts.append(details(f"{len(more)} more", _improvement_table(more)))
    if others:
        summary = f"{len(others)} rules that can't give more now: known facts, and limits"
        parts.append(details(summary, _improvement_table(others)))
    return parts


def _improvement_table(changes: Sequence[Improvement]) -> Markup:
    rows = [
        [
            Markup("{}<br><span class='note'>{}</span>").format(
                tidy(change.reason), "; ".join([words.what(change), *words.side_effects(change)])
            ),
            signed(change.points),
            f"{two_decimals(change.scores['lead'])} ({signed(change.gain)})",
            ", ".join(map(tidy, change.reaches)),
        ]
        for change in changes
    ]
    return table(
        [Column("if"), Column("points", True), Column("lead score", True), Column("reaches")], rows
    )


def _history(explanation: Explanation) -> Markup:
    names = {"lead score": "lead_score", "fit": "fit_score", "engagement": "engagement_score"}
    until = explanation.scores["as_of_date"]
    bands = explanation.scorecard.bands.get("lead", ())
    return lines(
        [
            Line(name, _points(explanation, column, until))
            for name, column in sorted(names.items(), key=lambda item: item[0] != "fit")
        ],
        "Scores from 0 to 100, as recorded",
        [
            Mark(
                row["transition_date"],
                words.transition(row),
                "good" if row["transition"] == "entry" else "bad",
            )
            for row in explanation.transitions
        ],
        {tidy(name): float(low) for low, name in bands if low > 0},
        (0, 100),
    )


def _points(explanation: Explanation, column: str, until: date) -> list[tuple[date, float]]:
    """The recorded values, up to the date of the scores; dates without scores are left out."""
    points = [
        (row["as_of_date"], float(row[column]))
        for row in explanation.history
        if row[column] is not None
    ]
    if points and points[-1][0] < until:
        points.append((until, float(explanation.scores[column])))
    return points


def _profile(explanation: Explanation) -> list[Markup]:
    known = [
        [tidy(name).replace("_", " "), tidy(shown_value(value))]
        for name, value in sorted(explanation.profile.items())
    ]
    return [details("Fields and traits", table([Column("field"), Column("value")], known))]
