import { AtcomError } from '../../errors.ts';

/** The kinds of links, as each system calls them. */
export const SCHEMES = ['tel', 'callto', 'sip'] as const;

/** The name of the desktop entry. */
export const ENTRY = 'atcom-handler.desktop';

export const MIME_TYPES = SCHEMES.map((scheme) => `x-scheme-handler/${scheme}`);

/** The command that starts the program: an argument vector, never a shell line. */
export interface Start {
  readonly program: string;
  readonly words: readonly string[];
}

/**
 * The freedesktop.org entry.
 *
 * @param terminal - whether the program is started in a terminal, so that it can ask there
 * @param folder - where it is started; else it would be where the browser was, whose config may mean other phones
 */
export function desktopEntry(
  { program, words }: Start,
  { terminal, folder }: { readonly terminal: boolean; readonly folder: string | undefined },
): string {
  checkWritable([program, ...words, folder ?? ''], LINE_END);
  const exec = [program, ...words].map(execWord).join(' ');
  return `[Desktop Entry]
Type=Application
Name=Call with a desk phone
Comment=Calls the number of a link with atcom
Exec=${exec} %u${folder === undefined ? '' : `\nPath=${folder.replaceAll('\\', '\\\\')}`}
Terminal=${terminal}
NoDisplay=true
MimeType=${MIME_TYPES.join(';')};
`;
}

/** Ends a line, or is another control character. Programs differ in how they read an escaped one. */
const LINE_END = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** In quotes, Windows also takes a part of the link for `%1`, and no escape of `"` means the same in all programs. */
const UNQUOTABLE = /[\p{Cc}\p{Zl}\p{Zp}"%]|\\$/u;

/**
 * The name of a folder could otherwise add a line, and so a program that the next link starts.
 *
 * @throws {AtcomError} `usage`
 */
function checkWritable(values: readonly string[], not: RegExp): void {
  const wrong = values.find((value) => not.test(value));
  if (wrong === undefined) return;
  const character = JSON.stringify(not.exec(wrong)?.[0]);
  throw new AtcomError('usage', {
    reason: `${JSON.stringify(wrong)} cannot be written into the file that opens links, because of the ${character} in it`,
    hint: 'give it another name',
  });
}

/** An argument of Exec=, quoted twice as the specification requires: as a word, and as a value in the file. */
function execWord(word: string): string {
  const quoted = /^[\w./:@,+-]+$/.test(word) ? word : `"${word.replace(/["`$\\]/g, '\\$&')}"`;
  return quoted.replaceAll('\\', '\\\\').replaceAll('%', '%%');
}

/** A .reg file for Windows; untested. */
export function registryFile({ program, words }: Start): string {
  checkWritable([program, ...words], UNQUOTABLE);
  const command = [program, ...words, '%1'].map((word) => `\\"${word.replaceAll('\\', '\\\\')}\\"`).join(' ');
  const root = 'HKEY_CURRENT_USER\\Software';
  const capabilities = SCHEMES.map((scheme) => `"${scheme}"="atcom.link"`).join('\r\n');
  const parts = [
    'Windows Registry Editor Version 5.00',
    `[${root}\\Classes\\atcom.link]\r\n@="Call with a desk phone"\r\n"URL Protocol"=""`,
    `[${root}\\Classes\\atcom.link\\shell\\open\\command]\r\n@="${command}"`,
    `[${root}\\atcom\\Capabilities]\r\n"ApplicationName"="atcom"`,
    `[${root}\\atcom\\Capabilities\\URLAssociations]\r\n${capabilities}`,
    `[${root}\\RegisteredApplications]\r\n"atcom"="Software\\\\atcom\\\\Capabilities"`,
  ];
  return `${parts.join('\r\n\r\n')}\r\n`;
}

/** The Info.plist of a macOS application whose program passes the link on; untested. */
export function propertyList(): string {
  const schemes = SCHEMES.map((scheme) => `      <string>${scheme}</string>`).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>CFBundleIdentifier</key>
  <string>atcom.handler</string>
  <key>CFBundleExecutable</key>
  <string>atcom-handler</string>
  <key>CFBundleURLTypes</key>
  <array><dict>
    <key>CFBundleURLName</key>
    <string>Call with a desk phone</string>
    <key>CFBundleURLSchemes</key>
    <array>
${schemes}
    </array>
  </dict></array>
</dict>
</plist>
`;
}
