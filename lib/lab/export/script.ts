/** A session as a script with the API of this library. Pure. */
import type { SessionCall } from '../session.js';
import { quoted, type Step } from '../steps.js';
import { GLIBC_WORDS } from '../../examples/perror.js';
import { inOrder } from './in-order.js';
import { labelOf, variablesOf, type Variable } from './variables.js';

/** The script, a module; it prints the same lines as the program in C. */
export function script(calls: readonly SessionCall[], port: number): string {
  const variables = variablesOf(calls);
  const lines = inOrder(calls).flatMap(({ call: { called }, hasReturned }) =>
    hasReturned ? linesOf(called.step, variables) : [`// ${labelOf(called.step)} never returned.`],
  );
  return [
    ...headOf(lines.join('\n'), port),
    ...variables.map((variable) => `let ${asVariable(variable)} = -1;`),
    '',
    ...lines,
    '',
  ].join('\n');
}

const asVariable = ({ actor, name }: Variable): string => `${actor}${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** What the script may need of the library. */
const NAMES = [
  'AF_INET',
  'SOCK_STREAM',
  'SOL_SOCKET',
  'SO_LINGER',
  'SO_REUSEADDR',
  'SO_REUSEPORT',
  'SHUT_RD',
  'SHUT_RDWR',
  'SHUT_WR',
  'accept',
  'bind',
  'close',
  'connect',
  'linger',
  'listen',
  'recv',
  'send',
  'setsockopt',
  'shutdown',
  'socket',
] as const;

function headOf(body: string, port: number): string[] {
  const used = NAMES.filter((name) => new RegExp(`(?<![\\w'.])${name}(?=[(,).;])`).test(body));
  return [
    '// What was done in `bsd-sockets lab`, by two processes there, one after the other.',
    '//',
    '//     npm install bsd-sockets && node lab.mjs [PORT]',
    ...(used.length === 0 ? [] : [`import { ${used.join(', ')} } from 'bsd-sockets';`]),
    "import { getSystemErrorMap } from 'node:util';",
    '',
    `const port = Number(process.argv[2] ?? ${String(port)});`,
    ...HELPERS,
    '',
  ];
}

const HELPERS = `const address = { family: 'IPv4', address: '127.0.0.1', port };

// Where the words of C are others than Node's.
const WORDS = ${JSON.stringify(GLIBC_WORDS, null, 2)
  .replace(/"(\w+)":/g, '$1:')
  .replaceAll('"', "'")};

// Prints what a call gave: ok, or what perror(3) would say.
function say(call, run, tell = () => 'ok') {
  try {
    const result = run();
    console.log(\`\${call}: \${tell(result)}\`);
    return result;
  } catch (error) {
    if (error.errno === undefined) throw error;
    const [code, words] = getSystemErrorMap().get(error.errno) ?? [error.code, error.message];
    console.log(\`\${call}: \${WORDS[code] ?? words.charAt(0).toUpperCase() + words.slice(1)}\`);
    return -1;
  }
}

// The same of a call that gives a number of bytes, and of recv what they are.
function sayBytes(call, run, buffer) {
  const text = (size) => (buffer === undefined || size === 0 ? '' : \`: \${buffer.toString('utf8', 0, size)}\`);
  say(call, run, (size) => \`\${size} bytes\${text(size)}\`);
}
`.split('\n');

function linesOf(step: Step, variables: readonly Variable[]): string[] {
  const label = `'${labelOf(step)}'`;
  const of = (name: string): string => asVariable({ actor: step.actor, name });
  if (step.call === 'restart') return restartLines(step, variables);
  const fd = of(step.on);
  switch (step.call) {
    case 'socket':
      return [`${fd} = say(${label}, () => socket(AF_INET, SOCK_STREAM));`];
    case 'setsockopt':
      return [`say(${label}, () => setsockopt(${fd}, SOL_SOCKET, ${step.option}, ${optionValue(step)}));`];
    case 'bind':
    case 'connect':
      return [`say(${label}, () => ${step.call}(${fd}, address));`];
    case 'listen':
      return [`say(${label}, () => listen(${fd}, ${String(step.backlog)}));`];
    case 'accept':
      return [`${of(step.as)} = say(${label}, () => accept(${fd}).fd);`];
    case 'send':
      return [`sayBytes(${label}, () => send(${fd}, Buffer.from(${quoted(step.text)})));`];
    case 'recv':
      return [
        '{',
        `  const buffer = Buffer.alloc(${String(step.size)});`,
        `  sayBytes(${label}, () => recv(${fd}, buffer), buffer);`,
        '}',
      ];
    case 'shutdown':
      return [`say(${label}, () => shutdown(${fd}, ${step.how}));`];
    case 'close':
      return [`say(${label}, () => close(${fd}));`, `${fd} = -1;`];
  }
}

function optionValue({ option, value }: Extract<Step, { call: 'setsockopt' }>): string {
  return option === 'SO_LINGER' ? `linger.encode({ onoff: ${String(value === 1)}, linger: 0 })` : String(value);
}

/** The end of a process closes what it has open. */
function restartLines(step: Step, variables: readonly Variable[]): string[] {
  const own = variables.filter(({ actor }) => actor === step.actor).map(asVariable);
  return [
    ...own.flatMap((name) => [`if (${name} >= 0) close(${name});`, `${name} = -1;`]),
    `say('${labelOf(step)}', () => 0);`,
  ];
}
