/** The sizes of an AdaVAE beside those of its base. */

export interface AdaVaeShape {
  /** Numbers of the latent program z. */
  readonly latents: number;
  /** Learned queries that pool the encoder's last layer. */
  readonly poolQueries: number;
  /** Key and value pairs by which z enters each layer of the decoder. */
  readonly prefixPairs: number;
  readonly adapterWidth: number;
}

export const ADAVAE_SHAPE: AdaVaeShape = { latents: 64, poolQueries: 6, prefixPairs: 4, adapterWidth: 32 };
