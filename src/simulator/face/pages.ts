import type { PageFile } from '../../web/page.ts';

/** Where the files of a face are. The pages are one file, which shows another part of the phone at each path. */
const FILES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/all': 'index.html',
  '/remote-control': 'index.html',
  '/action-url': 'index.html',
  '/main.js': 'main.js',
  '/style.css': 'style.css',
  '/icon.svg': 'icon.svg',
};

export const FACE_PATHS = Object.keys(FILES);

/**
 * A file of the face of a phone. They hold nothing of the phone but its model, so anybody may have them; what they show
 * and do, they get from `/_sim/`.
 */
export async function faceFile(path: string, model: string): Promise<PageFile> {
  const { faceFiles } = await import('./files.ts');
  const name = FILES[path] ?? '';
  const file = faceFiles[name];
  if (file === undefined) throw new Error(`the face has no file ${name}`);
  if (name !== 'index.html') return file;
  // What looks for phones in a network knows them by their title.
  return { ...file, body: file.body.replace(/(?<=<title>)[^<]*/, `ATCOM ${model}`) };
}
