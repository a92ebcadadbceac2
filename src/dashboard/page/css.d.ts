declare module "*.css";
/** What the bundler puts in place. */
declare module "virtual:growth-worker" {
  const source: string;
  export default source;
}
