import { useEffect } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";

/** Class of a list within a form whose cells stand under one another on a telephone, each named. */
const STACKED = "o_dunning_stacked";

patch(ListRenderer.prototype, {
    setup() {
        super.setup();
        if (this.props.archInfo.xmlDoc?.classList.contains(STACKED)) {
            useEffect(() => this.nameDunningCells());
        }
    },

    /** Write beside each cell the title of its column, which on a telephone has no head. */
    nameDunningCells() {
        const labels = Object.fromEntries(
            this.columns.map((column) => [column.name, column.hasLabel ? column.label : ""])
        );
        const table = this.tableRef.el;
        for (const cell of table.tBodies[0].querySelectorAll(":scope > .o_data_row > td[name]")) {
            cell.dataset.label = labels[cell.getAttribute("name")] || "";
        }
        const totals = [...table.tFoot.rows[0].cells];
        const first = this.getGroupNameCellColSpan() > 0 ? 1 : 0;
        this.getAggregateColumns().forEach((column, index) => {
            totals[first + index].dataset.label = labels[column.name] || "";
        });
    },
});
