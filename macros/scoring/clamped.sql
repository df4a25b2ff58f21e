{% macro clamped(points, low, high) %}
    {#- Points kept between two limits; a limit that is null does not bind. -#}
    case
        when {{ points }} > {{ high }} then {{ high }}
        when {{ points }} < {{ low }} then {{ low }}
        else {{ points }}
    end
{%- endmacro %}
