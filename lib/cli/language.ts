/** The language that a command answers in. */
import { Option } from 'commander';
import { LANGUAGES, languageOf } from '../language.js';

/** The option `--lang en|zh`; left out: what LC_ALL, LC_MESSAGES or LANG say. JSON is the same in each. */
export function languageOption(): Option {
  return new Option('--lang <language>', 'the language of the report: English or Chinese; LANG decides')
    .choices(LANGUAGES)
    .default(languageOf(process.env));
}
