import * as z from 'zod';

const judgement = z
  .strictObject({
    probe: z.string(),
    method: z.string(),
    place: z.string().nullable().describe('Null: all places together.'),
    what: z.string().describe('The figure that was judged.'),
    expected: z.string(),
    actual: z.string(),
    passed: z.boolean(),
    sentence: z.string(),
    line: z.int().nullable().describe('Line of the expectation in the drill file.'),
  })
  .readonly();

/** Whether a drill went as expected, expectation by expectation. */
export const verdictSchema = z
  .strictObject({
    passed: z.boolean().describe('Whether everything expected holds; true when nothing is expected.'),
    judgements: z.array(judgement).readonly(),
  })
  .readonly();

export type Verdict = z.infer<typeof verdictSchema>;
export type Judgement = z.infer<typeof judgement>;
