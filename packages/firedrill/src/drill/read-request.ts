import type { DrillText } from './drill-schema.ts';

type ProbeText = DrillText['probes'][number];

/** What the requests of a probe say, as far as it says anything of it. */
export function readRequest({ headers, cookies, body }: ProbeText): {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
} {
  const pairs = Object.entries(cookies ?? {}).map(([name, value]) => `${name}=${value}`);
  const all = { ...headers, ...(pairs.length === 0 ? {} : { Cookie: pairs.join('; ') }) };
  return {
    ...(Object.keys(all).length === 0 ? {} : { headers: all }),
    ...(body === undefined ? {} : { body }),
  };
}
