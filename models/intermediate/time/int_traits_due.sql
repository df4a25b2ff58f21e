{{ due_lead_dates(ref('int_lead_dates_scored'), 'int_traits_measured', 'traits_key') }}
