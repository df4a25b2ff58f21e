{#-
    On Spark dbt takes a materialization under a name of its own from no package, so this project says which one the
    models of lead_scoring have. Its own keep dbt's.
-#}
{% materialization incremental, adapter='spark' %}
    {%- set package = lead_scoring if model.package_name == 'lead_scoring' else dbt -%}
    {{ return(package.materialization_incremental_spark()) }}
{% endmaterialization %}
