import * as packet from 'dns-packet';
import type { DecodedPacket } from 'dns-packet';
import type { DnsRecord, DnsReply, Question } from '../engine/index.ts';
import { CLIENT_SUBNET_OPTION, clientSubnetData } from './dns-client-subnet.ts';
import { MessageWriter } from './dns-message.ts';
import { readRecord } from './dns-records.ts';
import { CLASS_IN, EDNS_UDP_BYTES_MAX, HEADER_BYTES, typeCode, UDP_BYTES_MAX } from './dns-types.ts';

/*
 * What the world's own resolvers send and read. Replies are read with the packet library, by other code than writes them.
 */

/**
 * Writes a question as the world's own resolvers ask it: without EDNS, unless it tells where a client is.
 * @throws for what is no name or no type.
 */
export function encodeQuestion(id: number, { name, type, clientSubnet }: Question): Buffer {
  const bytes = Buffer.alloc(UDP_BYTES_MAX);
  const writer = new MessageWriter(bytes, bytes.length, HEADER_BYTES);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt16BE(1, 4);
  writer.name(name, false);
  writer.uint16(typeCode(type));
  writer.uint16(CLASS_IN);
  if (clientSubnet !== undefined) {
    bytes.writeUInt16BE(1, 10);
    writer.name('');
    writer.uint16(typeCode('OPT'));
    writer.uint16(EDNS_UDP_BYTES_MAX);
    writer.uint32(0);
    writer.measured(() => {
      writer.uint16(CLIENT_SUBNET_OPTION);
      writer.measured(() => writer.raw(clientSubnetData(clientSubnet)));
    });
  }
  return bytes.subarray(0, writer.at);
}

/** A reply as a client reads it. */
export interface DecodedReply {
  readonly id: number;
  readonly isTruncated: boolean;
  readonly rcode: DnsReply['rcode'];
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
}

/** Reads a reply; undefined when it is none. Codes that a resolver does not tell apart count as SERVFAIL. */
export function decodeReply(bytes: Buffer): DecodedReply | undefined {
  const decoded = decode(bytes);
  if (decoded === undefined || !decoded.flag_qr) return undefined;
  const code = bytes.readUInt16BE(2) & 0xf;
  const rcode = code === 0 ? 'NOERROR' : code === 3 ? 'NXDOMAIN' : code === 5 ? 'REFUSED' : 'SERVFAIL';
  return {
    id: bytes.readUInt16BE(0),
    isTruncated: decoded.flag_tc,
    rcode,
    answers: (decoded.answers ?? []).flatMap(readRecord),
    authority: (decoded.authorities ?? []).flatMap(readRecord),
  };
}

function decode(bytes: Buffer): DecodedPacket | undefined {
  try {
    return packet.decode(bytes);
  } catch {
    return undefined;
  }
}
