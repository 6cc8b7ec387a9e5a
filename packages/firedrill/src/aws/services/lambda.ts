import type { Cloud } from '../cloud.ts';
import type { LambdaHandlers } from '../lambda/function-handlers.ts';
import { functionHandlers } from '../lambda/function-handlers.ts';
import { permissionHandlers } from '../lambda/permission-handlers.ts';
import { settingHandlers } from '../lambda/setting-handlers.ts';
import { urlHandlers } from '../lambda/url-handlers.ts';
import { versionHandlers } from '../lambda/version-handlers.ts';

/** Functions. */
export function lambda(cloud: Cloud): LambdaHandlers {
  return {
    ...functionHandlers(cloud),
    ...permissionHandlers(cloud),
    ...settingHandlers(cloud),
    ...versionHandlers(cloud),
    ...urlHandlers(cloud),
  };
}
