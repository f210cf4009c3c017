/** A section of INFO: names and values, a line each. */
export type Fields = readonly (readonly [string, string | number])[];
