/** What the host name of an AWS endpoint says. */
export interface AwsHost {
  /** Labels before the Region, as `monitoring`, `s3` or `api.ecr`; the last one names the service. */
  readonly service: string;
  /** Undefined where the name has none. */
  readonly region: string | undefined;
  /** Labels before those: a bucket's name. */
  readonly prefix: string | undefined;
}

const DOMAIN = /\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/**
 * Reads `SERVICE.REGION.amazonaws.com`, `BUCKET.s3.REGION.amazonaws.com`, `SERVICE.amazonaws.com` and their kin.
 * @param host - without a port, in lower case.
 * @returns undefined when the host is none of AWS's API endpoints.
 */
export function readAwsHost(host: string): AwsHost | undefined {
  if (!DOMAIN.test(host)) return undefined;
  const labels = host.replace(DOMAIN, '').split('.');
  // `global` stands where a service has no Region in its name.
  const at = labels.findIndex((label) => REGION.test(label) || label === 'global');
  // `s3-eu-west-1` and `dualstack` are older spellings of the same.
  const names = (at === -1 ? labels : labels.slice(0, at)).filter((label) => label !== 'dualstack');
  const [last = ''] = names.slice(-1);
  const old = /^(s3)-([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(last);
  const region = at === -1 ? old?.[2] : labels[at] === 'global' ? undefined : labels[at];
  const isEcr = last === 'ecr' && names.at(-2) === 'api';
  const service = isEcr ? 'api.ecr' : (old?.[1] ?? last.replace(/-fips$/, ''));
  const prefix = names.slice(0, isEcr ? -2 : -1).join('.');
  return { service, region, prefix: prefix === '' ? undefined : prefix };
}

/** The host of a Host header or of an origin, in lower case and without port. */
export function withoutPort(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '');
}
