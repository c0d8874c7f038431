import type { IncomingMessage } from 'node:http';

/** A larger body is no answer to a prompt. */
const LARGEST = 1024;

/** Reads `{"press":"save"}` or `{"press":"cancel"}`, whatever its content type says, so that `curl -d` will do. */
export async function readPromptAnswer(req: IncomingMessage): Promise<'save' | 'cancel' | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > LARGEST) return undefined;
    chunks.push(chunk);
  }
  const press = pressOf(Buffer.concat(chunks).toString('utf8'));
  return press === 'save' || press === 'cancel' ? press : undefined;
}

function pressOf(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && 'press' in value ? value.press : undefined;
  } catch {
    return undefined;
  }
}
