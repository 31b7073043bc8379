#!/usr/bin/env node
// What is published, made of what tsc wrote into dist/lib: few files start sooner than many.
//   dist/api/  what the package exports (package.json says what), as modules that share their common parts; and the same
//              as CommonJS, in one file, for jest, whose require() knows no modules. Node's own require() takes the
//              modules ("module-sync" comes first), so that there is one table of sockets in a process.
//   dist/cli/  the command line, with what it needs of other packages inside, so that nobody has to install them; as
//              CommonJS, which starts sooner. What draws the pages is loaded when a page is wanted.
import { build } from 'esbuild';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const lib = join(root, 'dist', 'lib');
const CONSTANTS = /\bdist\/lib\/constants(\/[\w-]+)?\.js$/;
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  legalComments: 'none',
  plugins: [namedConstants()],
};

/** There is no import.meta: lib/root.ts knows that. */
const commonJs = { format: 'cjs', define: { 'import.meta.url': 'undefined' } };

await Promise.all([bundleApi(join(root, 'dist', 'api')), bundleCommands(join(root, 'dist', 'cli'))]);

async function bundleApi(outdir) {
  rmSync(outdir, { recursive: true, force: true });
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entryPoints = Object.values(exports)
    .filter((entry) => typeof entry === 'object')
    .map(({ types, default: file }) => {
      const [, name] = /^\.\/dist\/api\/([\w-]+)\.js$/.exec(file) ?? [];
      // Outside, it would have a copy of its own of what the others share: the poller, the table of sockets.
      if (name === undefined)
        throw new Error(`package.json: an export's default has to be ./dist/api/NAME.js: ${file}`);
      return { in: join(root, types.replace(/\.d\.ts$/, '.js')), out: name };
    });
  const chunks = { splitting: true, format: 'esm', chunkNames: '[name]-[hash]' };
  const all = entryPoints.map((entry) => `export * as ${entry.out} from ${JSON.stringify(entry.in)};`).join('\n');
  const stdin = { contents: all, resolveDir: root };
  const index = await bundleIndex(outdir);
  const others = entryPoints.filter((entry) => entry.out !== 'index');
  await Promise.all([
    build({
      ...common,
      ...chunks,
      plugins: [namedConstants(), nodeDirectly(), sharedWith(index)],
      entryPoints: others,
      outdir,
    }),
    build({ ...common, ...commonJs, minifyWhitespace: true, stdin, outfile: join(outdir, 'commonjs.cjs') }),
  ]);
  for (const { out } of entryPoints)
    writeFileSync(join(outdir, `${out}.cjs`), `module.exports = require('./commonjs.cjs').${out};\n`);
}

/**
 * index.js: the package's main entry in one file. To hand a thousand constants from one file to the next takes longer than
 * all the rest of an import, also by `export *`. What the other entries share with it, such as the class SocketError, it puts
 * into the object of shared.js; the constants are numbers, and they have their own. Returns the modules, and what is shared.
 */
async function bundleIndex(outdir) {
  const entry = join(lib, 'index.js');
  const esm = { ...common, plugins: [constantsAtOnce(), nodeDirectly()], format: 'esm', outdir, absWorkingDir: root };
  const look = { ...esm, plugins: [], splitting: true, metafile: true, write: false };
  const { inputs } = (await build({ ...look, entryPoints: [entry] })).metafile;
  const modules = Object.keys(inputs).filter((file) => !CONSTANTS.test(file) && join(root, file) !== entry);
  const { outputs } = (await build({ ...look, entryPoints: modules })).metafile;
  const shared = new Map();
  for (const { entryPoint, exports } of Object.values(outputs))
    if (modules.includes(entryPoint)) for (const name of exports) shared.set(name, `./${entryPoint}`);
  const contents = [
    `export * from ${JSON.stringify(entry)};`,
    ...[...shared].map(([name, file]) => `import { ${name} } from ${JSON.stringify(file)};`),
    "import { shared } from './shared.js';",
    `Object.assign(shared, { ${[...shared.keys()].join(', ')} });`,
  ].join('\n');
  const stdin = { contents, resolveDir: root };
  await build({ ...esm, entryNames: 'index', stdin, external: ['./shared.js'] });
  writeFileSync(join(outdir, 'shared.js'), 'export const shared = {};\n');
  return { modules: new Set(modules.map((file) => join(root, file))), names: [...shared.keys()] };
}

/** node:fs and node:util without `import`, which reads each export of them: for one of them Node loads all its streams. */
function nodeDirectly() {
  return {
    name: 'node-directly',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:(fs|util)$/ }, ({ path }) => ({ path, namespace: 'node' }));
      onLoad({ filter: /./, namespace: 'node' }, async ({ path }) => {
        const names = Object.keys(await import(path)).filter((name) => name !== 'default');
        return { contents: namesOf(`process.getBuiltinModule(${JSON.stringify(path)})`, names) };
      });
    },
  };
}

/** A module that exports properties of an object; those that nobody imports are left out of a bundle. */
function namesOf(object, names) {
  const each = names.map((name) => `export const ${name} = /* @__PURE__ */ from("${name}");`);
  return [`const all = ${object}, from = (name) => all[name];`, ...each].join('\n');
}

