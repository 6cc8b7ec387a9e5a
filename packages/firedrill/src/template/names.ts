/** A DNS name as the model holds it: lower case, without the trailing dot (R53 WS-07). */
export function domainName(written: string): string {
  const lower = written.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** Whether a name is a zone's own or lies below it. */
export function liesWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Whether a certificate's or API's name, maybe with a leading wildcard label, stands for a name. */
export function covers(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  // A wildcard is one whole label, no more.
  return pattern.startsWith('*.') && name.includes('.') && name.slice(name.indexOf('.')) === pattern.slice(1);
}
