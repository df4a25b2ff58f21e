{% macro normalised_score(points, max_points) %}
    {#- Points from 0 to max_points as a score from 0 to 100, not yet rounded. -#}
    {{- adapter.dispatch('normalised_score', 'lead_scoring')(points, max_points) -}}
{%- endmacro %}

{% macro default__normalised_score(points, max_points) %}
    (100 * cast({{ points }} as {{ type_double() }}) / cast({{ max_points }} as {{ type_double() }}))
{%- endmacro %}
