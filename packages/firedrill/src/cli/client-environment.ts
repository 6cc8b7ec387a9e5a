import { fileURLToPath } from 'node:url';
import type { WorldFile } from '../doors/index.ts';
import { WORLD_KEY } from '../doors/index.ts';
import type { StateDirectory } from '../doors/index.ts';

export interface EnvironmentOptions {
  readonly world: WorldFile;
  readonly directory: StateDirectory;
  /** City of {@link WorldFile.places} that the programs are in; the first unless given. */
  readonly from?: string;
  /** Hosts outside of the world that programs may reach by themselves. */
  readonly outside?: readonly string[];
}

/** Loaded by every Node program of the world, before its own code. */
const PRELOAD = fileURLToPath(new URL('../../runtime/enter-world.cjs', import.meta.url));

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: WORLD_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: WORLD_KEY.secretAccessKey,
};

/** What could lead a program past the world, or to credentials of the real AWS. */
const UNSET = [
  'ALL_PROXY',
  'all_proxy',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_DEFAULT_PROFILE',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_SECURITY_TOKEN',
  'AWS_SESSION_TOKEN',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

/** Hosts that are reached without the proxy. */
const HERE = ['127.0.0.1', 'localhost', '::1'];

/**
 * The environment in which programs find the world instead of AWS and the rest of the internet: an outer one with what was
 * found to reach each client (docs/clients.md). Undefined values are to be unset.
 */
export function clientEnvironment(
  options: EnvironmentOptions,
  outer: NodeJS.ProcessEnv,
): Readonly<Record<string, string | undefined>> {
  const { world, directory } = options;
  const direct = [...HERE, ...(options.outside ?? [])].join(',');
  const proxy = proxyUrl(options);
  const region = regionIn(outer, world.regions);
  const { bundleFile } = world;
  return {
    ...Object.fromEntries(UNSET.map((name) => [name, undefined])),
    ...Object.fromEntries(ownEndpoints(outer).map((name) => [name, undefined])),
    ...CREDENTIALS,
    FIREDRILL_STATE: directory.path,
    FIREDRILL_DOORS: JSON.stringify({
      proxy: world.ports.proxy,
      tls: world.ports.tls,
      dns: world.dns,
      direct: [...HERE, ...(options.outside ?? [])],
      ...placeOf(options),
    }),
    // `firedrill failover` asks no resolver of the real internet in here.
    FIREDRILL_RESOLVERS: `${world.dns.address}:${world.dns.port}`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${world.ports.endpoint}`,
    // Its clients put the account in front of the host, which an address cannot have: by its own name it leads here as well.
    AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE: 'https://cloudfront-kvs.global.api.aws',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    ...Object.fromEntries(PROXY_NAMES.map((name) => [name, proxy])),
    NO_PROXY: direct,
    no_proxy: direct,
    ...Object.fromEntries(BUNDLE_NAMES.map((name) => [name, bundleFile])),
    NODE_EXTRA_CA_CERTS: world.caFile,
    DENO_CERT: world.caFile,
    NODE_OPTIONS: `${outer['NODE_OPTIONS'] ?? ''} --require="${PRELOAD}"`.trim(),
    ...cdkSettings(directory),
    SAM_CLI_TELEMETRY: '0',
  };
}

const PROXY_NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** All that a program of its own kind trusts is what the file holds. */
const BUNDLE_NAMES = [
  'AWS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'PERL_LWP_SSL_CA_FILE',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_FILE',
];

/** Endpoints of single services, which would go before that of the world. */
function ownEndpoints(outer: NodeJS.ProcessEnv): string[] {
  return Object.keys(outer).filter((name) => name.startsWith('AWS_ENDPOINT_URL_'));
}

/** Accounts of real AWS are kept under CDK_HOME; those of the world belong to the world. */
function cdkSettings(directory: StateDirectory): Record<string, string> {
  return { CDK_HOME: directory.file('cdk'), CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: 'true' };
}

function proxyUrl({ world, from }: EnvironmentOptions): string {
  const user = from === undefined ? '' : `${encodeURIComponent(from)}@`;
  return `http://${user}127.0.0.1:${world.ports.proxy}`;
}

function placeOf({ world, from }: EnvironmentOptions): { readonly from?: string } {
  const place = world.places.find(({ name }) => name === from);
  return place === undefined ? {} : { from: place.address };
}

/** The Region that was set outside, when the world has it. */
function regionIn(outer: NodeJS.ProcessEnv, regions: readonly string[]): string {
  const set = [outer['AWS_REGION'], outer['AWS_DEFAULT_REGION']].find(
    (name) => name !== undefined && regions.includes(name),
  );
  return set ?? regions[0] ?? 'us-east-1';
}
