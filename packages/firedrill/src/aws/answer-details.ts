/** What an answer has that no model tells of. */
export interface AnswerDetails {
  /** Instead of the status that the model gives the operation, as 206 for a part of an object. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const DETAILS = new WeakMap<object, AnswerDetails>();

/** An output, or an error that is to be thrown, with what is written beside it. */
export function withDetails<Answer extends object>(answer: Answer, details: AnswerDetails): Answer {
  DETAILS.set(answer, details);
  return answer;
}

/** What is to be written beside an output or an error. */
export function detailsOf(answer: object): AnswerDetails {
  return DETAILS.get(answer) ?? {};
}
