import { facts } from '../facts.ts';

/** Every number of Route 53 that the engine goes by. */
export const ROUTE53_FACTS = facts({
  CONNECT_TIMEOUT_MS: { value: 4000, standing: 'documented', line: 'R53 HC-05', checked: '2026-11-21' },
  STATUS_TIMEOUT_MS: { value: 2000, standing: 'documented', line: 'R53 HC-05', checked: '2026-11-21' },
  /** For the body, after the status. */
  BODY_TIMEOUT_MS: { value: 2000, standing: 'documented', line: 'R53 HC-07', checked: '2026-11-21' },
  /** What a string match looks into. */
  SEARCHED_BYTES: { value: 5120, standing: 'documented', line: 'R53 HC-07', checked: '2026-11-21' },
  /** Of an answer to a probe, all together. */
  RESPONSE_HEADERS_BYTES_MAX: { value: 16_384, standing: 'documented', line: 'R53 HC-10', checked: '2026-11-21' },
  TCP_CONNECT_TIMEOUT_MS: { value: 10_000, standing: 'documented', line: 'R53 HC-06', checked: '2026-11-21' },
  HEALTHY_STATUS_FIRST: { value: 200, standing: 'documented', line: 'R53 HC-09', checked: '2026-11-21' },
  HEALTHY_STATUS_LAST: { value: 399, standing: 'documented', line: 'R53 HC-09', checked: '2026-11-21' },
  /** The check is healthy while strictly more than this share of its checkers say so. */
  HEALTHY_SHARE: { value: 0.18, standing: 'documented', line: 'R53 HC-18', checked: '2026-11-21' },
  CHECKERS_PER_REGION: { value: 2, standing: 'assumed', line: 'R53 OQ-02', checked: '2026-11-21' },
  /** For a checker's own lookup, which it makes anew for every probe. */
  CHECKER_LOOKUP_TIMEOUT_MS: { value: 2000, standing: 'assumed', line: 'R53 HC-13', checked: '2026-11-21' },
  S3_WEBSITE_ALIAS_TTL_SECONDS: { value: 60, standing: 'documented', line: 'R53 AL-02', checked: '2026-11-21' },
  API_GATEWAY_ALIAS_TTL_SECONDS: { value: 60, standing: 'assumed', line: 'R53 AL-04', checked: '2026-11-21' },
  MULTIVALUE_ANSWERS_MAX: { value: 8, standing: 'documented', line: 'R53 RP-14', checked: '2026-11-21' },
  SOA_TTL_SECONDS: { value: 900, standing: 'documented', line: 'R53 WS-01', checked: '2026-11-21' },
  SOA_MINIMUM_SECONDS: { value: 86_400, standing: 'documented', line: 'R53 WS-01', checked: '2026-11-21' },
  NS_TTL_SECONDS: { value: 172_800, standing: 'documented', line: 'R53 WS-01', checked: '2026-11-21' },
  CLOUDFRONT_ZONE_ID: { value: 'Z2FDTNDATAQYW2', standing: 'documented', line: 'R53 AL-12', checked: '2026-11-21' },
  GLOBAL_ACCELERATOR_ZONE_ID: {
    value: 'Z2BJ6XQ5FK7U4H',
    standing: 'documented',
    line: 'R53 AL-12',
    checked: '2026-11-21',
  },
  /** Of one account, for all of Route 53's API. */
  API_REQUESTS_PER_SECOND: { value: 5, standing: 'documented', line: 'R53 CH-06', checked: '2026-11-21' },
  LIST_PAGE_MAX: { value: 300, standing: 'documented', line: 'R53 CH-11', checked: '2026-11-21' },
  /** Until record sets of zones with accelerated recovery can be changed again: what AWS aims at. */
  ACCELERATED_RECOVERY_MS: { value: 3_600_000, standing: 'documented', line: 'R53 AR-01', checked: '2026-11-21' },
});

/** The Regions that health checkers probe from (R53 HC-20). */
export const CHECKER_REGIONS: readonly string[] = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
];
