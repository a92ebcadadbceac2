/** Arms of the lesson of symbols: what is lit after each. */
export const SYMBOL_ARMS = {
  descent:
    "doses of dopamine by gradient descent on an emulator of this brain, fitted on its babbling and on what it was taught",
  errors: "a hand: after a wrong answer the dopamine of the compartment that gave it",
  others: "a hand: the dopamine of all compartments but the right one, always",
  yoked: "descent's doses of the same round, each after another symbol",
  random: "descent's doses at other lessons, dealt to other compartments",
  frozen: "descent's doses, without effect: synapses do not learn",
  sham: "symbols alone, no dopamine cell is lit",
} as const;
export type SymbolArm = keyof typeof SYMBOL_ARMS;
