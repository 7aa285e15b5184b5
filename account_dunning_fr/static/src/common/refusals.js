import { RPCError } from "@web/core/network/rpc";

const SAID = ["UserError", "AccessError", "ValidationError", "MissingError", "RedirectWarning"];

/**
 * Run what a button does; what the server refuses in words of its own is returned to be shown in
 * the page, anything else is a fault and is thrown.
 *
 * @param {() => Promise} act
 * @returns {Promise<string>} the sentence of the refusal, empty where it was done
 */
export async function sayRefusal(act) {
    try {
        await act();
    } catch (error) {
        const name = error instanceof RPCError && (error.exceptionName || "").split(".").pop();
        if (!SAID.includes(name)) {
            throw error;
        }
        return error.data.arguments?.[0] || error.data.message;
    }
    return "";
}
