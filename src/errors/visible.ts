/**
 * Characters that affect a terminal instead of being displayed: control characters, and bidirectional marks. The
 * zero-width joiners are part of the text if they stand between letters or emoji. Made only where it is needed, because
 * V8 then reads Unicode's tables.
 */
const invisible = () =>
  /(?!(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d](?=[\p{L}\p{M}\p{Extended_Pictographic}]))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Nothing of that is in here; finding that out takes a tenth of the time. */
const PLAIN = /^[ -~]*$/;

/** Azure Pipelines, GitHub Actions and TeamCity take these for commands, anywhere in a line. */
const COMMAND = /##(?=(?:vso|teamcity)?\[)/gi;

/** GitHub Actions takes this for a command at the start of a line, blanks aside; no address begins so. */
const WORKFLOW_COMMAND = /^(\s*):(?=:[a-f]*[g-z-])/i;

/** Makes a text safe for a terminal: control characters and invisible ones are written as `\u001b`. */
export function visible(text: string): string {
  if (PLAIN.test(text) && !/##|^\s*::/.test(text)) return text;
  const inert = text.replace(COMMAND, '#\\u0023').replace(WORKFLOW_COMMAND, '$1\\u003a');
  return inert.replace(invisible(), (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** The same for a text with several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** A text without such characters, where they mean nothing: in a number, or in what somebody types. */
export function printable(text: string): string {
  return text.replace(invisible(), '');
}
