{% macro customer_types() %}
    {%- set types = var('customer_types', none) -%}
    {{- return(var('purchase_types') if types is none else types) -}}
{% endmacro %}
