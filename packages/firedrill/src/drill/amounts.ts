const MS_OF_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** What a length of time looks like in a drill file, for the published schema. */
export const DURATION_PATTERN = '^(\\d+(\\.\\d+)?(ms|s|m|h))+$';

/** What a rate looks like in a drill file when it is not a plain number. */
export const RATE_PATTERN = '^\\d+(\\.\\d+)?/(s|m|h)$';

/** A length of time as `90s`, `3m`, `1h`, `500ms` or `1m30s`, in milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!new RegExp(DURATION_PATTERN).test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    totalMs += Number(amount) * (MS_OF_UNIT[unit ?? ''] ?? 0);
  }
  return Number.isSafeInteger(Math.round(totalMs * 1000)) ? totalMs : undefined;
}

/** A rate as `5/s` or `30/m`, in requests a second; undefined when it is none. */
export function parseRate(text: string): number | undefined {
  if (!new RegExp(RATE_PATTERN).test(text)) return undefined;
  const [amount, unit] = text.split('/');
  return (Number(amount) * 1000) / (MS_OF_UNIT[unit ?? ''] ?? 1000);
}
