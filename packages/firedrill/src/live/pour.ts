import type { Readable, Writable } from 'node:stream';

/**
 * Passes a body on as it comes, no faster than it is taken, and ends what it goes into when it is whole.
 * @param brokenOff is told once when either side ends before; the body is given up then.
 */
export function pour(source: Readable, sink: Writable, brokenOff: () => void): void {
  let isOver = false;
  const breakOff = (): void => {
    if (isOver) return;
    isOver = true;
    source.destroy();
    sink.destroy(new Error('the body has broken off'));
    brokenOff();
  };
  source.on('data', (chunk: Buffer) => {
    if (!isOver && !sink.write(chunk)) source.pause();
  });
  source.once('end', () => {
    if (!isOver) sink.end();
  });
  source.on('error', breakOff);
  source.once('close', () => {
    if (!source.readableEnded) breakOff();
  });
  sink.on('drain', () => source.resume());
  sink.on('error', breakOff);
  sink.once('finish', () => (isOver = true));
  sink.once('close', breakOff);
}
