{% macro field_vocabularies() %}
    {#- The fields that each kind of rule file may name. -#}
    {{- return({
        'fit': declared_fields('profile'),
        'behavior': declared_fields('trait'),
        'audience': declared_fields('profile') + declared_fields('trait'),
        'event': declared_fields('event'),
        'exclusion': exclusion_fields(),
    }) -}}
{% endmacro %}
