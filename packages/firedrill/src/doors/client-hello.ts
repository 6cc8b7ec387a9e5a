/** No ClientHello is longer; one that is not whole by then is none. */
const HELLO_BYTES_MAX = 16_384 + 5;

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const HOST_NAME = 0;

export type Hello =
  | { readonly kind: 'hello'; readonly serverName: string | undefined }
  /** More bytes are needed. */
  | { readonly kind: 'partial' }
  | { readonly kind: 'none' };

/** Reads the server name that a TLS connection begins with (RFC 8446, 4.1.2; RFC 6066, 3). Takes one record. */
export function readClientHello(bytes: Buffer): Hello {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE) return { kind: 'none' };
  if (bytes.length < 5) return { kind: 'partial' };
  const end = 5 + bytes.readUInt16BE(3);
  if (end > HELLO_BYTES_MAX) return { kind: 'none' };
  if (bytes.length < end) return { kind: 'partial' };
  if (bytes[5] !== CLIENT_HELLO) return { kind: 'none' };
  try {
    return { kind: 'hello', serverName: serverNameIn(bytes.subarray(0, end)) };
  } catch {
    // It points past its own end.
    return { kind: 'none' };
  }
}

function serverNameIn(hello: Buffer): string | undefined {
  // Record, handshake header, version and random.
  let at = 5 + 4 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  if (at >= hello.length) return undefined;
  const end = at + 2 + hello.readUInt16BE(at);
  for (at += 2; at < end; at += 4 + hello.readUInt16BE(at + 2)) {
    if (hello.readUInt16BE(at) !== SERVER_NAME) continue;
    if (hello.readUInt8(at + 6) !== HOST_NAME) return undefined;
    const length = hello.readUInt16BE(at + 7);
    return hello.toString('latin1', at + 9, at + 9 + length).toLowerCase();
  }
  return undefined;
}
