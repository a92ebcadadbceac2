/** What a coordinator says of its hosts while it goes on. */
export type VatEvent =
  /** Another run of the vat has ended without a word; its lease has to run out first. */
  | { readonly event: "waiting-for-vat"; readonly vat: string }
  | { readonly event: "waiting-for-hosts"; readonly brains: number; readonly placed: number }
  /** A dish is nowhere but at its host. */
  | { readonly event: "waiting-for-dish"; readonly brain: number; readonly host: string }
  | { readonly event: "host"; readonly host: string; readonly brains: number }
  | { readonly event: "host-lost"; readonly host: string; readonly brains: number; readonly why: string }
  | { readonly event: "moved"; readonly brain: number; readonly host: string; readonly replayed: number }
  | { readonly event: "dish"; readonly brain: number; readonly host: string; readonly step: number }
  /** A dish may have been given this step before its host was lost: it is not given again, and nothing is known of it. */
  | { readonly event: "step-lost"; readonly brain: number; readonly host: string; readonly step: number }
  /** An answer under a token that is no longer valid. */
  | { readonly event: "discarded"; readonly brain: number; readonly step: number };
