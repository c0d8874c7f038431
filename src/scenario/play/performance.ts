import type { AtcomError } from '../../errors.ts';
import type { Heard } from '../../receiver/index.ts';

/** The result of one leaf; `stopped` if its signal ended it. */
export type Performance =
  | {
      readonly status: 'passed';
      readonly heard?: readonly Heard[];
      /** What was proven to be heard. */
      readonly sound?: string;
    }
  | { readonly status: 'failed'; readonly error: AtcomError; readonly unread: readonly Heard[] }
  | { readonly status: 'error'; readonly error: AtcomError }
  | { readonly status: 'stopped' };
