{% macro load_crm() %}
    {#- Stands for the loader of the raw tables: dbt run-operation load_crm. -#}
    {%- set statements = [
        "create schema if not exists crm",
        "drop table if exists crm.contacts",
        "create table crm.contacts as select * from (values
            ('c-1', 'acme', 'Team', 'Germany', '2025-06-01'),
            ('c-2', 'acme', 'Free', 'Germany', '2025-06-01'),
            ('c-3', 'tiny', 'Team', 'France', '2025-06-01'),
            ('c-9', 'tiny', 'Team', 'France', '2025-06-01')
        ) as contacts (lead_id, account_id, plan, country, created_at)",
        "drop table if exists crm.companies",
        "create table crm.companies as select * from (values
            ('acme', 'Wholesale', 300),
            ('tiny', 'Bakery', 4)
        ) as companies (account_id, industry, employee_count)",
        "drop table if exists crm.page_hits",
        "create table crm.page_hits as select * from (values
            (1, 'c-1', '/order', timestamp '2026-01-31 10:00:00'),
            (2, 'c-1', '/order', timestamp '2026-01-21 10:00:00'),
            (3, 'c-2', '/order', timestamp '2026-01-31 11:00:00'),
            (4, 'c-2', '/about', timestamp '2026-01-31 11:01:00'),
            (5, 'c-9', '/order', timestamp '2026-01-31 12:00:00')
        ) as page_hits (hit_number, contact, path, happened_at)",
    ] -%}
    {%- for statement in statements -%} {%- do run_query(statement) -%} {%- endfor -%}
{% endmacro %}
