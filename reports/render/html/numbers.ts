/** Numbers as people read them, one way for the whole report. */

export function milliseconds(valueMs: number): string {
  if (valueMs >= 10_000) return `${(valueMs / 1000).toFixed(1)} s`;
  if (valueMs >= 100) return `${Math.round(valueMs)} ms`;
  return `${valueMs.toFixed(valueMs >= 10 ? 1 : 2)} ms`;
}

export function seconds(valueMs: number): string {
  return `${(valueMs / 1000).toFixed(1)} s`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function minutes(valueMs: number): string {
  const total = Math.round(valueMs / 1000);
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}

/** Date and time to the second, UTC. */
export function instant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

export function bytes(value: number): string {
  return `${(value / 2 ** 30).toFixed(1)} GiB`;
}
