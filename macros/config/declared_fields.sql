{% macro declared_fields(entity) %}
    {#-
        The fields that rules may use for an entity (lead, account, trait, profile, event), in name order: name,
        source column, type, and value, the column that holds it as it compares.
    -#}
    {%- set fields = [] -%}
    {%- if entity == 'lead' -%}
        {%- for column, type in declared_columns('lead').items() | sort -%}
            {%- set name = column | lower -%}
            {%- do fields.append(
                {'name': name, 'column': name, 'type': type, 'value': field_column(name)}
            ) -%}
        {%- endfor -%}
    {%- elif entity == 'account' -%}
        {%- set lead_names = declared_columns('lead').keys() | map('lower') | list -%}
        {%- for column, type in declared_columns('account').items() | sort -%}
            {%- set name = 'account_' ~ column | lower if column | lower in lead_names else column | lower -%}
            {%- do fields.append(
                {'name': name, 'column': column | lower, 'type': type, 'value': field_column(name)}
            ) -%}
        {%- endfor -%}
    {%- elif entity == 'event' -%}
        {#- The contract's own columns stand in the event tables once, so they need no second one. -#}
        {%- set contract = raw_tables()['raw_events'].columns -%}
        {%- for column, type in declared_columns('event').items() | sort -%}
            {%- set name = column | lower -%}
            {%- set is_contract = name != 'event_type' and contract.get(name) == type -%}
            {%- do fields.append({
                'name': name,
                'column': name,
                'type': type,
                'value': name if is_contract else field_column(name),
            }) -%}
        {%- endfor -%}
    {%- elif entity == 'trait' -%}
        {%- for name, type in trait_types().items() | sort -%}
            {%- do fields.append({'name': name, 'column': name, 'type': type, 'value': name}) -%}
        {%- endfor -%}
    {%- elif entity == 'profile' -%}
        {%- do fields.extend(declared_fields('lead')) -%}
        {%- do fields.extend(declared_fields('account')) -%}
    {%- endif -%}
    {{- return(fields) -}}
{% endmacro %}
