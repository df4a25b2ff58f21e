{% macro declared_fields(entity) %}
    {#- Names of rule fields with their source column and type, in name order. -#}
    {%- set fields = [] -%}
    {%- if entity in ('lead', 'event') -%}
        {%- for column, type in (var(entity ~ '_fields') or {}).items() | sort -%}
            {%- do fields.append({'name': column | lower, 'column': column | lower, 'type': type}) -%}
        {%- endfor -%}
    {%- elif entity == 'account' -%}
        {%- set lead_names = (var('lead_fields') or {}).keys() | map('lower') | list -%}
        {%- for column, type in (var('account_fields') or {}).items() | sort -%}
            {%- set name = column | lower -%}
            {%- do fields.append({
                'name': 'account_' ~ name if name in lead_names else name,
                'column': name,
                'type': type,
            }) -%}
        {%- endfor -%}
    {%- elif entity == 'profile' -%}
        {%- do fields.extend(declared_fields('lead')) -%}
        {%- do fields.extend(declared_fields('account')) -%}
    {%- endif -%}
    {{- return(fields) -}}
{% endmacro %}
