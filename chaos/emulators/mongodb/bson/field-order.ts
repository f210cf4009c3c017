/**
 * JavaScript objects list integer-like names first, BSON keeps names as written. A document in which that would
 * show carries its order under this symbol, so that decoding and encoding it again gives the same bytes.
 */
export const fieldOrder: unique symbol = Symbol('BSON field order');

export type OrderedDocument = Record<string, unknown> & { [fieldOrder]?: readonly string[] };

/** True for names that a JavaScript object moves to its front. */
export function isIntegerLike(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57 && /^(0|[1-9]\d{0,9})$/.test(name) && Number(name) < 4_294_967_295;
}

/** Names in stored order; names added since follow in the order in which the object lists them. */
export function orderedNames(document: OrderedDocument): string[] {
  const order = document[fieldOrder];
  const names = Object.keys(document);
  if (order === undefined) return names;
  const present = new Set(names);
  const known = order.filter((name) => present.delete(name));
  return [...known, ...present];
}
