/**
 * Why can an address not be bound? Who has it, which flags would work now, when it is free, and what to do.
 *
 * @packageDocumentation
 */
export { explainBind } from './rule/bind-rule.js';
export type { BindExplanation, ExistingSocket, WantedBind } from './rule/relation.js';
export type { Advice, AdviceKind } from './diagnosis/advice.js';
export type { Diagnosis, Verdict } from './diagnosis/diagnosis.js';
export type { Binds, Flags, Holder, Manager, PathName } from './kernel/observation.js';
export type { ProcessName } from './kernel/process-facts.js';
export { explain, type ExplainOptions } from './explain.js';
export type { Endpoint, Protocol, TcpState } from './kernel/inet-diag.js';
export { say } from './words/say.js';
export type { Paint } from '../paint.js';
export type { Place, PlaceOptions, WordOptions } from './kernel/target.js';
export { free, rescue, type Freed, type FreeOptions, type FreeStep } from './free.js';
export { listPorts, type PortInUse, type PortsInUse } from './list.js';
export { waitUntilFree, type WaitOptions } from './wait-until-free.js';
export { why } from './why.js';
