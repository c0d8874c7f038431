import { AtcomError, isAtcomError } from '../../errors.ts';
import { namedFiles, Together } from '../../files/named.ts';

/** Reads a recording; `shown` is its name in messages. */
export type ReadWav = (file: string, shown: string) => Int16Array;

/** Twelve minutes, in bytes. */
const LONGEST = 11 * 1024 * 1024;

/** The maximum of all recordings of a run, in MiB: more than two hours. */
const MOST = 128;

/** Reads each recording once, however many files, steps and combinations say it. */
export function newWavReader(): ReadWav {
  const read = namedFiles(LONGEST, new Together(MOST), samplesOf);
  return (file, shown) => {
    const samples = readable(() => read(file), shown);
    if (typeof samples === 'string') throw unusable(shown, samples);
    return samples;
  };
}

/** The samples of a recording: WAV, 16-bit PCM, one channel, 8000 samples a second, as in telephony; or what is wrong. */
function samplesOf(data: Buffer): Int16Array | string {
  const word = (at: number) => data.toString('latin1', at, at + 4);
  if (data.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE') return 'is no WAV file';
  let format:
    | { readonly kind: number; readonly channels: number; readonly rate: number; readonly bits: number }
    | undefined;
  for (let at = 12; at + 8 <= data.length; ) {
    const size = data.readUInt32LE(at + 4);
    const body = at + 8;
    if (word(at) === 'fmt ' && body + 16 <= data.length) {
      format = {
        kind: data.readUInt16LE(body),
        channels: data.readUInt16LE(body + 2),
        rate: data.readUInt32LE(body + 4),
        bits: data.readUInt16LE(body + 14),
      };
    }
    if (word(at) === 'data') {
      if (format?.kind !== 1 || format.channels !== 1 || format.rate !== 8000 || format.bits !== 16) break;
      const end = Math.min(body + size, data.length);
      const samples = new Int16Array(Math.floor((end - body) / 2));
      for (let index = 0; index < samples.length; index += 1)
        samples[index] = data.readInt16LE(body + 2 * index);
      return samples;
    }
    at = body + size + (size % 2);
  }
  return 'is no WAV of 8000 Hz, mono, 16 bits';
}

function readable<T>(read: () => T, shown: string): T {
  try {
    return read();
  } catch (error) {
    if (!isAtcomError(error) || error.code !== 'unreadable-file') throw error;
    throw unusable(shown, `cannot be read: ${error.details.reason}`);
  }
}

function unusable(shown: string, reason: string): AtcomError {
  return new AtcomError('usage', {
    reason: `${shown} ${reason}`,
    hint: 'sox in.wav -r 8000 -c 1 -b 16 out.wav makes one that a phone can say',
  });
}
