"""Why a lead has no scores, and which ids may have been meant."""

from datetime import date

import duckdb

from ..errors import UserMistakeError

MOST_SUGGESTIONS = 5
PROFILE = """
select created_at
from main_intermediate.int_profiles_joined
where lead_id = $lead_id
"""
RUN = "select max(as_of_date) from lead_scores"
ERASED = "select count(*) from main_staging.stg_raw__erasures where lead_key = md5($lead_id)"
RAW = "select is_deleted from main_staging.stg_raw__leads where lead_id = $lead_id"
# Ids that differ in case or blanks only, else those of the e-mail address; then those that begin
# alike, then those that a few typing errors make.
SUGGESTIONS = """
with

leads as (

    select
        lead_id,
        lower(trim(lead_id)) as id,
        lower(trim(field_email)) as email
    from main_intermediate.int_profiles_joined

),

wanted as (

    select lower(trim(left($lead_id, 200))) as id

),

ranked as (

    select
        leads.lead_id,
        case
            when leads.id = wanted.id then 1
            when leads.email = wanted.id then 2
            when wanted.id <> '' and starts_with(leads.id, wanted.id) then 3
            when wanted.id <> '' and starts_with(leads.email, wanted.id) then 4
            else 5
        end as kind,
        case
            when abs(length(leads.id) - length(wanted.id)) <= 3
                then levenshtein(leads.id, wanted.id)
        end as typing_errors
    from leads
    cross join wanted

)

select lead_id
from ranked
where
    kind < 5
    or typing_errors <= 3 and typing_errors < length($lead_id) / 2
qualify min(kind) over () > 2 or kind = min(kind) over ()
order by kind, typing_errors, lead_id
limit $most
"""


def missing_lead(connection: duckdb.DuckDBPyConnection, lead_id: str) -> UserMistakeError:
    """Why a lead is not among the scored ones, as far as the tables tell."""
    [as_of] = connection.execute(RUN).fetchone()
    found, remedy = _reason(connection, lead_id, as_of)
    return UserMistakeError("lead", "the id of a scored lead", found, remedy)


def _reason(
    connection: duckdb.DuckDBPyConnection, lead_id: str, as_of: date | None
) -> tuple[str, str]:
    on = {"lead_id": lead_id}
    if not lead_id.strip():
        return "none", "Name one: make explain LEAD=L10004440."
    if connection.execute(ERASED, on).fetchone()[0]:
        return f"'{lead_id}', which was erased on request", ""
    if profile := connection.execute(PROFILE, on).fetchone():
        [created_at] = profile
        if created_at is not None and as_of is not None and created_at.date() > as_of:
            return (
                f"'{lead_id}', created on {created_at.date()}, after the scores of {as_of}",
                "Score a later date: make score VARS='{as_of: ...}'.",
            )
        return (
            f"'{lead_id}', which is in the audience of no scorecard",
            "See scorecard_audiences.csv.",
        )
    if (is_deleted := _is_deleted_in_raw(connection, lead_id)) is not None:
        if is_deleted:
            return f"'{lead_id}', which raw_leads marks as deleted", ""
        return f"'{lead_id}', which came after the last run", "Run make score."
    ids = suggestions(connection, lead_id)
    remedy = f"Did you mean {' or '.join(ids)}?" if ids else "No id is like it: see lead_scores."
    return f"'{lead_id}'", remedy


def suggestions(connection: duckdb.DuckDBPyConnection, lead_id: str) -> list[str]:
    """Ids that may have been meant, the likeliest first."""
    rows = connection.execute(SUGGESTIONS, {"lead_id": lead_id, "most": MOST_SUGGESTIONS})
    return [found for (found,) in rows.fetchall()]


def _is_deleted_in_raw(connection: duckdb.DuckDBPyConnection, lead_id: str) -> bool | None:
    """What raw_leads says now; None if the lead is not there, or the raw data are not."""
    try:
        row = connection.execute(RAW, {"lead_id": lead_id}).fetchone()
    except duckdb.Error:
        return None
    return None if row is None else bool(row[0])
