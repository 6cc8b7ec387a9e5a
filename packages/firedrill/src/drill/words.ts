import {
  type ControlPlane,
  type Fault,
  type FaultEffect,
  type FaultService,
  type FaultTarget,
  never,
} from '../model/index.ts';

/** A moment of world time as people read it, as `00:01:12.5`. Takes seconds; tenths are cut, not rounded. */
export function clock(seconds: number): string {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const whole = Math.floor(tenths / 10);
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}.${tenths % 10}`;
}

/** A length as `28.2 s`, `840 ms` or `0 s`. */
export function length(seconds: number): string {
  if (seconds === 0) return '0 s';
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  return `${seconds.toFixed(1)} s`;
}

/** Milliseconds as `42 ms` or `30.0 s`. */
export function lengthOfMs(ms: number): string {
  return ms > 0 && ms < 0.5 ? '<1 ms' : length(ms / 1000);
}

/** A share as per cent, so that only a whole is 100 % and only nothing is 0 %. */
export function percent(share: number): string {
  if (share === 1) return '100 %';
  if (share === 0) return '0 %';
  const tenths = Math.min(999, Math.max(1, Math.round(share * 1000)));
  if (tenths < 990) return `${(tenths / 10).toFixed(1)} %`;
  // Close to the whole, the nines are what people look at.
  return `${(Math.min(99_999, Math.floor(share * 100_000)) / 1000).toFixed(3).replace(/(\.\d)0+$/, '$1')} %`;
}

/** `1 request`, `3 requests`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** What a fault does, as `API Gateway in eu-west-1 answers 503`. */
export function faultInWords({ target, effect, share, pathPrefix, exceptPathPrefix }: Fault): string {
  const part = share < 1 ? ` for ${percent(share)} of traffic` : '';
  const path = pathPrefix === undefined ? '' : ` on paths under ${pathPrefix}`;
  const except = exceptPathPrefix === undefined ? '' : ` except on paths under ${exceptPathPrefix}`;
  return `${targetInWords(target)} ${effectInWords(effect)}${part}${path}${except}`;
}

const SERVICE_NAMES: Readonly<Record<FaultService, string>> = {
  'api-gateway': 'API Gateway',
  lambda: 'Lambda',
  'elastic-load-balancing': 'Elastic Load Balancing',
  'recovery-cluster': 'the cluster endpoint',
  dynamodb: 'DynamoDB',
  s3: 'S3',
};

const PLANE_NAMES: Readonly<Record<ControlPlane, string>> = {
  route53: 'Route 53',
  cloudfront: 'CloudFront',
  'global-accelerator': 'Global Accelerator',
  'recovery-control': 'Application Recovery Controller',
};

function targetInWords(target: FaultTarget): string {
  switch (target.kind) {
    case 'region':
      return target.region;
    case 'service':
      return `${SERVICE_NAMES[target.service]} in ${target.region}`;
    case 'host':
      return target.host;
    case 'edge':
      return `edge location ${target.edge}`;
    case 'control-plane':
      return `the control plane of ${PLANE_NAMES[target.controlPlane]}`;
    case 'key-value-store':
      return `the key value store ${target.store}`;
    case 'dns-location':
      return `name servers at ${target.edge}`;
    case 'name':
      return `DNS for ${target.name}`;
    default:
      return never(target);
  }
}

function effectInWords(effect: FaultEffect): string {
  switch (effect.kind) {
    case 'refuse':
      return 'refuses connections';
    case 'blackhole':
      return 'is black-holed';
    case 'hang':
      return 'accepts connections and never answers';
    case 'reset':
      return 'resets connections';
    case 'slow':
      return `answers ${lengthOfMs(effect.delayMs)} late`;
    case 'tls':
      return 'fails TLS handshakes';
    case 'status':
      return `answers ${effect.status}`;
    case 'function-error':
      return 'has functions that fail';
    case 'unreadable':
      return 'cannot be read by functions';
    case 'throttle':
      return 'throttles functions';
    case 'unheard':
      return `do not hear the health checkers of ${effect.regions.join(', ')}`;
    case 'dns':
      return effect.answer === 'timeout' ? 'does not answer' : `answers ${effect.answer}`;
    default:
      return never(effect);
  }
}
