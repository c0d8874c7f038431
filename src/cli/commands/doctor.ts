import { parseDuration } from '../../protocol/duration.ts';
import type { Context } from '../context.ts';
import { targetCommand, wholeNumber, withTargets } from '../options.ts';

/** `atcom doctor <target>` */
export function doctorCommand(context: Context) {
  return targetCommand('doctor')
    .summary('find out why a phone does not accept keys or report events')
    .description(
      'Checks every step between this computer and a phone: name, route, port, MAC, TLS, path, status, credentials, ' +
        'allow list, approval, events. Each is ok, a warning or a problem with its fix; the exit code is that ' +
        'of the worst. RELEASE, which goes back to the main screen, is pressed once.',
    )
    .argument('[target...]', 'phones, as for --to')
    .option('--key <key>', 'press this key instead of RELEASE')
    .option('--no-key', 'press no key, and skip the checks that need one')
    .option('--events', 'turn do-not-disturb on and off, and wait for both events; it is off afterwards')
    .option('--within <duration>', 'how long to wait for each of them (default: 5s)', parseDuration)
    .option('--host <address>', 'address to listen on; phones cannot reach 127.0.0.1')
    .option('--port <port>', 'port to listen on (default: 8088)', wholeNumber(0, 65_535))
    .option('--timeout <duration>', 'time limit of each step, such as 5s', parseDuration)
    .option('--yes', 'do not ask, even for many phones')
    .addHelpText('after', '\nExample:\n  $ atcom doctor virtual --events')
    .action(async (targets, { within = 5000, ...options }) => {
      const { runDoctor } = await import('../doctor/doctor.ts');
      await runDoctor(context, { ...withTargets(targets, options), within });
    });
}
