/**
 * Why can an address not be bound? Who has it, which flags would work now, when it is free, and what to do.
 *
 * @packageDocumentation
 */
export { explainBind, type BindExplanation, type ExistingSocket, type Protocol, type WantedBind } from './bind-rule.js';
export type { Advice, Binds, Diagnosis, Flags, Holder, PathName, Verdict } from './diagnosis.js';
export { explain, type ExplainOptions } from './explain.js';
export type { Endpoint, TcpState } from './observe.js';
export { say, type Paint } from './say.js';
export type { Place, PlaceOptions } from './target.js';
export { waitUntilFree, type WaitOptions } from './wait-until-free.js';
export { why } from './why.js';
