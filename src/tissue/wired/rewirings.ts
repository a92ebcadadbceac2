/** What may be dealt out anew in a wiring, for who asks for tissue of one. */
export { REWIRINGS, type Rewiring } from "../../wiring/change/rewire.ts";
