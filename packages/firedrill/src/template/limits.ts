/** Characters of one template; CloudFormation takes 1 MB from S3 (RS 8.24). */
export const TEMPLATE_CHARS_MAX = 1_048_576;

/** How deep values may nest. No template we know of comes near; a generated one must not exhaust the stack. */
export const DEPTH_MAX = 100;

/** Values in one template after YAML aliases and `Fn::ForEach` are expanded. */
export const NODES_MAX = 200_000;

/** Characters of one text that intrinsics put together; nested substitutions could double it without end. */
export const TEXT_CHARS_MAX = 1_048_576;

/** Findings of one reading. Whoever has that many fixes the first ones and asks again. */
export const FINDINGS_MAX = 1000;

/** CloudFormation's own quotas, after expansion (RS 8.9, 8.24). */
export const RESOURCES_MAX = 500;
export const SECTION_ENTRIES_MAX = 200;
export const PARAMETER_VALUE_CHARS_MAX = 4096;
