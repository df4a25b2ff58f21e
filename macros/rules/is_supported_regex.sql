{% macro is_supported_regex(pattern) %}
    {#-
        Whether a pattern keeps to what RE2, Java and Postgres share. The pattern is reduced: special characters
        become capitals (B, E brackets; G, H groups; L, R braces; Z quantifiers; N anchors; O or; X backslash),
        then each escape, class and plain character an atom "a", an atom with quantifier a "q", and each group an
        atom again. What can't be reduced is outside the subset.
    -#}
    {#- Postgres takes up to 255 repetitions. -#}
    {%- set count = '(1?[0-9]?[0-9]|2[0-4][0-9]|25[0-5])' -%}
    {%- set steps = [
        ("'X[dws]|X[^a-z0-9]'", "'a'"),
        ("'BN?[^BEX]+E'", "'a'"),
        ("'L" ~ count ~ "(," ~ count ~ "?)?R'", "'Z'"),
        ("'[^A-Z]'", "'a'"),
    ] + [("'aZ'", "'q'"), ("'G[aqNO]*H'", "'a'")] * 6 + [("'aZ'", "'q'")] -%}
    {%- set reduced = namespace(sql=(
        "translate(" ~ regex_replaced(pattern, "'[A-Z]'", "'y'")
        ~ ", '[](){}|?*+^$' || chr(92), 'BEGHLROZZZNNX')"
    )) -%}
    {%- for step_pattern, replacement in steps -%}
        {%- set reduced.sql = regex_replaced(reduced.sql, step_pattern, replacement) -%}
    {%- endfor -%}
    ({{ regex_found(reduced.sql, "'^[aqNO]+$'") }} and {{ regex_compiles(pattern) }})
{%- endmacro %}
