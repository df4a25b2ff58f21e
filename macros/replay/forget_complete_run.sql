{% macro forget_complete_run() %}
    {#- When a run starts: what it builds and what it leaves do not belong together until it has built everything. -#}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry', 'seed'] -%}
        {%- set kept = complete_run_relation() -%}
        {%- if kept -%} {%- do adapter.drop_relation(kept) -%} {%- endif -%}
    {%- endif -%}
{% endmacro %}
