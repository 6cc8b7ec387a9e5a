import { type Architecture, EMPTY_ARCHITECTURE } from '../model/index.ts';

/** A drill file that is right, for tests that then break it. */
export const DRILL_TEXT = `name: hybrid-endpoint-5xx
description: The primary answers 503 for a while.
world:
  app: ..
  context: { primary: eu-west-1, backup: us-east-1, domain: example.com, hostedZoneId: Z0EXAMPLE }
  zones: { example.com: Z0EXAMPLE }
seed: "1"
duration: 6m
probes:
  - { name: route53-only, url: "https://\${R53FailoverDistribDomain}/", rate: 1, methods: [GET, POST], places: [Dublin], timeout: 60s, client: plain }
  - { name: hybrid, url: "https://\${Estate.HybridFailoverDistribDomain}/", rate: 30/m, methods: [GET], places: [Dublin, Tokyo] }
faults:
  - { name: primary-5xx, region: eu-west-1, service: api-gateway, status: 503, from: 30s, until: 3m }
expect:
  - { probe: hybrid, method: GET, failed: 0 }
  - { probe: route53-only, method: GET, outage: { min: 27s, max: 95s }, ttfb: { p99: 3s } }
switches: {}
functions: { '*': { latency: 20ms, status: 200 } }
`;

/** Just enough of an architecture for the drill above. */
export const DRILL_ARCHITECTURE: Architecture = {
  ...EMPTY_ARCHITECTURE,
  stacks: [
    {
      name: 'Estate',
      region: 'eu-west-1',
      account: '111111111111',
      resources: [],
      outputs: { R53FailoverDistribDomain: 'd1.cloudfront.net', HybridFailoverDistribDomain: 'd2.cloudfront.net' },
    },
  ],
  hostedZones: [{ id: 'Z0EXAMPLE', name: 'example.com', private: false }],
  recordSets: [
    {
      zoneId: 'Z0EXAMPLE',
      name: 'd1.cloudfront.net',
      type: 'A',
      policy: { kind: 'simple' },
      values: ['127.0.0.1'],
      stack: 'Estate',
    },
    {
      zoneId: 'Z0EXAMPLE',
      name: 'd2.cloudfront.net',
      type: 'A',
      policy: { kind: 'simple' },
      values: ['127.0.0.1'],
      stack: 'Estate',
    },
    {
      zoneId: 'Z0EXAMPLE',
      name: 'api.example.com',
      type: 'A',
      policy: { kind: 'simple' },
      values: ['127.0.0.1'],
      stack: 'Estate',
    },
  ],
  restApis: ['eu-west-1', 'us-east-1'].map((region) => ({
    id: `api${region}`,
    name: 'api',
    region,
    resources: [],
    stages: [],
    disableExecuteApiEndpoint: false,
    stack: 'Estate',
  })),
};
