{#- A view, as its rows are many and only their sums are looked at. -#}
{{ config(materialized='view') }}

{{ cap_category_points(ref('int_forecast_points_weighed')) }}
