/** A template to read, with everything about its deployment that the text itself does not say. */
export interface TemplateSource {
  /** As it shall stand in findings. */
  readonly file: string;
  readonly text: string;
  /** Name of the stack. */
  readonly stack: string;
  readonly region?: string;
  readonly account?: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** How `dependencies` of other stacks call this one; by default the name of the stack. */
  readonly id?: string;
  /** Ids of stacks that are deployed before this one. */
  readonly dependencies?: readonly string[];
  /** Code that exists, by what a template calls it: the S3 object key, or the path as written. */
  readonly code: Readonly<Record<string, CodeLocation>>;
}

/** Where code was found. The reader of templates touches no files; it is told. */
export interface CodeLocation {
  readonly kind: 'directory' | 'archive' | 'data';
  readonly path: string;
  /** Files of a directory, relative to it, with forward slashes. Of an archive nothing is known. */
  readonly files: readonly string[];
  /** What a single file of data says, as what a key value store imports. */
  readonly text?: string;
}
