import { useEffect } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";

/** Class of a list whose cells stand under one another on a telephone, each named. */
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
        const name = (cells, columns) =>
            columns.forEach((column, index) => {
                cells[index].dataset.label = labels[column.name] || "";
            });
        const totals = [...table.tFoot.rows[0].cells];
        name(totals.slice(this.getGroupNameCellColSpan() > 0 ? 1 : 0), this.getAggregateColumns());
        for (const group of this.getDunningGroups(this.props.list)) {
            const head = table.querySelector(`.o_group_header[data-group-id="${group.id}"]`);
            name([...head.cells].slice(1), this.getAggregateColumns(group));
        }
    },

    /** @returns {Object[]} the groups that are shown, with those within them */
    getDunningGroups(list) {
        const groups = list.isGrouped ? list.groups : [];
        return groups.flatMap((group) => [
            group,
            ...(group.isFolded ? [] : this.getDunningGroups(group.list)),
        ]);
    },
});
