{% macro sensitive_words() %}
    {#-
        Words in the names of fields that say, or stand for, what the law protects from unequal treatment, with what
        that is. A field counts as sensitive if one of the parts of its name, which _ separates, is such a word.
    -#}
    {{- return({
        'age': 'age',
        'birth': 'age',
        'birthday': 'age',
        'birthdate': 'age',
        'gender': 'gender',
        'sex': 'gender',
        'salutation': 'gender',
        'pregnant': 'gender',
        'marital': 'family status',
        'children': 'family status',
        'language': 'language, which stands for origin',
        'nationality': 'origin',
        'citizenship': 'origin',
        'ethnicity': 'origin',
        'race': 'origin',
        'birthplace': 'origin',
        'religion': 'religion',
        'religious': 'religion',
        'political': 'political opinion',
        'union': 'union membership',
        'orientation': 'sexual orientation',
        'disability': 'disability',
        'disabled': 'disability',
        'health': 'health',
    }) -}}
{% endmacro %}
