/** What is said of a dish while its link is away. */
export type DishEvent =
  | { readonly event: "dish-away"; readonly address: string; readonly why: string }
  /** The step that was under way is lost: the dish may have been given it, and it is not given again. */
  | { readonly event: "dish-back"; readonly address: string; readonly step: number };
