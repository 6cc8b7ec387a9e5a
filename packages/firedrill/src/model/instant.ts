/**
 * A moment in world time: whole microseconds since the world began. Integers, so that a
 * library's last digit can never move an event (STYLE: instants are integers).
 */
export type Instant = number & { readonly instant: true };

/** The moment a world begins. */
export const BEGINNING: Instant = 0 as Instant;

/** The latest moment there is; what waits until then is never woken. */
export const NEVER: Instant = Number.MAX_SAFE_INTEGER as Instant;

/** `at`, moved by a length given in milliseconds; fractions of a microsecond are rounded. */
export function after(at: Instant, ms: number): Instant {
  return (at + Math.round(ms * 1000)) as Instant;
}

/** The moment that lies `seconds` after the beginning. */
export function atSeconds(seconds: number): Instant {
  return Math.round(seconds * 1_000_000) as Instant;
}

/** Seconds from one moment to another; negative when `to` is the earlier. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (to - from) / 1_000_000;
}

/** Milliseconds from one moment to another; negative when `to` is the earlier. */
export function msBetween(from: Instant, to: Instant): number {
  return (to - from) / 1000;
}
