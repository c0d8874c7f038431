import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import type { VirtualPhone } from '../../simulator/index.ts';
import type { Surroundings } from '../context.ts';
import { withoutOurs } from '../process/without-ours.ts';

type Environment = Surroundings['env'];

/** The URL of the page with all phones, as a browser on this computer reaches it. */
export function facesUrl([first]: readonly VirtualPhone[]): string {
  const url = new URL('/all', first?.url);
  // A wildcard address cannot be opened.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return url.href;
}

/** The program that opens a URL on a desktop, if there is one. */
function openerOf(env: Environment): readonly string[] | undefined {
  const system = platform();
  if (system === 'darwin') return ['open'];
  if (system === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined ? undefined : ['xdg-open'];
}

/** Opens a URL in the desktop's browser, which gets none of our settings, such as a password; false if there is no desktop, or nothing to open it with. */
export function openInBrowser(url: string, env: Environment): Promise<boolean> {
  const [program, ...words] = openerOf(env) ?? [];
  if (program === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(program, [...words, url], { env: withoutOurs(env), stdio: 'ignore', detached: true });
    child.once('spawn', () => resolve(true)).once('error', () => resolve(false));
    child.unref();
  });
}
