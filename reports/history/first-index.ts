/**
 * Index of the first item that `fits`, the length when none does, in logarithmic time. Once one fits, all that follow must fit: the list is in the order
 * of what is asked.
 */
export function firstIndex<Item>(items: readonly Item[], fits: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(items[middle] as Item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
