import type { ListenerAction, RuleCondition } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { ATTRIBUTES, attributesOf, numberAttribute } from './load-balancer-attributes.ts';
import { idFrom } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { arnOf, identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import {
  anyText,
  inertFields,
  integer,
  listOf,
  notYet,
  oneOf,
  optional,
  placed,
  required,
  shape,
  text,
} from './shape.ts';

const HEX = '0123456789abcdef';
const PORT = { least: 1, most: 65_535, facts: ['RS 6.1'] } as const;

const ACTION = shape('Action', {
  Type: required(
    placed(
      oneOf(['forward', 'fixed-response', 'redirect', 'authenticate-cognito', 'authenticate-oidc', 'jwt-validation']),
    ),
  ),
  TargetGroupArn: optional(text()),
  ForwardConfig: optional(
    shape('ForwardConfig', {
      TargetGroups: optional(
        listOf(
          shape('TargetGroupTuple', {
            TargetGroupArn: required(text()),
            Weight: optional(integer({ least: 0, most: 999, facts: ['RS 6.11'] })),
          }),
        ),
      ),
      TargetGroupStickinessConfig: optional(
        shape('TargetGroupStickinessConfig', {
          Enabled: optional(placed(anyText)),
          ...inertFields('DurationSeconds'),
        }),
      ),
    }),
  ),
  FixedResponseConfig: optional(
    shape('FixedResponseConfig', {
      StatusCode: required(integer({ least: 200, most: 599, facts: ['RS 6.10'] })),
      ContentType: optional(anyText),
      MessageBody: optional(anyText),
    }),
  ),
  RedirectConfig: optional(
    shape('RedirectConfig', {
      StatusCode: required(oneOf(['HTTP_301', 'HTTP_302'])),
      Protocol: optional(text()),
      Host: optional(text()),
      Port: optional(text()),
      Path: optional(text()),
      Query: optional(anyText),
    }),
  ),
  Order: optional(integer({ least: 1, most: 50_000, facts: [] })),
  ...inertFields('AuthenticateCognitoConfig', 'AuthenticateOidcConfig', 'JwtValidationConfig'),
});

type Action = NonNullable<ReturnType<typeof ACTION>>;

const LISTENER = shape('AWS::ElasticLoadBalancingV2::Listener', {
  LoadBalancerArn: required(placed(text())),
  Port: optional(integer(PORT)),
  Protocol: optional(placed(oneOf(['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC', 'GENEVE']))),
  Certificates: optional(listOf(shape('Certificate', { CertificateArn: optional(placed(text())) }))),
  DefaultActions: required(listOf(ACTION)),
  ListenerAttributes: optional(ATTRIBUTES),
  MutualAuthentication: notYet('Clients are not asked for certificates.'),
  ...inertFields('SslPolicy', 'AlpnPolicy', 'Tags'),
});

const CONDITION_VALUES = {
  Values: optional(listOf(anyText)),
  RegexValues: notYet('Only values with * and ? are looked at.'),
};

const RULE = shape('AWS::ElasticLoadBalancingV2::ListenerRule', {
  ListenerArn: required(placed(text())),
  Priority: required(integer({ least: 1, most: 50_000, facts: [] })),
  Conditions: required(
    listOf(
      shape('RuleCondition', {
        Field: optional(placed(text())),
        Values: optional(listOf(anyText)),
        HostHeaderConfig: optional(shape('HostHeaderConfig', CONDITION_VALUES)),
        PathPatternConfig: optional(shape('PathPatternConfig', CONDITION_VALUES)),
        HttpRequestMethodConfig: optional(shape('HttpRequestMethodConfig', { Values: optional(listOf(anyText)) })),
        ...inertFields('HttpHeaderConfig', 'QueryStringConfig', 'SourceIpConfig', 'RegexValues'),
      }),
    ),
  ),
  Actions: required(listOf(ACTION)),
  Transforms: notYet('Requests are passed on as they come.'),
  ...inertFields('Tags'),
});

export function readListener(input: ResourceInput, draft: Draft): Identity {
  const balancer = textProperty(input, 'LoadBalancerArn') ?? '';
  const arn = `${balancer.replace(':loadbalancer/', ':listener/')}/${idFrom(input.seed, 16, HEX)}`;
  const own = identity(arn, { ListenerArn: arn });
  const properties = LISTENER(input.properties, input.tell);
  if (properties === undefined) return own;
  const named = properties.Protocol?.value ?? (balancer.includes('/net/') ? 'TCP' : 'HTTP');
  const protocol = named === 'HTTP' || named === 'HTTPS' ? named : 'TCP';
  if (protocol === 'TCP' && named !== 'TCP' && properties.Protocol !== undefined) {
    const says = `Firedrill does not act on ${named} listeners; this one is left out.`;
    input.tell.warning('template/not-acted-on', properties.Protocol.at, says, {
      remedy: 'Of Network Load Balancers TCP listeners are acted on, which pass TLS through.',
    });
    return own;
  }
  const action = actionOf(properties.DefaultActions, input);
  if (action === undefined) return own;
  const attributes = attributesOf(properties.ListenerAttributes);
  const { region } = input.context;
  const certificateArns = (properties.Certificates ?? []).flatMap(({ CertificateArn }) => CertificateArn ?? []);
  for (const { value, at } of certificateArns) {
    const by = `the listener on port ${properties.Port ?? 443}`;
    draft.certificateUses.push({ arn: value, names: [], region, by, at });
  }
  draft.balancing.listeners.push({
    arn,
    balancerArn: properties.LoadBalancerArn,
    port: properties.Port ?? (protocol === 'HTTPS' ? 443 : 80),
    protocol,
    certificateArns,
    action,
    tcpIdleTimeoutSeconds: numberAttribute(
      attributes,
      { key: 'tcp.idle_timeout.seconds', least: 60, most: 6000, otherwise: 350, facts: ['RS 6.15a'] },
      input,
    ),
    at: input.at,
  });
  return own;
}

export function readListenerCertificate(input: ResourceInput, draft: Draft): Identity {
  const id = idFrom(input.seed, 16, HEX);
  const properties = LISTENER_CERTIFICATE(input.properties, input.tell);
  if (properties !== undefined) {
    const certificateArns = properties.Certificates.flatMap(({ CertificateArn }) => CertificateArn ?? []);
    draft.balancing.listenerCertificates.push({ listenerArn: properties.ListenerArn, certificateArns });
  }
  return identity(id, { Id: id });
}

const LISTENER_CERTIFICATE = shape('AWS::ElasticLoadBalancingV2::ListenerCertificate', {
  ListenerArn: required(text()),
  Certificates: required(listOf(shape('Certificate', { CertificateArn: optional(text()) }))),
});

export function readRule(input: ResourceInput, draft: Draft): Identity {
  const listener = textProperty(input, 'ListenerArn') ?? arnOf(input, 'elasticloadbalancing', 'listener');
  const arn = `${listener.replace(':listener/', ':listener-rule/')}/${idFrom(input.seed, 16, HEX)}`;
  const own = identity(arn, { RuleArn: arn, IsDefault: 'false' });
  const properties = RULE(input.properties, input.tell);
  if (properties === undefined) return own;
  const action = actionOf(properties.Actions, input);
  const conditions = properties.Conditions.flatMap((condition): RuleCondition[] => {
    const read = conditionOf(condition);
    if (read !== undefined) return [read];
    const says = `Firedrill does not act on conditions of ${condition.Field?.value ?? 'this kind'} yet; the rule is left out.`;
    input.tell.warning('template/not-acted-on', condition.at, says, {
      remedy: 'Conditions on host-header, path-pattern and http-request-method are acted on.',
    });
    return [];
  });
  if (action === undefined || conditions.length < properties.Conditions.length) return own;
  const { ListenerArn: listenerArn, Priority: priority } = properties;
  draft.balancing.rules.push({ arn, listenerArn, priority, conditions, action, at: input.at });
  return own;
}

type Condition = NonNullable<ReturnType<typeof RULE>>['Conditions'][number];

function conditionOf(condition: Condition): RuleCondition | undefined {
  const {
    Field: field,
    HostHeaderConfig: host,
    PathPatternConfig: path,
    HttpRequestMethodConfig: method,
    Values: plain,
  } = condition;
  if (host?.Values !== undefined) return { field: 'host-header', values: host.Values };
  if (path?.Values !== undefined) return { field: 'path-pattern', values: path.Values };
  if (method?.Values !== undefined) return { field: 'http-request-method', values: method.Values };
  const known = (['host-header', 'path-pattern'] as const).find((name) => name === field?.value);
  return known === undefined || plain === undefined ? undefined : { field: known, values: plain };
}

/** The last action, which answers; those before it ask who the client is. */
function actionOf(actions: readonly Action[], input: ResourceInput): ListenerAction | undefined {
  const ordered = actions.toSorted((a, b) => (a.Order ?? 0) - (b.Order ?? 0));
  for (const { Type: type } of ordered) {
    if (type.value === 'forward' || type.value === 'fixed-response' || type.value === 'redirect') continue;
    const says = `Firedrill does not act on ${type.value}; every client counts as known.`;
    input.tell.warning('template/not-acted-on', type.at, says, { facts: ['RS 6.10'] });
  }
  const last = ordered.findLast(
    ({ Type: { value } }) => value === 'forward' || value === 'fixed-response' || value === 'redirect',
  );
  if (last === undefined) {
    input.tell.error('template/property', input.at, 'The last action must be forward, fixed-response or redirect.');
    return undefined;
  }
  return answerOf(last, input);
}

function answerOf(action: Action, input: ResourceInput): ListenerAction | undefined {
  const { FixedResponseConfig: fixed, RedirectConfig: redirect, ForwardConfig: forward } = action;
  if (action.Type.value === 'fixed-response' && fixed !== undefined)
    return {
      kind: 'fixed-response',
      status: fixed.StatusCode,
      contentType: fixed.ContentType ?? 'text/plain',
      body: fixed.MessageBody ?? '',
    };
  if (action.Type.value === 'redirect' && redirect !== undefined)
    return {
      kind: 'redirect',
      status: redirect.StatusCode === 'HTTP_301' ? 301 : 302,
      protocol: redirect.Protocol ?? '#{protocol}',
      host: redirect.Host ?? '#{host}',
      port: redirect.Port ?? '#{port}',
      path: redirect.Path ?? '/#{path}',
      query: redirect.Query ?? '#{query}',
    };
  const sticky = forward?.TargetGroupStickinessConfig?.Enabled;
  if (sticky?.value === 'true')
    input.tell.warning(
      'template/not-acted-on',
      sticky.at,
      'Firedrill does not keep clients with a target group; each request is drawn anew.',
      {
        facts: ['RS 6.11'],
      },
    );
  const groups = forward?.TargetGroups?.map(({ TargetGroupArn, Weight }) => ({
    targetGroupArn: TargetGroupArn,
    weight: Weight ?? 1,
  }));
  const targetGroups =
    groups ?? (action.TargetGroupArn === undefined ? [] : [{ targetGroupArn: action.TargetGroupArn, weight: 1 }]);
  if (action.Type.value === 'forward' && targetGroups.length > 0) return { kind: 'forward', targetGroups };
  input.tell.error('template/property', action.at, `An action of type ${action.Type.value} needs its own settings.`);
  return undefined;
}
