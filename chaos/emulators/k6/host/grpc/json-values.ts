/** What messages are written as and read from. */
export type Json = boolean | number | string | null | Json[] | { [name: string]: Json };

/** The fields of a message by name, decoded. */
export interface Values {
  readonly [name: string]: unknown;
}
