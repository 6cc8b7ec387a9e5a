/** Names and values of a target's query, decoded; a name without a value has the empty one. */
export function queryOf(target: string): [string, string][] {
  const at = target.indexOf('?');
  if (at < 0) return [];
  const pairs = target
    .slice(at + 1)
    .split('&')
    .filter((pair) => pair !== '');
  return pairs.map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))];
  });
}

function decoded(text: string): string {
  return decodedPath(text.replaceAll('+', ' '));
}

/** A part of a path, where a plus is a plus. A broken escape stays as it was sent. */
export function decodedPath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
