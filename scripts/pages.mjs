// Pages for browsers: `src/pages/<name>/` (index.html, icon.svg, style.css, main.ts) becomes the module `src/pages/<name>.page.js`,
// which contains the files of the page as text. It exists only in builds: esbuild and Vite make it when it is imported.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };

/** The files of a page as the text of a module. */
export async function pageModule(folder) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(folder, 'main.ts'), join(folder, 'style.css')],
    outdir: folder,
    bundle: true,
    minify: true,
    write: false,
    charset: 'utf8',
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16'],
    legalComments: 'inline',
    logLevel: 'warning',
    metafile: true,
  });
  // Modules that are only imported on the way to a table leave nothing in the page.
  const inside = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const [foreign] =
    inside.find(([file, { bytesInOutput }]) => file.includes('node_modules/') && bytesInOutput > 0) ?? [];
  if (foreign !== undefined) throw new Error(`${foreign} is in a page, where its notice would be missing`);
  const whole = ['index.html', 'icon.svg'].map(async (name) => [
    name,
    await readFile(join(folder, name), 'utf8'),
  ]);
  const bundled = outputFiles.map(({ path, text }) => [basename(path), text]);
  const files = [...(await Promise.all(whole)), ...bundled].map(([name, body]) => {
    const type = `${TYPES[name.replace(/.*\./, '')]}; charset=utf-8`;
    return [name, { type, body }];
  });
  return `export default ${JSON.stringify(Object.fromEntries(files))};\n`;
}

const PAGE = /\.page\.js$/;

/** The folder that holds the sources of `<name>.page.js`. */
export const folderOf = (module) => module.replace(PAGE, '');

/** For esbuild. */
export const pagesOfEsbuild = {
  name: 'pages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: PAGE }, ({ path, importer }) => ({
      path: join(dirname(importer), path),
      namespace: 'page',
    }));
    onLoad({ filter: PAGE, namespace: 'page' }, async ({ path }) => ({
      contents: await pageModule(folderOf(path)),
    }));
  },
};

/** For Vite, and so for tests: they always get the page of the current sources. */
export const pagesOfVite = {
  name: 'pages',
  resolveId(path, importer) {
    return PAGE.test(path) && importer !== undefined ? join(dirname(importer), path) : undefined;
  },
  load(path) {
    return PAGE.test(path) ? pageModule(folderOf(path)) : undefined;
  },
};
