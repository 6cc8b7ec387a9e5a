/*
 * Moments as texts and back; this room has no Date. Days are counted as in the proleptic Gregorian calendar.
 */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const DAY_SECONDS = 86_400;

/** An IMF-fixdate (RFC 9110, 5.6.7) of a moment in whole seconds since 1970. */
export function httpDate(epochSeconds: number): string {
  const { days, year, month, day, clock } = momentOf(epochSeconds);
  return `${DAYS[((days % 7) + 7) % 7]}, ${day} ${MONTHS[month - 1]} ${year} ${clock} GMT`;
}

/** The same as `2026-11-21T12:00:00Z`. */
export function isoDate(epochSeconds: number): string {
  const { year, month, day, clock } = momentOf(epochSeconds);
  return `${year}-${two(month)}-${day}T${clock}Z`;
}

/** The same as access logs have it: `21/Nov/2026:06:30:00 +0000`. */
export function commonLogDate(epochSeconds: number): string {
  const { year, month, day, clock } = momentOf(epochSeconds);
  return `${day}/${MONTHS[month - 1]}/${year}:${clock} +0000`;
}

/** Seconds since 1970 of an IMF-fixdate; undefined when it is none. */
export function httpDateSeconds(text: string): number | undefined {
  const parts = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text);
  if (parts === null) return undefined;
  const [day = 0, , year = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const month = MONTHS.indexOf(parts[2] ?? '') + 1;
  if (month === 0) return undefined;
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const days = y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
  return days * DAY_SECONDS + hour * 3600 + minute * 60 + second;
}

interface CivilMoment {
  /** Since 1970. */
  readonly days: number;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** Two digits. */
  readonly day: string;
  /** As `12:00:00`. */
  readonly clock: string;
}

/** Years begin in March while it counts, so that a leap day is the last of its year. */
function momentOf(epochSeconds: number): CivilMoment {
  const days = Math.floor(epochSeconds / DAY_SECONDS);
  const rest = Math.floor(epochSeconds) - days * DAY_SECONDS;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const part = Math.floor((5 * dayOfYear + 2) / 153);
  const month = part < 10 ? part + 3 : part - 9;
  return {
    days,
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: two(dayOfYear - Math.floor((153 * part + 2) / 5) + 1),
    clock: `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`,
  };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
