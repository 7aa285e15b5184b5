"""Whose records are kept: those of the firm, whichever of its contacts was named."""


def name_firms(env, vals_list):
    """Let values of records to create name the firm instead of one of its contacts.

    :param list vals_list: of dicts, changed; those without ``partner_id`` stay as they are
    """
    for vals in vals_list:
        if partner_id := vals.get("partner_id"):
            partner = env["res.partner"].browse(partner_id)
            vals["partner_id"] = partner.commercial_partner_id.id
