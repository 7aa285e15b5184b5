"""Records belong to the company, whichever of its contacts was named."""


def name_firms(env, vals_list):
    """Replace contacts by their company in the values of records to create.

    :param list vals_list: list of dicts, modified in place; those without ``partner_id`` are not
        changed
    """
    for vals in vals_list:
        if partner_id := vals.get("partner_id"):
            partner = env["res.partner"].browse(partner_id)
            vals["partner_id"] = partner.commercial_partner_id.id
