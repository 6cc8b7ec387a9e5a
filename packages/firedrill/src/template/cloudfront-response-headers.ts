import type { AddedHeader, CorsHeaders, ResponseHeadersPolicy } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { uuidFrom } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { Decoder } from './shape.ts';
import { anyText, boolean, inert, integer, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';
import type { Teller } from './teller.ts';

/** Of AWS's own policies: the origin wins on all but the last (CF 3.23). */
const SECURITY: readonly AddedHeader[] = [
  { name: 'Referrer-Policy', value: 'strict-origin-when-cross-origin', overrides: false },
  { name: 'Strict-Transport-Security', value: 'max-age=31536000', overrides: false },
  { name: 'X-Frame-Options', value: 'SAMEORIGIN', overrides: false },
  { name: 'X-XSS-Protection', value: '1; mode=block', overrides: false },
  { name: 'X-Content-Type-Options', value: 'nosniff', overrides: true },
];

const SIMPLE: CorsHeaders = {
  allowCredentials: false,
  allowHeaders: [],
  allowMethods: [],
  allowOrigins: ['*'],
  exposeHeaders: [],
  overrides: false,
};

const WITH_PREFLIGHT: CorsHeaders = {
  ...SIMPLE,
  allowMethods: ['ALL'],
  exposeHeaders: ['*'],
  exposesToPreflightsOnly: true,
};

/** Response headers policies that AWS manages (CF 3.23, 3.24). */
const MANAGED: readonly ResponseHeadersPolicy[] = [
  { id: '67f7725c-6f97-4210-82d7-5512b31e9d03', name: 'SecurityHeadersPolicy', removed: [], added: SECURITY },
  { id: '60669652-455b-4ae9-85a4-c4c02393f86c', name: 'SimpleCORS', removed: [], added: [], cors: SIMPLE },
  {
    id: '5cc3b908-e619-4b99-88e5-2cf7f45965bd',
    name: 'CORS-With-Preflight',
    removed: [],
    added: [],
    cors: WITH_PREFLIGHT,
  },
  {
    id: 'e61eb60c-9c35-4d20-a928-2b84e02af89c',
    name: 'CORS-and-SecurityHeadersPolicy',
    removed: [],
    added: SECURITY,
    cors: SIMPLE,
  },
  {
    id: 'eaab4381-ed33-4a86-88ca-d9558dc6cd63',
    name: 'CORS-with-preflight-and-SecurityHeadersPolicy',
    removed: [],
    added: SECURITY,
    cors: WITH_PREFLIGHT,
  },
];

/** A response headers policy by id: one of AWS's, or one that a template made. */
export function findResponseHeadersPolicy(id: string, draft: Draft): ResponseHeadersPolicy | undefined {
  return [...MANAGED, ...draft.responseHeadersPolicies].find((policy) => policy.id === id);
}

const SECONDS = integer({ least: 0, most: 2_147_483_647, facts: ['CF 3.23'] });

const ITEMS = shape('Items', { Items: required(listOf(text())) });

const CORS = shape('CorsConfig', {
  AccessControlAllowCredentials: required(boolean),
  AccessControlAllowHeaders: required(ITEMS),
  AccessControlAllowMethods: required(ITEMS),
  AccessControlAllowOrigins: required(ITEMS),
  AccessControlExposeHeaders: optional(ITEMS),
  AccessControlMaxAgeSec: optional(SECONDS),
  OriginOverride: required(boolean),
});

const SECURITY_HEADERS = shape('SecurityHeadersConfig', {
  ContentSecurityPolicy: optional(
    shape('ContentSecurityPolicy', {
      ContentSecurityPolicy: required(text({ most: 1783 })),
      Override: required(boolean),
    }),
  ),
  ContentTypeOptions: optional(shape('ContentTypeOptions', { Override: required(boolean) })),
  FrameOptions: optional(
    shape('FrameOptions', { FrameOption: required(oneOf(['DENY', 'SAMEORIGIN'])), Override: required(boolean) }),
  ),
  ReferrerPolicy: optional(shape('ReferrerPolicy', { ReferrerPolicy: required(text()), Override: required(boolean) })),
  StrictTransportSecurity: optional(
    shape('StrictTransportSecurity', {
      AccessControlMaxAgeSec: required(SECONDS),
      IncludeSubdomains: optional(boolean),
      Preload: optional(boolean),
      Override: required(boolean),
    }),
  ),
  XSSProtection: optional(
    shape('XSSProtection', {
      Protection: required(boolean),
      ModeBlock: optional(boolean),
      ReportUri: optional(anyText),
      Override: required(boolean),
    }),
  ),
});

const POLICY = shape('AWS::CloudFront::ResponseHeadersPolicy', {
  ResponseHeadersPolicyConfig: required(
    shape('ResponseHeadersPolicyConfig', {
      Name: required(text({ most: 128 })),
      Comment: inert,
      CorsConfig: optional(CORS),
      SecurityHeadersConfig: optional(SECURITY_HEADERS),
      CustomHeadersConfig: optional(
        shape('CustomHeadersConfig', {
          Items: required(
            listOf(
              shape('CustomHeadersConfig', {
                Header: required(text()),
                Value: required(anyText),
                Override: required(boolean),
              }),
            ),
          ),
        }),
      ),
      RemoveHeadersConfig: optional(
        shape('RemoveHeadersConfig', {
          Items: required(listOf(shape('RemoveHeadersConfig', { Header: required(placed(text())) }))),
        }),
      ),
      ServerTimingHeadersConfig: optional(
        shape('ServerTimingHeadersConfig', { Enabled: required(boolean), SamplingRate: optional(percent) }),
      ),
    }),
  ),
});

/** A share from 0 to 100 with up to four decimal places. */
function percent(node: Parameters<typeof anyText>[0], tell: Teller): number | undefined {
  const written = anyText(node, tell);
  if (written === undefined) return undefined;
  const value = Number(written);
  if (/^\d{1,3}(?:\.\d{1,4})?$/.test(written) && value <= 100) return value;
  tell.error('template/property', node.at, `SamplingRate is ${written}; it is a number from 0 to 100.`, {
    facts: ['CF 3.26'],
  });
  return undefined;
}

export function readResponseHeadersPolicy(input: ResourceInput, draft: Draft): Identity {
  const id = uuidFrom(`response-headers-policy ${input.seed}`);
  const config = POLICY(input.properties, input.tell)?.ResponseHeadersPolicyConfig;
  if (config !== undefined) {
    const { CorsConfig: cors, ServerTimingHeadersConfig: timing } = config;
    const removed = (config.RemoveHeadersConfig?.Items ?? []).map(({ Header: header }) => header);
    for (const { value, at } of removed) {
      if (!KEPT.test(value)) continue;
      input.tell.error('template/property', at, `A response headers policy cannot remove ${value}.`, {
        facts: ['CF 3.25'],
      });
    }
    draft.responseHeadersPolicies.push({
      id,
      name: config.Name,
      removed: removed.map(({ value }) => value),
      added: [
        ...securityHeaders(config.SecurityHeadersConfig),
        ...(config.CustomHeadersConfig?.Items ?? []).map(({ Header: name, Value: value, Override: overrides }) => ({
          name,
          value,
          overrides,
        })),
      ],
      ...(cors === undefined ? {} : { cors: corsOf(cors) }),
      ...(timing?.Enabled === true ? { serverTiming: { samplingRate: timing.SamplingRate ?? 0 } } : {}),
    });
  }
  return identity(id, { Id: id, LastModifiedTime: '' });
}

/** What belongs to the connection or to CloudFront itself. */
const KEPT =
  /^(?:connection|content-encoding|content-length|expect|host|keep-alive|proxy-.*|trailer|transfer-encoding|upgrade|via|warning|x-accel-.*|x-amz-cf-.*|x-amzn-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/i;

function corsOf(cors: NonNullable<ReturnType<typeof CORS>>): CorsHeaders {
  const maxAge = cors.AccessControlMaxAgeSec;
  return {
    allowCredentials: cors.AccessControlAllowCredentials,
    allowHeaders: cors.AccessControlAllowHeaders.Items,
    allowMethods: cors.AccessControlAllowMethods.Items,
    allowOrigins: cors.AccessControlAllowOrigins.Items,
    exposeHeaders: cors.AccessControlExposeHeaders?.Items ?? [],
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
    overrides: cors.OriginOverride,
  };
}

type Security = ReturnType<Decoder<NonNullable<ReturnType<typeof SECURITY_HEADERS>>>>;

function securityHeaders(security: Security): readonly AddedHeader[] {
  const headers: AddedHeader[] = [];
  const add = (name: string, value: string, overrides: boolean): void => void headers.push({ name, value, overrides });
  const {
    ContentSecurityPolicy: content,
    ContentTypeOptions: type,
    FrameOptions: frame,
    ReferrerPolicy: referrer,
    StrictTransportSecurity: transport,
    XSSProtection: xss,
  } = security ?? {};
  if (referrer !== undefined) add('Referrer-Policy', referrer.ReferrerPolicy, referrer.Override);
  if (transport !== undefined) {
    const subdomains = transport.IncludeSubdomains === true ? '; includeSubDomains' : '';
    const preload = transport.Preload === true ? '; preload' : '';
    const value = `max-age=${transport.AccessControlMaxAgeSec}${subdomains}${preload}`;
    add('Strict-Transport-Security', value, transport.Override);
  }
  if (frame !== undefined) add('X-Frame-Options', frame.FrameOption, frame.Override);
  if (xss !== undefined) {
    const block = xss.ModeBlock === true ? '; mode=block' : '';
    const report = xss.ReportUri === undefined ? '' : `; report=${xss.ReportUri}`;
    add('X-XSS-Protection', xss.Protection ? `1${block}${report}` : '0', xss.Override);
  }
  if (type !== undefined) add('X-Content-Type-Options', 'nosniff', type.Override);
  if (content !== undefined) add('Content-Security-Policy', content.ContentSecurityPolicy, content.Override);
  return headers;
}
