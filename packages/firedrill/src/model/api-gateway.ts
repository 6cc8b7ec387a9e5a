import type { Place } from './finding.ts';

/** How a method of a REST API answers. This slice: Lambda proxy integration. */
export interface LambdaProxyIntegration {
  readonly kind: 'lambda-proxy';
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export interface RestMethod {
  /** `GET`, `POST`, …, or `ANY`. */
  readonly httpMethod: string;
  readonly integration: LambdaProxyIntegration;
}

/** A resource of a REST API by its full path, as `/`, `/orders/{id}` or `/{proxy+}`. */
export interface RestResource {
  readonly id: string;
  readonly path: string;
  readonly methods: readonly RestMethod[];
}

export interface RestStage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A REST API (v1) in one Region. */
export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly resources: readonly RestResource[];
  readonly stages: readonly RestStage[];
  readonly disableExecuteApiEndpoint: boolean;
  readonly stack: string;
  readonly place?: Place;
}

/** A base path or API mapping of a custom domain; `''` is the (none) mapping (RS 3.40). */
export interface ApiMapping {
  readonly path: string;
  readonly apiId: string;
  readonly stage: string;
}

/** A regional custom domain name of API Gateway, v1 or v2 (RS 3.37, 3.38). */
export interface ApiDomainName {
  readonly name: string;
  readonly region: string;
  /** As `d-abc123.execute-api.eu-west-1.amazonaws.com`. */
  readonly regionalDomainName: string;
  readonly regionalHostedZoneId: string;
  readonly certificateArn?: string;
  readonly mappings: readonly ApiMapping[];
  readonly stack: string;
  readonly place?: Place;
}
