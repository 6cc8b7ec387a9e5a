import type { TestAws } from './aws.fixture.ts';
import { openTestAws } from './aws.fixture.ts';
import type { TestCloud } from './cloud.fixture.ts';
import { openTestCloud } from './cloud.fixture.ts';

/** The APIs over an account, on a port of this machine. */
export async function openStores(): Promise<TestAws & TestCloud> {
  const test = openTestCloud();
  const opened = await openTestAws({ parts: test.cloud });
  return Object.assign(test, opened);
}
