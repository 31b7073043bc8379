/**
 * A restart that drops no connection: a process gives its listeners to the next. And groups of listeners on one port.
 *
 * @packageDocumentation
 */
export { drain, type DrainOptions } from './drain.js';
export { listenGroup, steeringFilter, type Group, type GroupOptions } from './group.js';
export {
  restartable,
  type Connection,
  type Given,
  type Restartable,
  type RestartOptions,
  type Service,
} from './restart.js';
