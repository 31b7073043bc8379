import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import ts from 'typescript-eslint';

// The layers of lib/, from the top to the bottom: a file imports from its own folder or from below.
const LAYERS = [
  ['lib/cli'],
  ['lib/examples', 'lib/reuse', 'lib/lab'],
  ['lib/doctor'],
  ['lib/restart'],
  ['lib/node'],
  ['lib/promises'],
  ['lib/index.ts'],
  ['lib/helpers'],
  ['lib/syscalls'],
  ['lib/control.ts'],
  ['lib/structs.ts', 'lib/structs'],
  ['lib/sockaddr.ts'],
  ['lib/sockaddr-linux.ts', 'lib/peers.ts'],
  ['lib/ip.ts', 'lib/byte-order.ts'],
  [
    'lib/errors.ts',
    'lib/signals.ts',
    'lib/validate.ts',
    'lib/constants.ts',
    'lib/constants',
    'lib/names.ts',
    'lib/bytes.ts',
    'lib/printable.ts',
    'lib/language.ts',
  ],
  ['lib/native.ts', 'lib/observer.ts', 'lib/root.ts', 'lib/layout.ts', 'lib/socket-address.ts'],
];
// Within the doctor: how it is told, what follows, what bind does, what is. Beside the folders stands what joins them.
const DOCTOR = ['words', 'diagnosis', 'rule', 'kernel'].map((folder) => [`lib/doctor/${folder}`]);
const inLayers = (layers) =>
  layers.flatMap((layer, depth) => layer.map((target) => ({ target, from: layers.slice(0, depth).flat() })));
const JOINING = 'lib/doctor/*.ts';
const zones = [...inLayers(LAYERS), ...inLayers(DOCTOR), ...DOCTOR.flat().map((target) => ({ target, from: JOINING }))];

/** What a test does that takes for done what time has passed over; also in a script that a test starts. */
const SLEEPS = [
  'NewExpression[callee.name="Promise"] CallExpression[callee.name="setTimeout"][arguments.0.type="Identifier"]',
  'TemplateElement[value.raw=/new Promise\\([^;]*?=>\\s*setTimeout\\(/]',
  'ImportDeclaration[source.value=/^(node:)?timers.promises$/] ImportSpecifier[imported.name="setTimeout"]',
  'CallExpression[callee.object.name="Atomics"][callee.property.name="wait"][arguments.length=4]',
].map((selector) => ({
  selector,
  message: 'No sleep: wait for the event, or with `until` of test/support/until.ts. To measure time, say so beside it.',
}));

export default ts.config(
  { ignores: ['dist/', 'build/', '.cmake/', 'coverage/', 'docs/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [ts.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: zones.filter(({ from }) => from.length > 0) }],
      'import-x/no-cycle': 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 45, skipComments: true, skipBlankLines: true }],
    },
  },
  { files: ['lib/**'], rules: { 'no-console': 'error' } },
  {
    files: ['lib/promises/socket.ts'], // one line of code for each method of the class, and all their docstrings
    rules: { 'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }] },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any() is any
    },
  },
  { files: ['test/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...SLEEPS] } },
  {
    files: ['test/types.ts'], // what does not compile has no type
    rules: { '@typescript-eslint/no-unsafe-call': 'off', '@typescript-eslint/no-unsafe-member-access': 'off' },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
);
