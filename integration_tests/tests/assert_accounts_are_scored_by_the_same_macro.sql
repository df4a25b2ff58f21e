-- Fit: size 24 of 24, which makes 100. Engagement: that of the best lead, 25. The root of their product is 50.
select account_id
from {{ ref('lead_scoring', 'account_scores') }}
where
    account_score <> case account_id when 'acme' then 50.00 else 0.00 end
    or scorecard <> 'wholesale'
