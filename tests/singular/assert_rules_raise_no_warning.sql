-- What is legal and probably wrong in the rule files; the messages stand in the log above, too.
{{ config(severity='warn') }}

select message
from {{ ref('int_rule_warnings') }}
