{#-
    Replaces dbt's macro on Spark, which leaves out what is smaller than a second. Dates and times are kinds of their
    own to the models only where they are cast, so the result is always a time.
-#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) %}
    timestampadd({{ datepart }}, cast({{ interval }} as int), cast({{ from_date_or_timestamp }} as timestamp))
{%- endmacro %}
