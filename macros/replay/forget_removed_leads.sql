{% macro forget_removed_leads() %}
    {#- Keys of leads that are gone are kept until the next change, for a sync to see them once. -#}
    delete from {{ this }}
    where
        change_type = 'removed'
        and change_number < (select max(change_number) from {{ this }})
{%- endmacro %}
