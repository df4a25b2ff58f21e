{{ cap_category_points(ref('int_rule_points_weighed')) }}
