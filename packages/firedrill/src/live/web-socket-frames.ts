import { randomBytes } from 'node:crypto';

/*
 * Frames of WebSockets (RFC 6455, 5), as far as somebody needs them who wants to know that a message has come, and no more.
 */

const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
export type Opcode = keyof typeof OPCODES;

/** No control frame carries more (RFC 6455, 5.5). */
const CONTROL_BYTES_MAX = 125;
const LENGTH_OF_TWO_BYTES = 126;
const LENGTH_OF_EIGHT_BYTES = 127;

/** One whole frame of up to 125 bytes. @param isMasked as clients must (RFC 6455, 5.3). */
export function frame(opcode: Opcode, payload: Buffer, isMasked: boolean): Buffer {
  const head = Buffer.from([0x80 | OPCODES[opcode], (isMasked ? 0x80 : 0) | payload.length]);
  if (!isMasked) return Buffer.concat([head, payload]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, payload.map((byte, i) => byte ^ (key[i % 4] ?? 0))]);
}

/** What is told of the frames that come. */
export interface FrameListener {
  /** A message has come whole. */
  message(): void;
  close(): void;
  ping(payload: Buffer): void;
  /** What comes are no frames. */
  broken(): void;
}

/** Reads frames as their bytes come; of messages nothing is kept. */
export class FrameReader {
  private readonly listener: FrameListener;
  private head = Buffer.alloc(0);
  private frame: { readonly opcode: number; readonly isLast: boolean; readonly key: Buffer } | undefined;
  private left = 0;
  private control: Buffer[] = [];
  private isBroken = false;

  constructor(listener: FrameListener) {
    this.listener = listener;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && !this.isBroken) rest = this.frame === undefined ? this.begin(rest) : this.goOn(rest);
  }

  private begin(bytes: Buffer): Buffer {
    const known = this.head.length;
    this.head = Buffer.concat([this.head, bytes.subarray(0, HEAD_BYTES_MAX - known)]);
    const bytesOfHead = headBytes(this.head);
    if (bytesOfHead === undefined || this.head.length < bytesOfHead) return bytes.subarray(HEAD_BYTES_MAX - known);
    const [first = 0, second = 0] = this.head;
    const isMasked = second >= 0x80;
    this.left = lengthIn(this.head);
    const key = isMasked ? this.head.subarray(bytesOfHead - 4, bytesOfHead) : Buffer.alloc(4);
    this.frame = { opcode: first & 0x0f, isLast: first >= 0x80, key };
    this.head = Buffer.alloc(0);
    if (this.isControl && this.left > CONTROL_BYTES_MAX) this.giveUp();
    else if (this.left === 0) this.end();
    return bytes.subarray(bytesOfHead - known);
  }

  private get isControl(): boolean {
    return (this.frame?.opcode ?? 0) >= OPCODES.close;
  }

  private goOn(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.left);
    if (this.isControl) this.control.push(part);
    this.left -= part.length;
    if (this.left === 0) this.end();
    return bytes.subarray(part.length);
  }

  private end(): void {
    const { frame: ended, listener } = this;
    const payload = Buffer.concat(this.control.splice(0)).map((byte, i) => byte ^ (ended?.key[i % 4] ?? 0));
    this.frame = undefined;
    switch (ended?.opcode) {
      case OPCODES.close:
        return listener.close();
      case OPCODES.ping:
        return listener.ping(Buffer.from(payload));
      case OPCODES.pong:
        return;
      case OPCODES.continuation:
      case OPCODES.text:
      case OPCODES.binary:
        if (ended.isLast) listener.message();
        return;
      default:
        this.giveUp();
    }
  }

  private giveUp(): void {
    this.isBroken = true;
    this.listener.broken();
  }
}

/** Two bytes, a length of eight, a key of four. */
const HEAD_BYTES_MAX = 14;

/** How long the head of a frame is; undefined: too little of it is known. */
function headBytes(head: Buffer): number | undefined {
  const second = head[1];
  if (second === undefined) return undefined;
  const length = second & 0x7f;
  const ofLength = length === LENGTH_OF_TWO_BYTES ? 2 : length === LENGTH_OF_EIGHT_BYTES ? 8 : 0;
  return 2 + ofLength + (second >= 0x80 ? 4 : 0);
}

function lengthIn(head: Buffer): number {
  const length = (head[1] ?? 0) & 0x7f;
  if (length === LENGTH_OF_TWO_BYTES) return head.readUInt16BE(2);
  return length === LENGTH_OF_EIGHT_BYTES ? Number(head.readBigUInt64BE(2)) : length;
}
