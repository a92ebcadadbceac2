/** What the bundler puts in place. */
declare module "virtual:worker" {
  const source: string;
  export default source;
}
