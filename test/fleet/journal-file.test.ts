import { describe, expect, it } from 'vitest';
import { type Disk, JournalFile } from '../../src/fleet/journal-file.ts';

/** A disk in memory that tells what was done to it; each operation may go wrong. */
function fakeDisk(wrong: Partial<Disk> = {}) {
  let content = '';
  const done: string[] = [];
  const disk: Disk = {
    write: async (bytes, offset, length, position) => {
      done.push('write');
      const text = Buffer.from(bytes).toString('utf8', offset, offset + length);
      content = content.slice(0, position) + text + content.slice(position + length);
      return { bytesWritten: length };
    },
    datasync: async () => {
      done.push('datasync');
    },
    truncate: async (length) => {
      done.push(`truncate ${length}`);
      content = content.slice(0, length);
    },
    close: async () => {
      done.push('close');
    },
  };
  const used: Disk = { ...disk, ...wrong };
  return { disk, used, done, content: () => content };
}

const FULL = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

describe('a line of a journal', () => {
  it('is flushed before its promise settles, and lines of one moment share the flush', async () => {
    const { used, done, content } = fakeDisk();
    const file = new JournalFile(used);
    await Promise.all([file.append(1), file.append(2)]);
    expect(done).toEqual(['write', 'datasync']);
    expect(content()).toBe('1\n2\n');
    await file.close();
  });

  it('does not settle before the flush does', async () => {
    let flush = () => {};
    const { used, content } = fakeDisk({
      datasync: () =>
        new Promise((resolve) => {
          flush = resolve;
        }),
    });
    const order: string[] = [];
    const appended = new JournalFile(used).append(1).then(() => order.push('settled'));
    await new Promise(setImmediate);
    expect(content()).toBe('1\n');
    order.push('flushed');
    flush();
    await appended;
    expect(order).toEqual(['flushed', 'settled']);
  });

  it('is written on where the disk took only a part of it', async () => {
    const { disk, used, content } = fakeDisk({
      write: (bytes, offset, length, position) => disk.write(bytes, offset, Math.min(3, length), position),
    });
    const file = new JournalFile(used);
    await file.append({ intent: '10.0.0.1' });
    await file.append({ intent: '10.0.0.2' });
    expect(content()).toBe('{"intent":"10.0.0.1"}\n{"intent":"10.0.0.2"}\n');
  });

  it('begins where the whole lines before it end', async () => {
    const { used, content } = fakeDisk();
    await new JournalFile(used).append('a');
    await new JournalFile(used, 4).append('b');
    expect(content()).toBe('"a"\n"b"\n');
  });
});

describe('a disk that is full', () => {
  /** Takes so many bytes more, as a real one does: the last write is a short one. */
  function nearlyFull(room: number) {
    const fake = fakeDisk({
      write: async (bytes, offset, length, position) => {
        const taken = Math.min(length, room);
        if (taken === 0) throw FULL;
        room -= taken;
        return fake.disk.write(bytes, offset, taken, position);
      },
    });
    return fake;
  }

  it('fails the line that did not fit, takes it back, and fails all that come after it', async () => {
    const { used, content, done } = nearlyFull(10);
    const file = new JournalFile(used);
    await file.append('first');
    await expect(Promise.all([file.append('second'), file.append('third')])).rejects.toThrow('ENOSPC');
    const before = done.length;
    await expect(file.append(1)).rejects.toThrow('ENOSPC');
    expect(done).toHaveLength(before);
    expect(content()).toBe('"first"\n');
    await file.close();
    expect(done.at(-1)).toBe('close');
  });

  it('fails where a write says that it took nothing', async () => {
    const { used } = fakeDisk({ write: async () => ({ bytesWritten: 0 }) });
    await expect(new JournalFile(used).append(1)).rejects.toThrow('the disk takes no more');
  });

  it('fails all lines of a moment together: none of them is taken for written', async () => {
    const { used, content } = nearlyFull(4);
    const file = new JournalFile(used);
    const results = await Promise.allSettled([file.append('a'), file.append('b'), file.append('c')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(content()).toBe('');
  });
});

it('a flush that fails counts as nothing written, and is never tried again', async () => {
  const { used, done, content } = fakeDisk({
    datasync: async () => {
      throw new Error('EIO');
    },
  });
  const file = new JournalFile(used);
  await expect(file.append(1)).rejects.toThrow('EIO');
  await expect(file.append(2)).rejects.toThrow('EIO');
  expect(done).toEqual(['write', 'truncate 0']);
  expect(content()).toBe('');
});

it('where a failed line cannot even be taken back, the failure is still the first one', async () => {
  const fail = (code: string) => async () => {
    throw new Error(code);
  };
  const { used } = fakeDisk({ datasync: fail('EIO'), truncate: fail('EROFS') });
  await expect(new JournalFile(used).append(1)).rejects.toThrow('EIO');
});
