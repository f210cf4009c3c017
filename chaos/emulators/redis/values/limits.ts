/** Sizes up to which collections are kept in their compact encoding; those of the configuration. */
export interface EncodingLimits {
  readonly hashEntries: number;
  readonly hashBytes: number;
  readonly intsetEntries: number;
  readonly sortedSetEntries: number;
  readonly sortedSetBytes: number;
}
