import { someOf } from '../../errors/some-of.ts';
import { AtcomError } from '../../errors.ts';
import { closest } from '../../protocol/suggest.ts';
import { isInProcess, type Role } from '../scenario.ts';
import { STEP_WORDS } from './file-schema.ts';
import type { Notes, Path } from './notes.ts';

/** The phones of a scenario by name, and the value of `$b`. */
export class Roles {
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #notes: Notes;
  /** Problems with calls between real and virtual phones, which no switchboard connects. */
  readonly #crossings: Notes;
  /** Problems with audio steps on phones without audio. */
  readonly #silent: Notes;

  constructor(roles: ReadonlyMap<string, Role>, notes: Notes, crossings: Notes, silent: Notes) {
    this.#roles = roles;
    this.#notes = notes;
    this.#crossings = crossings;
    this.#silent = silent;
  }

  /** Only phones at a PBX have audio that can be observed. */
  mustHear(role: Role, path: Path): void {
    if (role.account !== undefined) return;
    const kind = role.virtual
      ? 'a virtual phone without an account, and has no audio'
      : 'a real phone, whose audio is not available here';
    this.#silent.wrong(path, `${role.name} is ${kind}; give it { sip: ACCOUNT }, or run with --sip-pbx`);
  }

  /** A real phone does not report the digits that it receives. */
  mustBeVirtual(role: Role, path: Path): void {
    if (!role.virtual) this.mustHear(role, path);
  }

  /** The phones of `a` or `a, b`; undefined if one is unknown. */
  named(word: string, path: Path): readonly Role[] | undefined {
    const found = new Set<Role>();
    for (const name of word.split(',').map((each) => each.trim())) {
      const role = this.#roles.get(name);
      // The others would not help, and a word may have thousands.
      if (role === undefined)
        return this.#notes.wrong(
          path,
          `there is no phone ${JSON.stringify(name)}; ${this.#meant(name, STEP_WORDS)}`,
        );
      if (found.has(role)) return this.#notes.wrong(path, `${name} occurs twice`);
      found.add(role);
    }
    return [...found];
  }

  /**
   * Gives the number of `$b`, found once: a text can repeat it thousands of times.
   *
   * @param callers - the phones that may call it
   * @throws {AtcomError} `usage`
   */
  extensions(callers: readonly Role[], path: Path): (name: string) => string {
    const known = new Map<string, string>();
    return (name) => {
      const extension = known.get(name) ?? this.#extension(name, callers, path);
      known.set(name, extension);
      return extension;
    };
  }

  #extension(name: string, callers: readonly Role[], path: Path): string {
    const role = this.#roles.get(name);
    if (role === undefined) {
      const reason = `there is no phone or value ${JSON.stringify(name)} for $${name}`;
      throw new AtcomError('usage', { reason, hint: this.#meant(name) });
    }
    const { extension, name: phone = role.settings.host } = role.settings;
    if (extension === undefined) {
      throw new AtcomError('usage', {
        reason: `${name} (${phone}) has no extension for $${name}`,
        hint: `set extension: for ${phone} in the config, or write ${name}: { phone: ${phone}, extension: "6040" }`,
      });
    }
    const stranger = callers.find((caller) => isInProcess(caller) !== isInProcess(role));
    if (stranger !== undefined) {
      const [far, near] = isInProcess(role) ? [stranger, role] : [role, stranger];
      const kind = far.virtual ? 'at a PBX' : 'a real phone';
      this.#crossings.wrong(
        path,
        `${near.name} is a virtual phone without an account, and ${far.name} is ${kind}: they cannot call each other; give ${near.name} { sip: ACCOUNT }; --simulate makes all of them virtual, --sip-pbx gives each an account`,
      );
    }
    return extension;
  }

  #meant(name: string, others: readonly string[] = []): string {
    const names = [...this.#roles.keys()];
    const [near] = closest(name, [...names, ...others]);
    return near === undefined ? `there is ${someOf(names)}` : `did you mean ${near}?`;
  }
}
