import type { BucketWebsite, RoutingRule } from '../model/index.ts';
import { anyText, integer, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';
import type { Teller } from './teller.ts';

const PROTOCOL = oneOf(['http', 'https'], ['RS 5.11']);

const REDIRECT = shape('RedirectRule', {
  HostName: optional(text()),
  Protocol: optional(PROTOCOL),
  ReplaceKeyWith: optional(placed(anyText)),
  ReplaceKeyPrefixWith: optional(anyText),
  HttpRedirectCode: optional(integer({ least: 301, most: 399, facts: ['RS 5.11'] })),
});

export const WEBSITE = shape('WebsiteConfiguration', {
  IndexDocument: optional(text()),
  ErrorDocument: optional(text()),
  RedirectAllRequestsTo: optional(
    placed(shape('RedirectAllRequestsTo', { HostName: required(text()), Protocol: optional(PROTOCOL) })),
  ),
  RoutingRules: optional(
    placed(
      listOf(
        shape('RoutingRules', {
          RoutingRuleCondition: optional(
            shape('RoutingRuleCondition', {
              KeyPrefixEquals: optional(anyText),
              HttpErrorCodeReturnedEquals: optional(integer({ least: 400, most: 599, facts: ['RS 5.11'] })),
            }),
          ),
          RedirectRule: required(REDIRECT),
        }),
      ),
    ),
  ),
});

/** Most routing rules of a website (RS 5.11). */
const RULES_MOST = 50;

type Website = NonNullable<ReturnType<typeof WEBSITE>>;

/** A website as S3 takes it; undefined when it would refuse it. */
export function websiteOf(website: Website, tell: Teller): BucketWebsite | undefined {
  const {
    RedirectAllRequestsTo: everything,
    IndexDocument: index,
    ErrorDocument: error,
    RoutingRules: rules,
  } = website;
  if (everything !== undefined) {
    if (index !== undefined || error !== undefined || rules !== undefined) {
      const says = 'A website either redirects all requests or has documents and routing rules; this has both.';
      tell.error('template/property', everything.at, says, { facts: ['RS 5.12'] });
      return undefined;
    }
    const { HostName: hostName, Protocol: protocol } = everything.value;
    return { kind: 'redirect', hostName, ...(protocol === undefined ? {} : { protocol }) };
  }
  if (index === undefined) {
    if (website.written.has('IndexDocument')) return undefined;
    tell.error('template/property', website.at, 'WebsiteConfiguration needs IndexDocument or RedirectAllRequestsTo.');
    return undefined;
  }
  if (rules !== undefined && rules.value.length > RULES_MOST) {
    const says = `A website has ${RULES_MOST} routing rules at most; this has ${rules.value.length}.`;
    tell.error('template/property', rules.at, says, { facts: ['RS 5.11'] });
  }
  const routingRules = (rules?.value ?? []).flatMap((rule): RoutingRule[] => {
    const read = ruleOf(rule, tell);
    return read === undefined ? [] : [read];
  });
  return {
    kind: 'hosting',
    indexDocument: index,
    ...(error === undefined ? {} : { errorDocument: error }),
    routingRules,
  };
}

type Rule = NonNullable<Website['RoutingRules']>['value'][number];

function ruleOf(
  { RoutingRuleCondition: condition, RedirectRule: redirect }: Rule,
  tell: Teller,
): RoutingRule | undefined {
  if (redirect.ReplaceKeyWith !== undefined && redirect.ReplaceKeyPrefixWith !== undefined) {
    const says = 'A routing rule has ReplaceKeyWith or ReplaceKeyPrefixWith, not both.';
    tell.error('template/property', redirect.ReplaceKeyWith.at, says, { facts: ['RS 5.11'] });
    return undefined;
  }
  return withoutUndefined({
    keyPrefixEquals: condition?.KeyPrefixEquals,
    httpErrorCodeReturnedEquals: condition?.HttpErrorCodeReturnedEquals,
    redirect: withoutUndefined({
      hostName: redirect.HostName,
      protocol: redirect.Protocol,
      replaceKeyWith: redirect.ReplaceKeyWith?.value,
      replaceKeyPrefixWith: redirect.ReplaceKeyPrefixWith,
      httpRedirectCode: redirect.HttpRedirectCode,
    }),
  });
}

type Present<Fields> = {
  readonly [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & { readonly [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined> };

/** The fields that are there. */
function withoutUndefined<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}
