import type { Finding, Place } from '../model/index.ts';

/** A finding about something that has a place when it came from a text. */
export function trap(place: Place | undefined, finding: Omit<Finding, 'place'>): Finding {
  return place === undefined ? finding : { ...finding, place };
}
