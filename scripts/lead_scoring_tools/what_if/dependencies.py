"""What models depend on, so that a what-if builds no more of them than rules change."""

from dataclasses import dataclass

DATES = "int_dates_scored"
RESOLVED_EVENTS = "int_events_resolved"
# The rule files by which the events are stored.
RULES_OF_EVENTS = ("event_catalog", "event_exclusions")
# Deletions are no rules: those of production hold for all.
NO_RULES = ("erasures",)
# Small enough to see whether their content differs where that of their inputs does, and for whom.
COMPARED_MODELS = (
    "int_clauses_parsed",
    "int_conditions_keyed",
    "int_condition_clauses",
    "int_rules_unioned",
    "int_qualification_thresholds",
    "int_lead_scorecards_assigned",
    "int_leads_suppressed",
    "int_fit_ranges_bounded",
)
# The rows of a lead follow from rows of that lead alone, and from rules.
LEAD_MODELS = (
    "int_rule_points_weighed",
    "int_category_points_capped",
    "int_scores_normalised",
    "int_stage_transitions_recorded",
    "int_stages_held",
    "lead_scores",
)
# Of many rows, most of what reads them reads those of a date, or of a rule.
SORTED_MODELS = {
    "int_rule_points_weighed": "as_of_date, rule_id",
    "int_category_points_capped": "as_of_date, scorecard, score, category",
    "int_scores_normalised": "as_of_date",
}
# Less is read of them than a table would hold.
LAZY_MODELS = ("lead_score_contributions",)
# Needed as of the days before the replay only, which production has.
UNREPLAYED_MODELS = ("int_score_history_recorded",)


@dataclass(frozen=True)
class Part:
    """What of a table matters."""

    rows: str = "true"
    columns: tuple[str, ...] = ()
    """None for all."""


EVERYTHING = Part()
# What of an input a model reads, where most changes are to the rest of it.
PARTS_READ = {
    ("int_events_reconsidered", "int_condition_clauses"): Part("subject = 'exclusion'"),
    ("int_events_reconsidered", "int_conditions_keyed"): Part("seed = 'event_exclusions'"),
    ("int_events_changed", "int_condition_clauses"): Part("subject = 'exclusion'"),
    ("int_events_changed", "int_conditions_keyed"): Part("seed = 'event_exclusions'"),
    (RESOLVED_EVENTS, "int_condition_clauses"): Part("subject = 'exclusion'"),
    (RESOLVED_EVENTS, "int_conditions_keyed"): Part("seed = 'event_exclusions'"),
    ("int_profile_conditions_matched", "int_condition_clauses"): Part(
        "subject = 'profile' and not is_dated"
    ),
    ("int_dated_conditions_matched", "int_condition_clauses"): Part(
        "subject = 'profile' and is_dated"
    ),
    ("int_activity_matched", "int_condition_clauses"): Part("subject = 'event'"),
    ("int_fit_ranges_bounded", "int_rules_unioned"): Part(
        "score = 'fit'", ("rule_id", "scorecard", "category", "condition_id", "points")
    ),
    ("int_fit_completeness_measured", "int_rules_unioned"): Part(
        "score = 'fit'", ("scorecard", "condition_id")
    ),
}


@dataclass(frozen=True)
class Keyed:
    """A model whose rows follow, key by key, from the rows of one of its inputs."""

    key: str
    definition: str
    """The input that says what a key means."""
    has_dated_keys: bool = False
    """Whether keys that the definition marks is_dated depend on the dates of the replay too."""


KEYED_MODELS = {
    "int_profile_conditions_matched": Keyed("condition_id", "int_condition_clauses"),
    "int_dated_conditions_matched": Keyed("condition_id", "int_condition_clauses"),
    "int_activity_matched": Keyed("condition_id", "int_condition_clauses", has_dated_keys=True),
    # A rule names its condition, so a rule that is the same has the same matches.
    "int_rule_points_weighed": Keyed("rule_id", "int_rules_unioned"),
    "scoring_rule_coverage": Keyed("rule_id", "int_rules_unioned"),
}
