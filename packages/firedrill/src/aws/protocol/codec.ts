import { JsonCodec2, XmlCodec } from '@aws-sdk/core/protocols';
import { CborCodec } from '@smithy/core/cbor';
import type { NormalizedSchema } from '@smithy/core/schema';

/** A form of bodies, driven by schemas. */
export interface Codec {
  readonly contentType: string;
  /** @throws whatever the parser throws; what is read may still be of the wrong kind. */
  readonly read: (schema: NormalizedSchema, bytes: Uint8Array) => Promise<unknown>;
  readonly write: (schema: NormalizedSchema, value: unknown) => string | Uint8Array;
}

/** Formats of timestamps as the codecs number them. */
export const ISO_TIME = 5;
const EPOCH_SECONDS = 7;

/** Bytes that are no text are refused, not mended. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

const XML_HEADING = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Codec of a service's XML; of the bodies of REST when `httpBindings`. */
export function xmlCodec(xmlNamespace: string, httpBindings: boolean): Codec {
  const codec = new XmlCodec({
    timestampFormat: { useTrait: true, default: ISO_TIME },
    httpBindings,
    xmlNamespace,
    serviceNamespace: '',
  });
  return {
    contentType: 'text/xml',
    // The parser knows no empty document.
    read: async (schema, bytes) =>
      bytes.length === 0 ? {} : ((await codec.createDeserializer().read(schema, bytes)) as unknown),
    write: (schema, value) => {
      const serializer = codec.createSerializer();
      serializer.write(schema, value);
      const written = serializer.flush();
      return typeof written === 'string' ? `${XML_HEADING}${written}` : written;
    },
  };
}

/** Codec of JSON; names of its own on the wire (`jsonName`) are those of REST only. */
export function jsonCodec(contentType: string, httpBindings: boolean): Codec {
  const codec = new JsonCodec2({
    timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
    httpBindings,
    jsonName: httpBindings,
  });
  return {
    contentType,
    read: async (schema, bytes) => {
      const text = utf8.decode(bytes);
      // The codec takes a list for a structure without members.
      if (schema.isStructSchema() && /^\s*\[/.test(text)) throw new TypeError('Start of structure expected');
      return (await codec.createDeserializer().read(schema, text)) as unknown;
    },
    write: (schema, value) => {
      const serializer = codec.createSerializer();
      serializer.write(schema, value);
      const written = serializer.flush();
      // The codec's own bytes warn whoever takes them for text.
      return Buffer.from(written.buffer, written.byteOffset, written.byteLength);
    },
  };
}

/** Codec of CBOR. */
export function cborCodec(): Codec {
  const codec = new CborCodec();
  return {
    contentType: 'application/cbor',
    read: (schema, bytes) =>
      Promise.resolve(bytes.length === 0 ? {} : (codec.createDeserializer().read(schema, bytes) as unknown)),
    write: (schema, value) => {
      const serializer = codec.createSerializer();
      serializer.write(schema, value);
      return serializer.flush();
    },
  };
}
