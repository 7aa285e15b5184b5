import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The tables of the agreement: each cell knows the title of its column, which a telephone shows
 * beside it. The agreement itself, on paper and as it is sealed, is as it was. */
export class AgreementTables extends Interaction {
    static selector = ".o_dunning_agreement .dn_long";

    start() {
        const titles = [...this.el.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
        for (const row of this.el.querySelectorAll("tbody tr:not(.dn_total)")) {
            [...row.cells].forEach((cell, index) => {
                cell.dataset.label = titles[index];
            });
        }
    }
}

registry.category("public.interactions").add("account_dunning_fr.agreement_tables", AgreementTables);
