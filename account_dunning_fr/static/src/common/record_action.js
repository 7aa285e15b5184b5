/**
 * @param {string} model
 * @param {number} id
 * @returns {Object} the action that opens a record on its form
 */
export function formOf(model, id) {
    return {
        type: "ir.actions.act_window",
        res_model: model,
        res_id: id,
        views: [[false, "form"]],
    };
}
