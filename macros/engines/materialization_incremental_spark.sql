{#-
    Replaces dbt's materialization on Spark. There tables of files know neither transactions nor deletes, which the
    models that keep rows rely on: what their hooks delete and insert, and what they add, is to be seen as a whole or
    not at all. So none of these statements is executed. They are put together as views, each on the one before,
    and the rows that come out are written once, by replace_rows.

    dbt lets no package replace a materialization of an adapter. A project that imports this one has to say so, as
    integration_tests/macros/incremental_spark.sql does.
-#}
{% materialization incremental, adapter='spark' %}
    {%- set existing = load_relation(this) -%}
    {%- set is_new = existing is none or existing.is_view or should_full_refresh() -%}
    {%- set kept = namespace(rows=this.render(), views=0) -%}

    {%- for hook in pre_hooks -%}
        {%- do lead_scoring.compose_statement(kept, render(hook.sql), is_new) -%}
    {%- endfor -%}

    {%- set added = this.identifier ~ '__added' -%}
    {%- set contract = config.get('contract') -%}
    {%- set query = lead_scoring.with_rows_from(kept, compiled_code) -%}
    {%- if contract.enforced -%}
        {%- do get_assert_columns_equivalent(query) -%}
        {%- set query = get_select_subquery(query) -%}
    {%- endif -%}
    {%- do run_query('create or replace temporary view ' ~ added ~ ' as ' ~ query) -%}
    {%- set columns = get_column_schema_from_query('select * from ' ~ added ~ ' limit 0') | map(attribute='quoted') | list -%}
    {%- if is_new -%}
        {%- set kept.rows = added -%}
    {%- else -%}
        {%- do process_schema_changes(
            incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore'),
            api.Relation.create(identifier=added), existing
        ) -%}
        {%- set unique_key = config.get('unique_key') -%}
        {%- if unique_key -%}
            {%- do lead_scoring.compose_view(
                kept, 'select * from ' ~ kept.rows ~ ' as kept_rows left anti join ' ~ added ~ ' as added_rows on kept_rows.'
                ~ unique_key ~ ' = added_rows.' ~ unique_key
            ) -%}
        {%- endif -%}
        {%- set listed = columns | join(', ') -%}
        {%- do lead_scoring.compose_view(
            kept, 'select ' ~ listed ~ ' from ' ~ kept.rows ~ ' union all select ' ~ listed ~ ' from ' ~ added
        ) -%}
    {%- endif -%}

    {%- for hook in post_hooks -%}
        {%- do lead_scoring.compose_statement(kept, render(hook.sql), false, columns) -%}
    {%- endfor -%}

    {%- if is_new -%}
        {%- set place = lead_scoring.table_place(this) -%}
        {%- if existing is not none -%} {%- do adapter.drop_relation(existing) -%} {%- endif -%}
        {%- call statement('main') -%}
            create table {{ this }} {{ place }} as select * from {{ kept.rows }}
        {%- endcall -%}
    {%- else -%}
        {%- do lead_scoring.replace_rows(this, 'select * from ' ~ kept.rows) -%}
        {%- call noop_statement('main', 'OK', 'REPLACE') -%} select * from {{ kept.rows }} {%- endcall -%}
    {%- endif -%}
    {%- do persist_docs(this, model) -%}
    {{- return({'relations': [this.incorporate(type='table')]}) -}}
{% endmaterialization %}
