/** What a user can change about windows, dictionaries and the folders that hold them. */
export class FeatureError extends Error {
  override readonly name = "FeatureError";
}
