/** The checks in order; each needs those before it. */
export const CHECKS = [
  'config',
  'name',
  'route',
  'port',
  'mac',
  'tls',
  'path',
  'status',
  'credentials',
  'allow-list',
  'approval',
  'web-page',
  'firmware',
  'action-urls',
  'ip-list',
  'events',
] as const;

export type CheckName = (typeof CHECKS)[number];

export type Level = 'ok' | 'warning' | 'problem' | 'skipped';

/** One finding of the doctor. */
export interface Check {
  readonly check: CheckName;
  readonly level: Level;
  readonly message: string;
  /** How to fix it. */
  readonly remedy?: string;
}

/** A check and the exit code of its problem. */
export interface Finding extends Check {
  readonly exitCode?: number;
  /** Whether it only says that this computer had no handle left: alone, the phone can be examined anew. */
  readonly scarce?: true;
}

export function ok(check: CheckName, message: string): Finding {
  return { check, level: 'ok', message };
}

export function warning(check: CheckName, message: string, remedy: string): Finding {
  return { check, level: 'warning', message, remedy };
}

export function problem(
  check: CheckName,
  exitCode: number,
  message: string,
  remedy: string | undefined,
): Finding {
  return { check, level: 'problem', message, ...(remedy === undefined ? {} : { remedy }), exitCode };
}

export function skipped(check: CheckName, message: string): Finding {
  return { check, level: 'skipped', message };
}

/**
 * The exit code of the worst finding of all phones: that of the earliest problem in the chain, because the less
 * works on the way to a phone, the worse. Warnings give 0.
 *
 * @param sent - whether something was sent to any of them: 2 promises that nothing was
 */
export function worstExitCode(phones: readonly (readonly Finding[])[], sent: boolean): number {
  const problems = phones.flat().filter(({ level }) => level === 'problem');
  problems.sort((a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check));
  const exitCode = problems[0]?.exitCode ?? 0;
  return exitCode === 2 && sent ? 1 : exitCode;
}
