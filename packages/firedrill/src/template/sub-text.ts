/** A piece of an `Fn::Sub` text. */
export type SubPiece =
  | { readonly kind: 'literal'; readonly text: string }
  /** `${Name}` or `${Resource.Attribute}`. */
  | { readonly kind: 'variable'; readonly name: string };

/** Takes the text of `Fn::Sub` apart; `${!Name}` stands for the literal `${Name}` (RS 8.3). */
export function subPieces(source: string): readonly SubPiece[] {
  const pieces: SubPiece[] = [];
  let from = 0;
  for (let open = source.indexOf('${'); open >= 0; open = source.indexOf('${', from)) {
    const close = source.indexOf('}', open);
    if (close < 0) break;
    if (open > from) pieces.push({ kind: 'literal', text: source.slice(from, open) });
    const name = source.slice(open + 2, close);
    if (name.startsWith('!')) pieces.push({ kind: 'literal', text: `\${${name.slice(1)}}` });
    else pieces.push({ kind: 'variable', name });
    from = close + 1;
  }
  if (from < source.length) pieces.push({ kind: 'literal', text: source.slice(from) });
  return pieces;
}
