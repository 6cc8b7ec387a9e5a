/** Top-level domains of a zone's four name servers (R53 WS-01). */
const ENDINGS = ['com', 'net', 'org', 'co.uk'] as const;
/** Name servers are numbered; each ending has its own range. */
const NUMBERS_PER_ENDING = 512;

/**
 * The names of a hosted zone's four name servers: one under each of four top-level domains, other ones for each zone, the same
 * in every run. Made up, since a zone's real ones are drawn at its creation.
 */
export function delegationSetOf(zoneId: string): readonly string[] {
  return ENDINGS.map((ending, i) => {
    const number = hashOf(`${zoneId} ${ending}`) % NUMBERS_PER_ENDING;
    const pool = String(number % 64).padStart(2, '0');
    return `ns-${i * NUMBERS_PER_ENDING + number}.awsdns-${pool}.${ending}`;
  });
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
