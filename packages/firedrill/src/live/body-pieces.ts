import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import type { ByteRange, CutBody } from '../engine/index.ts';

/** Pieces of a body that is there whole. */
export function piecesOf(content: Buffer, pieces: CutBody['pieces']): Buffer {
  return Buffer.concat(
    pieces.map((piece) =>
      typeof piece === 'string' ? Buffer.from(piece) : content.subarray(piece.first, piece.last + 1),
    ),
  );
}

/** Pieces of a body that is still coming; what lies before, between and behind them is read and left out. */
export class PieceCutter extends Transform {
  private readonly pieces: (string | ByteRange)[];
  private position = 0;

  constructor(pieces: CutBody['pieces']) {
    super();
    this.pieces = [...pieces];
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const end = this.position + chunk.length;
    for (;;) {
      this.pushText();
      const [piece] = this.pieces;
      if (piece === undefined || typeof piece === 'string' || piece.first >= end) break;
      this.push(chunk.subarray(Math.max(0, piece.first - this.position), piece.last + 1 - this.position));
      if (piece.last >= end) break;
      this.pieces.shift();
    }
    this.position = end;
    done();
  }

  override _flush(done: TransformCallback): void {
    this.pushText();
    done();
  }

  private pushText(): void {
    for (let [piece] = this.pieces; typeof piece === 'string'; [piece] = this.pieces) {
      this.push(Buffer.from(piece));
      this.pieces.shift();
    }
  }
}
