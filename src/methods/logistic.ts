/** The logistic function, and the softplus, whose slope it is. */

export const logistic = (x: number) => 1 / (1 + Math.exp(-x));
export const softplus = (x: number) => (x > 30 ? x : Math.log1p(Math.exp(x)));
