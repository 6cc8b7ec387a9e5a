/** The time now as a Date header has it, worked out once a second. @param epochMs of the world. */
export function httpDates(epochMs: () => number): () => string {
  let second = Number.NaN;
  let text = '';
  return () => {
    const now = Math.floor(epochMs() / 1000);
    if (now !== second) {
      second = now;
      text = new Date(now * 1000).toUTCString();
    }
    return text;
  };
}
