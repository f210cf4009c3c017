/** Dates of cookies, read as RFC 6265, section 5.1.1, says: by their parts, whatever the order and the words between. */
const delimiter = /[\t\u0020-\u002f\u003b-\u0040\u005b-\u0060\u007b-\u007e]+/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Milliseconds since the epoch; undefined for what is no date, which leaves a cookie without an end. */
export function parseCookieDate(text: string): number | undefined {
  let time: readonly number[] | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const part of text.split(delimiter)) {
    const clock = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D|$)/.exec(part);
    const index = months.indexOf(part.slice(0, 3).toLowerCase());
    if (time === undefined && clock !== null) time = clock.slice(1).map(Number);
    else if (day === undefined && /^\d{1,2}(?:\D|$)/.test(part)) day = Number.parseInt(part, 10);
    else if (month === undefined && index >= 0) month = index;
    else if (year === undefined && /^\d{2,4}(?:\D|$)/.test(part)) year = fullYear(Number.parseInt(part, 10));
  }
  const [hour = 99, minute = 99, second = 99] = time ?? [];
  if (day === undefined || month === undefined || year === undefined) return undefined;
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return undefined;
  const dateMs = Date.UTC(year, month, day, hour, minute, second);
  return new Date(dateMs).getUTCDate() === day ? dateMs : undefined;
}

function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}