/** The modules of index.js, for the other entries: what it has shared. */
function sharedWith({ modules, names }) {
  const contents = `import './index.js';\nimport { shared } from './shared.js';\n${namesOf('shared', names)}`;
  return {
    name: 'shared-with-index',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, namespace, resolveDir }) => {
        if (namespace === 'shared') return { path, external: true };
        return modules.has(join(resolveDir, path)) ? { path: 'index', namespace: 'shared' } : null;
      });
      onLoad({ filter: /./, namespace: 'shared' }, () => ({ contents }));
    },
  };
}

async function bundleCommands(outdir) {
  rmSync(outdir, { recursive: true, force: true });
  const options = {
    ...common,
    outdir,
    ...commonJs,
    metafile: true,
    minify: true,
    supported: { 'dynamic-import': false }, // require() starts sooner
  };
  const packages = ['commander', '@observablehq/plot', 'linkedom'].map((name) => ({ in: name, out: basename(name) }));
  const commands = commandModules();
  const results = await Promise.all([
    // Each command is a file of its own: to read what the others need takes longer than most of them take.
    ...commands.map((entry) =>
      build({ ...options, entryPoints: [entry], plugins: [namedConstants(), apart([...packages, ...commands])] }),
    ),
    build({ ...options, entryPoints: startedModules(), plugins: [namedConstants(), apart(packages)] }),
    build({ ...options, entryPoints: packages, plugins: [withoutExecutables()] }),
    bundleLabPage(outdir),
  ]);
  writeFileSync(
    join(outdir, 'LICENSES.txt'),
    licenses(results.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
  );
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
}

/** The lab's page: one script and one style sheet, for the browser. */
function bundleLabPage(outdir) {
  const source = join(root, 'lib', 'lab', 'page', 'browser');
  return build({
    bundle: true,
    platform: 'browser',
    target: 'es2023',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    metafile: true,
    logLevel: 'warning',
    legalComments: 'none',
    entryPoints: ['main.tsx', 'style.css'].map((name) => ({ in: join(source, name), out: 'lab-page' })),
    outdir,
  });
}

/** The licenses of the packages whose files are in the bundles. */
function licenses(inputs) {
  const names = inputs.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort().map(licenseOf).join('\n\n');
}

function licenseOf(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
  return `${name} ${version}: ${license}\n\n${file === undefined ? '' : readFileSync(join(folder, file), 'utf8')}`;
}

/** Modules that are started, not imported: `programFile('run-program')` is run-program.js of some folder. */
function startedModules() {
  const files = readdirSync(lib, { recursive: true }).filter((name) => name.endsWith('.js'));
  const started = files.flatMap((file) =>
    [...readFileSync(join(lib, file), 'utf8').matchAll(/programFile\('([\w-]+)'\)/g)].map(([, name]) => name),
  );
  return [...new Set(started)].map((name) => {
    const [file, another] = files.filter((one) => basename(one) === `${name}.js`);
    if (file === undefined || another !== undefined)
      throw new Error(`one module has to be ${name}.js: ${file}, ${another}`);
    return { in: join(lib, file), out: name };
  });
}

/** main.js, and what it and program.js load when it is asked for: the commands. */
function commandModules() {
  const folder = join(lib, 'cli');
  const loaded = ['main.js', 'program.js'].flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/import\('\.\/([\w-]+)\.js'\)/g)].map(([, found]) => found),
  );
  return ['main', ...new Set(loaded)].map((name) => ({ in: join(folder, `${name}.js`), out: name }));
}

/** Modules that are files of their own: `import('linkedom')` is `import('./linkedom.js')`. */
function apart(modules) {
  const paths = new Map(modules.map(({ in: name, out }) => [name, `./${out}.js`]));
  return {
    name: 'apart',
    setup({ onResolve }) {
      onResolve({ filter: /^[@a-z.]/ }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return null;
        const out = paths.get(path.startsWith('.') ? join(resolveDir, path) : path);
        return out === undefined ? null : { path: out, external: true };
      });
    },
  };
}

/** Of the constants those that are named: to ask the addon for one does nothing else. */
function namedConstants() {
  return editConstants('named-constants', (text) => text.replace(/ = (known\w*|perhaps)\(/g, ' = /* @__PURE__ */ $1('));
}

/** All constants of a header with one look into the addon's table: less to read than a call for each. */
function constantsAtOnce() {
  const each = /^export const (\w+) = (?:known\w*|perhaps)\('\1'\);$/gm;
  return editConstants('constants-at-once', (text) => {
    const names = [...text.matchAll(each)].map(([, name]) => name);
    if (names.length === 0) return text;
    const table = "import { native } from '../native.js';";
    return `${text.replace(each, '')}\n${table}\nexport const { ${names.join(', ')} } = native.constants;\n`;
  });
}

function editConstants(name, edit) {
  return {
    name,
    setup({ onLoad }) {
      onLoad({ filter: CONSTANTS }, ({ path }) => ({
        contents: edit(readFileSync(path, 'utf8')),
      }));
    },
  };
}

/** commander can start programs as commands of commands. We have none, and node:child_process takes a while to load. */
function withoutExecutables() {
  return {
    name: 'without-executables',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
        importer.includes('/commander/') ? { path: importer, namespace: 'nothing' } : null,
      );
      onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
    },
  };
}
