import type { IncomingMessage } from 'node:http';

/** Reads a body; undefined for one that is longer than a body of this page can be. */
export async function readBody(req: IncomingMessage, largest: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > largest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads a JSON body; undefined for what is no JSON, or longer than a body of this page can be. */
export async function readJson(req: IncomingMessage, largest = 1024): Promise<unknown> {
  const body = await readBody(req, largest);
  try {
    return body === undefined ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The member of an object; undefined when it has none, or is none. */
export function member(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
