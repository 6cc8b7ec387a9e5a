import { ACCELERATOR_RULES } from './accelerators.ts';
import { ALARM_RULES } from './alarms.ts';
import { ALIAS_RULES } from './aliases.ts';
import { COMPETING_RECORD_RULES } from './competing-records.ts';
import { DISTRIBUTION_RULES } from './distributions.ts';
import { EDGE_FUNCTION_RULES } from './edge-functions.ts';
import { ERROR_PAGE_RULES } from './error-pages.ts';
import { FAILOVER_RECORD_RULES } from './failover-records.ts';
import { HEALTH_CHECK_SETTING_RULES } from './health-check-settings.ts';
import { HEALTH_CHECK_TARGET_RULES } from './health-check-targets.ts';
import { LOAD_BALANCER_RULES } from './load-balancers.ts';
import { ORIGIN_NAME_RULES } from './origin-names.ts';
import { ORIGIN_GROUP_RULES } from './origin-groups.ts';
import { QUOTA_RULES } from './quotas.ts';
import { RECOVERY_CONTROL_RULES } from './recovery-control.ts';
import type { Rule } from './rule.ts';
import { RUNBOOK_RULES } from './runbooks.ts';
import { WEBSITE_RULES } from './websites.ts';

/** Every trap that can be seen without running anything, in the order in which findings are told. */
export const RULES: readonly Rule[] = [
  ...ORIGIN_GROUP_RULES,
  ...DISTRIBUTION_RULES,
  ...ERROR_PAGE_RULES,
  ...QUOTA_RULES,
  ...ORIGIN_NAME_RULES,
  ...EDGE_FUNCTION_RULES,
  ...FAILOVER_RECORD_RULES,
  ...COMPETING_RECORD_RULES,
  ...ALIAS_RULES,
  ...WEBSITE_RULES,
  ...HEALTH_CHECK_SETTING_RULES,
  ...HEALTH_CHECK_TARGET_RULES,
  ...ALARM_RULES,
  ...LOAD_BALANCER_RULES,
  ...ACCELERATOR_RULES,
  ...RECOVERY_CONTROL_RULES,
  ...RUNBOOK_RULES,
];
