import { expect, test } from 'vitest';
import { openTestCloud } from './cloud.fixture.ts';
import { readServiceModel } from './protocol/service-model.ts';
import type { Service } from './services.ts';
import { SERVICES } from './services.ts';

/* OPERATIONS.md is what the handler maps say; `npx vitest run --config vitest.check.config.ts packages/firedrill/src/aws -u` writes it. */

const HEADING = `# Operations that are answered

Written by \`operations.gate.test.ts\` from the handler maps; whatever else is asked for is refused as AWS refuses an operation that it
does not have, and counted for \`firedrill status\`.
`;

async function sectionOf(service: Service): Promise<string> {
  const { client, handlers } = await service.load(openTestCloud().cloud);
  const all = readServiceModel(client).operations.size;
  const answered = Object.keys(handlers).toSorted();
  const names = answered.length === 0 ? 'None.' : `${answered.map((name) => `\`${name}\``).join(', ')}.`;
  return `## ${service.serviceId}\n\n${service.protocols.join(', ')}; ${answered.length} of ${all}.\n\n${names}\n`;
}

test('OPERATIONS.md lists what is answered, service by service', async () => {
  const sections = await Promise.all(SERVICES.map(sectionOf));
  await expect([HEADING, ...sections].join('\n')).toMatchFileSnapshot('OPERATIONS.md');
});
