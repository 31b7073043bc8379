/** Begins here: what the page is to show stands in the document. */
import { render } from 'preact';
import type { PageStart } from '../../protocol.js';
import { Lab } from './lab.js';

const place = document.getElementById('lab');
const start = document.getElementById('start');
if (place !== null && start !== null) render(<Lab start={JSON.parse(start.textContent) as PageStart} />, place);
