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
  scrambled: "descent; afterwards what synapses have learnt is dealt out anew among them",
  "rewired after":
    "descent; afterwards every cell keeps how many it contacts of each class, synapses take along what they have learnt",
} as const;
export type SymbolArm = keyof typeof SYMBOL_ARMS;

/** Arms that are descent's own brain, changed after it was taught. */
export type ChangedAfter = "scrambled" | "rewired after";
export const isChangedAfter = (arm: SymbolArm): arm is ChangedAfter =>
  arm === "scrambled" || arm === "rewired after";
