{{ cap_category_points(ref('int_forecast_points_weighed')) }}
