import { cborRpcProtocol } from './protocol/cbor-rpc.ts';
import { jsonRpcProtocol } from './protocol/json-rpc.ts';
import { queryProtocol } from './protocol/query.ts';
import { restJsonProtocol, restXmlProtocol, s3Protocol } from './protocol/rest.ts';
import type { ServiceModel } from './protocol/service-model.ts';
import type { WireProtocol } from './protocol/wire-protocol.ts';
import type { ProtocolName, Service } from './services.ts';

type Named = Pick<Service, 'name' | 'xmlNamespace'>;

/** A protocol for a service. */
export function openProtocol(name: ProtocolName, service: Named, model: ServiceModel): WireProtocol {
  switch (name) {
    case 'query':
      return queryProtocol(model, service.xmlNamespace);
    case 'json-1.0':
      return jsonRpcProtocol(model, '1.0');
    case 'json-1.1':
      return jsonRpcProtocol(model, '1.1');
    case 'cbor':
      return cborRpcProtocol(model);
    case 'rest-json':
      return restJsonProtocol(model, { malformed: 'SerializationException', missing: missingOf(service) });
    case 'rest-xml':
      return service.name === 's3'
        ? s3Protocol(model, service.xmlNamespace)
        : restXmlProtocol(model, service.xmlNamespace, { malformed: 'MalformedInput', missing: missingOf(service) });
  }
}

/** What services of REST call a request without a member that it must have. */
function missingOf({ name }: Named): string {
  return (
    { route53: 'InvalidInput', cloudfront: 'InvalidArgument', lambda: 'ValidationException' }[name] ??
    'BadRequestException'
  );
}
