import { facts } from '../facts.ts';

/** Every number of CloudFormation that the engine goes by; those that templates are held against stand in `template/limits.ts`. */
export const CLOUDFORMATION_FACTS = facts({
  INLINE_TEMPLATE_BYTES_MAX: { value: 51_200, standing: 'documented', line: 'RS 8.24', checked: '2026-11-21' },
  STORED_TEMPLATE_BYTES_MAX: { value: 1_048_576, standing: 'documented', line: 'RS 8.24', checked: '2026-11-21' },
  STACK_NAME_CHARS_MAX: { value: 128, standing: 'documented', line: 'RS 8.24', checked: '2026-11-21' },
  PARAMETERS_MAX: { value: 200, standing: 'documented', line: 'RS 8.24', checked: '2026-11-21' },
  DELETED_STACKS_KEPT_DAYS: { value: 90, standing: 'documented', line: 'RS 8.23', checked: '2026-11-21' },
  TAGS_MAX: { value: 50, standing: 'assumed', line: 'RS 8.24', checked: '2026-11-21' },
});
