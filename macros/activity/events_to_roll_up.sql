{% macro events_to_roll_up() %}
    {#- The events that count: of the touched days, where the model keeps what it made of the others. -#}
    select events.*
    from {{ named(ref('int_events_counted'), 'events') }}
    {%- if is_incremental() %}
    inner join ({{ touched_days() }}) as touched
        on
            events.lead_id = touched.lead_id
            and events.event_date = touched.event_date
    {%- endif %}
{%- endmacro %}
