import type { TemplateSource, WorldSource } from './drill.ts';
import type { DrillText } from './drill-schema.ts';
import { complain, type Reading } from './reading.ts';

const NOTHING: WorldSource = { kind: 'templates', templates: [] };

/** Where the architecture comes from; exactly one source, so that two can never disagree. */
export function readWorld(world: DrillText['world'] | undefined, reading: Reading): WorldSource {
  if (world === undefined) return NOTHING;
  const named = (['app', 'assembly', 'templates'] as const).filter((key) => world[key] !== undefined);
  if (named.length !== 1) {
    complain(reading, ['world'], {
      says:
        named.length === 0
          ? 'world names no source of the architecture.'
          : `world names ${named.join(' and ')}, but only one can be the source.`,
      remedy: 'Give exactly one of app (a CDK app), assembly (cdk.out) and templates.',
    });
  }
  if (named.length > 0 && world.app === undefined && Object.keys(world.context).length > 0) {
    complain(reading, ['world', 'context'], {
      says: 'world.context is given to a CDK app, but world.app is not set.',
      remedy: 'Remove context, or name the app; templates take parameters.',
    });
  }
  if (world.app !== undefined) return { kind: 'app', directory: world.app, context: world.context };
  if (world.assembly !== undefined) return { kind: 'assembly', directory: world.assembly };
  return {
    kind: 'templates',
    templates: (world.templates ?? []).map((template, index): TemplateSource => {
      const { file, stack, region, parameters } = template;
      const place = reading.document.placeOf(['world', 'templates', index]);
      return {
        file,
        parameters,
        place,
        ...(stack === undefined ? {} : { stack }),
        ...(region === undefined ? {} : { region }),
      };
    }),
  };
}
