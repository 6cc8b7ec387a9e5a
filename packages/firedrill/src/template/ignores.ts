import type { Ignore } from '../model/index.ts';
import { FINDING_CODES } from '../model/index.ts';
import type { MapNode, Node } from './node.ts';
import { get, isScalar } from './node.ts';
import { nearestTo } from './references.ts';
import type { Teller } from './teller.ts';

const SHAPE = 'Metadata: { Firedrill: { Ignore: [{ code: check/…, reason: why it is right here }] } }';

/** What the template says is to be ignored: for all of it, and for single resources. One without a reason is told and not heeded. */
export function readIgnores(root: Node, resources: MapNode, tell: Teller): readonly Ignore[] {
  return [
    ...ignoresIn(get(root, 'Metadata'), '', tell),
    ...[...resources.entries].flatMap(([logicalId, { value }]) =>
      ignoresIn(get(value, 'Metadata'), `Resources.${logicalId}`, tell),
    ),
  ];
}

function ignoresIn(metadata: Node | undefined, within: string, tell: Teller): readonly Ignore[] {
  const list = get(get(metadata, 'Firedrill'), 'Ignore');
  if (list === undefined || list.kind === 'unknown') return [];
  const items = list.kind === 'list' ? list.items : [list];
  return items.flatMap((item) => {
    const [code, reason] = [textOf(item, 'code'), textOf(item, 'reason')];
    if (code === undefined || reason === undefined) {
      tell.warning('check/invalid-ignore', item.at, 'What is to be ignored needs a code and a reason.', {
        remedy: SHAPE,
      });
      return [];
    }
    if (!Object.hasOwn(FINDING_CODES, code)) {
      const nearest = nearestTo(code, Object.keys(FINDING_CODES));
      const remedy = nearest === undefined ? 'docs/findings.md has them all.' : `Did you mean ${nearest}?`;
      tell.warning('check/invalid-ignore', item.at, `There is no finding ${code} to ignore.`, { remedy });
      return [];
    }
    return [{ code, reason, place: item.at, within }];
  });
}

function textOf(node: Node, key: string): string | undefined {
  const value = get(node, key);
  return value !== undefined && isScalar(value) && value.text.trim() !== '' ? value.text : undefined;
}
