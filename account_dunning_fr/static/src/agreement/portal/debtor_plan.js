import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The plan that a customer asks for: what he would pay, while he moves the slider. The server
 * computes it again; without a script the form is sent as it is. */
export class DebtorPlan extends Interaction {
    static selector = ".o_dunning_account #plan form";

    dynamicContent = {
        _root: { "t-on-input": this.show, "t-on-change": this.show },
    };

    start() {
        this.plan = this.el.querySelector(".o_dunning_plan");
        this.show();
    }

    get total() {
        const chosen = [...this.el.querySelectorAll("[name=item]")];
        return chosen
            .filter((input) => input.type === "hidden" || input.checked)
            .reduce((sum, input) => sum + Number(input.dataset.amount), 0);
    }

    write(amount) {
        const { digits, lang, symbol } = this.plan.dataset;
        const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
        return `${amount.toLocaleString(lang, options)}\u00a0${symbol}`;
    }

    show() {
        const count = Number(this.el.querySelector("[name=count]").value);
        const typed = this.el.querySelector("[name=first]").value.replace(/[^0-9,.]/g, "");
        const least = Math.ceil(this.total * Number(this.plan.dataset.first)) / 100;
        const first = Number(typed.replace(",", ".")) || least;
        const share = (this.total - first) / (count - 1);
        this.el.querySelector(".o_dunning_count").textContent = count;
        this.el.querySelector(".o_dunning_total").textContent = this.write(this.total);
        this.el.querySelector(".o_dunning_schedule").textContent =
            share > 0 ? `${this.write(first)} + ${count - 1} × ${this.write(share)}` : "";
    }
}

registry.category("public.interactions").add("account_dunning_fr.debtor_plan", DebtorPlan);
