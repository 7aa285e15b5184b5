"""The policy of each customer by rule, as a step of the plan's query."""

from odoo.tools import SQL


def ruled(scope, today):
    """Return the policy of each customer by the first rule that fits: ``partner_id, policy_id``.

    The amount overdue is that of the books, before credits: it does not move the customer to
    another policy each time that a payment waits to be allocated.
    """
    if not scope["rule_ids"]:
        return SQL("SELECT NULL::int AS partner_id, NULL::int AS policy_id WHERE FALSE")
    return SQL(
        """
        SELECT DISTINCT ON (customer.partner_id) customer.partner_id, rule.policy_id
          FROM (
            SELECT partner_id,
                   COALESCE(sum(residual_company) FILTER (WHERE due < %(today)s), 0) AS overdue
              FROM item GROUP BY partner_id
          ) customer
          JOIN res_partner partner ON partner.id = customer.partner_id
          JOIN account_dunning_rule rule
            ON (rule.regime IS NULL OR rule.regime = partner.dunning_regime)
           AND (rule.profile IS NULL OR rule.profile = COALESCE(
                    partner.dunning_profile,
                    CASE partner.dunning_regime WHEN 'b2g' THEN 'public'
                                                WHEN 'b2c' THEN 'consumer' END))
           AND (rule.industry_id IS NULL OR rule.industry_id = partner.industry_id)
           AND customer.overdue >= COALESCE(rule.amount_min, 0)
           AND (COALESCE(rule.amount_max, 0) = 0 OR customer.overdue < rule.amount_max)
         WHERE rule.id IN %(rules)s
         ORDER BY customer.partner_id, rule.sequence, rule.id
        """,
        today=today,
        rules=scope["rule_ids"],
    )
