{% macro check_package() %}
    {#-
        Before a run: refuses what a project that imports this one brings and what does not fit. These are rule files
        beside those that they should replace, or that dbt's own macros would load, and models under the names of ours,
        which dbt would read instead; and what an engine needs that project to say.
    -#}
    {%- if not execute -%} {{- return('') -}} {%- endif -%}
    {%- set problems = [] -%}
    {%- set seen = [] -%}
    {%- set raw_models = var('raw_models').values() | list if var('raw_models', none) is mapping else [] -%}
    {%- set own_nodes = graph.nodes.values() | selectattr('package_name', 'equalto', 'lead_scoring') | list -%}
    {%- set own_seeds = own_nodes | selectattr('resource_type', 'equalto', 'seed') | map(attribute='name') | list -%}
    {%- if project_name != 'lead_scoring' -%}
        {%- do problems.extend(importer_problems()) -%}
    {%- endif -%}
    {%- for seed in graph.nodes.values()
        if seed.resource_type == 'seed' and seed.package_name != 'lead_scoring' and seed.name in own_seeds -%}
        {%- do problems.append(problem_message(
            'seed ' ~ seed.package_name ~ '.' ~ seed.name, 'to stand in for the rule file of the package', 'both of them',
            "Add to dbt_project.yml: seeds: {lead_scoring: {scoring: {" ~ seed.name ~ ": {+enabled: false}}}}"
        )) -%}
    {%- endfor -%}
    {%- for node in own_nodes if node.resource_type == 'model' -%}
        {%- for id in node.depends_on.nodes if id.split('.')[1] != 'lead_scoring' and id not in seen -%}
            {%- do seen.append(id) -%}
            {%- set kind, package, name = id.split('.')[:3] -%}
            {%- set where = kind ~ ' ' ~ package ~ '.' ~ name -%}
            {%- if name in raw_models -%}
            {%- elif kind == 'seed' and name not in own_seeds and adapter.dispatch('load_csv_rows', 'dbt').macro.package_name != 'lead_scoring' -%}
                {%- do problems.append(problem_message(
                    where, 'to be loaded by the package', 'a dispatch of dbt without it',
                    "Add to dbt_project.yml: dispatch: [{macro_namespace: dbt, search_order: [" ~ package
                    ~ ", lead_scoring, dbt]}]"
                )) -%}
            {%- elif kind == 'model' -%}
                {%- do problems.append(problem_message(
                    where, 'a name that no model of the package has', "'" ~ name ~ "', which " ~ node.name ~ ' would read',
                    'Rename it, or add to dbt_project.yml: flags: {require_ref_searches_node_package_before_root: true}'
                )) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(problems | join('\n')) -%}
    {%- endif -%}
{% endmacro %}
