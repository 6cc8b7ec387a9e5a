import { facts } from '../facts.ts';

/** Every number of Region switch that the engine goes by. */
export const REGION_SWITCH_FACTS = facts({
  /** How often the alarms of triggers are looked at: AWS does not say. */
  TRIGGER_LOOK_MS: { value: 60_000, standing: 'assumed', line: 'R53 RS-06', checked: '2026-11-21' },
});
