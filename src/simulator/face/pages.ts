import type { PageFile } from '../../web/page.ts';

/** The files of a face. All pages are one file, which shows another part of the phone at each path. */
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
 * Serves a file of a phone's face. The files contain nothing of the phone but its model, so they are public; their data
 * and actions go through `/_sim/`.
 */
export async function faceFile(path: string, model: string): Promise<PageFile> {
  const { faceFiles } = await import('./files.ts');
  const name = FILES[path] ?? '';
  const file = faceFiles[name];
  if (file === undefined) throw new Error(`the face has no file ${name}`);
  if (name !== 'index.html') return file;
  // Network scanners recognise a phone by its title.
  return { ...file, body: file.body.replace(/(?<=<title>)[^<]*/, `ATCOM ${model}`) };
}
