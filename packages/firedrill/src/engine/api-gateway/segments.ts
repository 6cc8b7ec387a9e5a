/** What a path pattern takes of a path; undefined: it does not fit. `rank` sorts exact before parameter before greedy, from the first segment on. */
export function segmentMatch(
  path: string,
  segments: readonly string[],
): { readonly rank: string; readonly parameters: Readonly<Record<string, string>> | null } | undefined {
  const pattern = segmentsOf(path);
  const parameters: [string, string][] = [];
  let rank = '';
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i];
    if (segment === undefined) return undefined;
    if (part.startsWith('{') && part.endsWith('+}')) {
      parameters.push([part.slice(1, -2), segments.slice(i).join('/')]);
      return { rank: `${rank}2`, parameters: Object.fromEntries(parameters) };
    }
    const isParameter = part.startsWith('{') && part.endsWith('}');
    if (!isParameter && part !== segment) return undefined;
    if (isParameter) parameters.push([part.slice(1, -1), segment]);
    rank += isParameter ? '1' : '0';
  }
  if (pattern.length !== segments.length) return undefined;
  return { rank, parameters: parameters.length === 0 ? null : Object.fromEntries(parameters) };
}

/** Of a path, without empty ones. */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
