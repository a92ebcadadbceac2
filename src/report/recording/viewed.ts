/** What the page about a recording draws of one culture. */

export interface ViewedCulture {
  readonly name: string;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly treatment?: string;
  readonly channels: readonly ViewedChannel[];
  readonly excerpt: { readonly seconds: number; readonly times: readonly (readonly number[])[] };
  readonly rate: { readonly binSeconds: number; readonly hz: readonly number[] };
  readonly intervals: readonly number[];
  readonly bursts: readonly { readonly start: number; readonly end: number }[];
}

export interface ViewedChannel {
  readonly name: string;
  readonly xUm?: number;
  readonly yUm?: number;
  readonly spikes: number;
  readonly rateHz: number;
}
