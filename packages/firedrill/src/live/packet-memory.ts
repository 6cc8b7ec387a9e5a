/** A read of a long body; shorter pieces are cheaper made anew. */
const PACKET_BYTES_MIN = 16 * 1024;
const PACKET_BYTES_MAX = 64 * 1024;
/** Memory that waits for its next use: 4 MiB. */
const IDLE_MAX = 64;

/** All that is free is alike; what has been used latest is used first, for it is still near the core. */
const idle: ArrayBuffer[] = [];

/** A copy of bytes, where there is room for it in memory that was used before. */
export function packetOf(bytes: Buffer): Buffer {
  if (bytes.length < PACKET_BYTES_MIN || bytes.length > PACKET_BYTES_MAX) return Buffer.from(bytes);
  const memory = idle.pop() ?? new ArrayBuffer(PACKET_BYTES_MAX);
  const packet = Buffer.from(memory, 0, bytes.length);
  bytes.copy(packet);
  return packet;
}

/** Takes back what {@link packetOf} gave. Call once, and only when nobody else has it any more. */
export function reusePacket(packet: Buffer): void {
  const { buffer } = packet;
  const isOurs = buffer instanceof ArrayBuffer && buffer.byteLength === PACKET_BYTES_MAX && packet.byteOffset === 0;
  if (isOurs && packet.length >= PACKET_BYTES_MIN && idle.length < IDLE_MAX) idle.push(buffer);
}
