/** A key, or the rest of one, as it stands in the path of a `Location`. */
export function encodedPath(key: string): string {
  return key.split('/').map(encodedSegment).join('/');
}

/** What somebody has written for a `Location`, a query or a fragment included: only what no header can hold is encoded. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[^\u0021-\u007e]+/g, encoded);
}

function encodedSegment(segment: string): string {
  return segment.replaceAll(/[^A-Za-z0-9_.~!$&'()*+,;=:@-]+/g, encoded);
}

/** Half a surrogate pair becomes U+FFFD. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}
