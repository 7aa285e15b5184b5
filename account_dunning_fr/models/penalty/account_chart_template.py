from odoo import models


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _post_load_data(self, template_code, company, template_data):
        """Create the journal of penalties of a company that gets a French chart."""
        result = super()._post_load_data(template_code, company, template_data)
        (company or self.env.company)._create_dunning_journals()
        return result
