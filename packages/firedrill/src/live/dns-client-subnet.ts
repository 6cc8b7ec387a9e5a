import type { ClientSubnet } from '../engine/index.ts';
import { addressText, ipv4Bytes, ipv6Bytes } from './dns-addresses.ts';

/*
 * The option in which a resolver tells where its client is (RFC 7871).
 */

export const CLIENT_SUBNET_OPTION = 8;

const FAMILIES = [
  { code: 1, addressBytes: 4 },
  { code: 2, addressBytes: 16 },
] as const;

/** A subnet as a question carries it, with the bytes that the answer has to repeat. */
export interface WireSubnet {
  /** Undefined: of no family, from one who does not want to tell. */
  readonly subnet: ClientSubnet | undefined;
  readonly option: Buffer;
}

/** Reads the option's data; undefined when it is malformed, which makes the whole question so (RFC 7871, 7.1.2). */
export function readClientSubnet(data: Buffer): WireSubnet | undefined {
  if (data.length < 4) return undefined;
  const code = data.readUInt16BE(0);
  const prefixLength = data.readUInt8(2);
  const address = data.subarray(4);
  const isScopeZero = data.readUInt8(3) === 0;
  if (!isScopeZero || address.length !== Math.ceil(prefixLength / 8)) return undefined;
  if (code === 0 && prefixLength === 0) return { subnet: undefined, option: data };
  const family = FAMILIES.find((one) => one.code === code);
  if (family === undefined || prefixLength > family.addressBytes * 8) return undefined;
  const bitsBeyond = address.length * 8 - prefixLength;
  if (((address.at(-1) ?? 0) & ((1 << bitsBeyond) - 1)) !== 0) return undefined;
  const bytes = Buffer.alloc(family.addressBytes);
  address.copy(bytes);
  return { subnet: { address: addressText(bytes), prefixLength }, option: data };
}

/** The option's data as a question carries it. */
export function clientSubnetData({ address, prefixLength }: ClientSubnet): Buffer {
  const bytes = address.includes(':') ? ipv6Bytes(address) : ipv4Bytes(address);
  const head = Buffer.of(0, address.includes(':') ? 2 : 1, prefixLength, 0);
  return Buffer.concat([head, bytes.subarray(0, Math.ceil(prefixLength / 8))]);
}
