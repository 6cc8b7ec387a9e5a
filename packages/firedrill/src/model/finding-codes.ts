/**
 * Every code a finding can carry, with what it means. A test holds that this table, docs/findings.md
 * and the tests agree: every code is documented and raised by at least one test.
 */
export const FINDING_CODES = {
  'template/syntax': 'The text is not valid JSON or YAML.',
  'template/shape': 'A section or resource does not have the shape CloudFormation requires.',
  'template/unresolved-reference': 'A Ref, GetAtt, Sub or DependsOn names something that does not exist.',
  'template/intrinsic': 'An intrinsic function is used wrongly.',
  'template/circular': 'Resources refer to each other in a circle.',
  'template/parameter': 'A parameter is missing, unknown, or outside what the template allows.',
  'template/unknown-resource-type': 'A resource type that Firedrill does not act on.',
  'template/unknown-property': 'A property that Firedrill does not know for this resource type.',
  'template/property': 'A property is missing, of the wrong type, or outside its allowed values.',
  'template/missing-region': 'A template needs a Region that it was not given.',
  'template/missing-asset': 'A file or asset that the template names cannot be found.',
  'template/unknown-zone': 'A record or certificate names a hosted zone that is in no template and was not declared.',
  'template/import': 'An imported value is exported by no stack.',
  'template/transform': 'A transform that Firedrill does not expand.',
  'app/failed': 'The CDK app did not run or wrote no assembly.',
  'drill/syntax': 'The drill file is not valid YAML.',
  'drill/shape': 'The drill file does not have the shape its schema requires.',
  'drill/unknown-probe': 'An expectation names a probe that the drill does not have.',
  'drill/unknown-output': 'A URL names a stack output that no stack has.',
  'drill/unknown-host': 'A URL names a host that nothing in the architecture answers to.',
  'drill/unknown-place': 'A place that the geography does not know.',
  'drill/unknown-target': 'A fault names a target that the architecture does not have.',
  'drill/time': 'Times contradict each other, as a fault that ends before it starts.',
  'live/port-taken': 'An address and port that the local world needs is in use.',
  'live/no-loopback': 'The system does not offer the loopback addresses that the local world needs.',
} as const;

export type FindingCode = keyof typeof FINDING_CODES;
